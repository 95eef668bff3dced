/// The faults in force, and how often each may still happen.
final class FaultPlan {
    /// What the faults do to one request.
    struct Verdict {
        /// Replaces the answer.
        var failure: FaultRule?
        /// Added to the latency, in milliseconds.
        var delay: Int64 = 0
        /// Whether the connection is closed after the answer.
        var closesConnection = false
    }

    private var rules: [(rule: FaultRule, left: Int?)] = []
    private let kernel: Kernel

    init(kernel: Kernel) {
        self.kernel = kernel
    }

    /// Replaces all faults.
    func replace(_ faults: [FaultRule]) {
        rules = faults.map { ($0, $0.times) }
    }

    /// The number of faults that can still happen.
    var count: Int { rules.count { $0.left != 0 } }

    /// Decides over one request; uses up chance and counts.
    func judge(method: String, path: String) -> Verdict {
        var verdict = Verdict()
        for index in rules.indices {
            let rule = rules[index].rule
            guard matches(rule, method: method, path: path) else { continue }
            switch rule.kind {
            case .status, .cut:
                if verdict.failure == nil, happens(index) { verdict.failure = rule }
            case .latency:
                if happens(index) { verdict.delay += kernel.number(in: rule.latency) }
            case .idleClose:
                if happens(index) { verdict.closesConnection = true }
            case .callback, .listLag:
                continue
            }
        }
        return verdict
    }

    /// How long lists below this path lag behind, in milliseconds.
    func lag(path: String) -> Int64 {
        for index in rules.indices where rules[index].rule.kind == .listLag {
            if matches(rules[index].rule, method: "GET", path: path), happens(index) { return rules[index].rule.lag }
        }
        return 0
    }

    /// What happens to one callback of a resource (`Messages`, `Calls`, `Rooms`); nil: nothing.
    func callback(_ resource: String) -> FaultRule.CallbackFault? {
        for index in rules.indices where rules[index].rule.kind == .callback && rules[index].rule.callback != .early {
            if matches(rules[index].rule, method: nil, path: resource), happens(index) {
                return rules[index].rule.callback
            }
        }
        return nil
    }

    /// Whether callbacks about what is being created leave before the answer to the create.
    func isEarly(_ resource: String) -> Bool {
        for index in rules.indices where rules[index].rule.kind == .callback && rules[index].rule.callback == .early {
            if matches(rules[index].rule, method: nil, path: resource), happens(index) { return true }
        }
        return false
    }

    private func matches(_ rule: FaultRule, method: String?, path: String) -> Bool {
        if let wanted = rule.method, let method, wanted != method { return false }
        return rule.path.isEmpty || path.contains(rule.path)
    }

    private func happens(_ index: Int) -> Bool {
        if rules[index].left == 0 || !kernel.chance(rules[index].rule.probability) { return false }
        rules[index].left = rules[index].left.map { $0 - 1 }
        return true
    }
}
