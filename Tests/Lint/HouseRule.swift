import Testing

/// A rule of this project that no formatter knows. `sample` breaks it, so that the rule itself is tested.
struct HouseRule: Sendable, CustomTestStringConvertible {
    let name: String
    let why: String
    let sample: String
    let lawful: String
    /// A folder where the rule does not hold.
    let exempt: String?
    /// Whether it holds in tests too.
    let holdsInTests: Bool
    private let search: @Sendable (CodeText) -> [Int]

    var testDescription: String { name }

    init(
        _ name: String, why: String, sample: String, lawful: String, exempt: String? = nil,
        holdsInTests: Bool = false, search: @escaping @Sendable (CodeText) -> [Int]
    ) {
        self.name = name
        self.why = why
        self.sample = sample
        self.lawful = lawful
        self.exempt = exempt
        self.holdsInTests = holdsInTests
        self.search = search
    }

    /// Lines, 1-based, that break the rule.
    func violations(in code: CodeText) -> [Int] { search(code) }

    static let all: [HouseRule] = [
        HouseRule(
            "a task says where it runs", why: "without executorPreference it leaves its event loop",
            sample: "Task { await work() }", lawful: "Task(executorPreference: loop) { await work() }",
            holdsInTests: true,
            search: { code in
                code.lines(matching: /\bTask(?:\.detached|\.immediate)?(?:\s*\((?!executorPreference)[^)]*\))?\s*\{/)
            }),
        HouseRule(
            "nothing sleeps", why: "time comes from an injected clock, waiting from a timer or a condition",
            sample: "try await Task.sleep(for: .seconds(1)); usleep(5)",
            lawful: "lane.sleep(until: opening)\n    case sleep(Int)", holdsInTests: true,
            search: { code in
                // A case of that name is no call.
                code.lines(matching: /\b(?:Task|Thread)\.sleep\b/)
                    + code.lines(matching: /(?m)^(?!\s*case sleep\()(?:.*[^.\w\n])?(?:u|nano)?sleep\s*\(/)
            }),
        HouseRule(
            "nothing traps on purpose", why: "errors are values; bad input never ends the process",
            sample: "let x = try! read() as! Int; fatalError()", lawful: "let x = try? read() as? Int",
            search: { code in
                code.lines(matching: /\btry!/) + code.lines(matching: /\bas!/)
                    + code.lines(matching: /\b(?:fatalError|preconditionFailure|assertionFailure)\s*\(/)
            }),
        HouseRule(
            "nothing but a command prints", why: "standard output belongs to the commands, everything else is logged",
            sample: "print(answer)", lawful: "printer.print(answer)", exempt: "Sources/GatewayCommand/",
            search: { code in
                code.lines(matching: /(?m)(?:^|[^.\w`])(?:debugPrint|print|dump|NSLog)\s*\(/)
            }),
    ]
}
