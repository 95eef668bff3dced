import Gateway
import JSON
import Synchronization

/// What became of a world with a bad disk.
struct DiskReport: CustomStringConvertible {
    /// What must not have happened, in words.
    private(set) var violations: [String] = []
    private(set) var deliveries = 0
    private(set) var calls = 0
    private(set) var texts = 0
    /// Requests of which nobody knew at first whether the provider had processed them.
    private(set) var ambiguous = 0
    /// Texts that arrived more than once, by the reason.
    private(set) var duplicates: [String: Int] = [:]
    private let turns: Int
    let starts: Int
    /// Commits of all processes that returned.
    let commits: Int
    private let landed: Int
    private let failed: Int
    let changes: Int
    private let troubles: [DiskWorld.Trouble: Int]

    init(_ world: DiskWorld) throws {
        turns = world.gateway.turns
        starts = world.disk.starts
        landed = world.disk.landed
        commits = world.disk.model.commits
        failed = world.disk.disk.failed
        changes = world.disk.disk.changes
        troubles = world.troubles
        violations += world.disk.violations
        violations += world.lost.map { "accepted and lost: \($0.digits)" }
        violations += world.gateway.fatal.map { "fatal: \($0)" }
        if world.isDamaged { violations.append("the store is damaged") }
        let audit = world.gateway.violations()
        if !audit.isEmpty { violations.append("\(audit.count) deliveries that nothing wakes") }
        if world.gateway.core?.gauges.open != 0 { violations.append("deliveries are open for ever") }
        for index in world.candidates.indices { try look(index, world) }
        try countCalls(world)
    }

    /// One message, and however often it was handed in one delivery, which ended.
    private mutating func look(_ index: Int, _ world: DiskWorld) throws {
        let there = try world.accepted(index)
        deliveries += there.count
        if there.count != 1 { violations.append("message \(index) was accepted \(there.count) times") }
        if !world.promised.contains(index) { violations.append("message \(index) was never accepted") }
        for id in there {
            // A disk that forgets may leave the key of a delivery and not its state.
            guard try world.gateway.records.state(of: id) != nil else {
                violations.append("message \(index) has no state")
                continue
            }
            ambiguous += try world.gateway.notes(id).count { if case .ambiguous = $0 { true } else { false } }
            guard try !world.gateway.phase(id).isTerminal else { continue }
            violations.append("message \(index) is open for ever\n\(world.gateway.told(id))")
        }
    }

    private mutating func countCalls(_ world: DiskWorld) throws {
        var placed: [String: Int] = [:]
        let calls = try world.gateway.sent("Calls", "calls")
        for call in calls { placed[call["to"]?.string ?? "", default: 0] += 1 }
        self.calls = calls.count
        // Two messages share some numbers: each may call once.
        let allowed = world.numbers.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        for (number, count) in placed.sorted(by: { $0.key < $1.key }) where count > allowed[number, default: 0] {
            violations.append("\(number) was called \(count) times")
        }
        try countTexts(world)
    }

    /// A text that arrived twice has its reason in the delivery's timeline.
    private mutating func countTexts(_ world: DiskWorld) throws {
        let items = Dictionary(uniqueKeysWithValues: world.candidates.indices.map { (DiskWorld.item($0), $0) })
        var arrived: [String: (index: Int, count: Int)] = [:]
        for text in try world.gateway.sent("Messages", "messages") {
            guard let index = items[String((text["body"]?.string ?? "").prefix { $0 != ":" })] else { continue }
            texts += 1
            let isWhatsApp = text["to"]?.string?.hasPrefix("whatsapp:") == true
            arrived["\(index) \(isWhatsApp ? "whatsapp" : "sms")", default: (index, 0)].count += 1
        }
        for (name, (index, count)) in arrived.sorted(by: { $0.key < $1.key }) where count > 1 {
            let notes = try world.accepted(index).flatMap { try world.gateway.notes($0) }
            if notes.contains(where: { if case .possibleDuplicate = $0 { true } else { false } }) {
                duplicates["sent again after two empty look-ups", default: 0] += count - 1
            } else {
                let told = try world.accepted(index).map { "\(world.gateway.told($0))" }
                let all = ["text \(name) arrived \(count) times without a reason"] + told
                violations.append(all.joined(separator: "\n"))
            }
        }
    }

    var description: String {
        let kinds = DiskWorld.Trouble.allCases.compactMap { kind in troubles[kind].map { "\(kind) \($0)" } }
        let reasons = duplicates.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "\(deliveries) deliveries, \(turns) turns, \(texts) texts, \(calls) calls, \(ambiguous) ambiguous, "
            + "\(starts) starts, \(changes) changes of the disk, \(failed) failures of it, \(landed) doubtful commits that landed, "
            + "violations \(violations.count), duplicates "
            + (reasons.isEmpty ? "0" : reasons.joined(separator: ", ")) + "; " + kinds.joined(separator: ", ")
    }
}

/// What became of all worlds of this run.
struct DiskTotals {
    static let all = Mutex(DiskTotals())

    private var worlds = 0
    private var deliveries = 0
    private var starts = 0
    private var violations = 0
    private var duplicates: [String: Int] = [:]

    /// Counts a world, and prints its line and the sums so far.
    mutating func add(_ report: DiskReport, _ line: String) {
        worlds += 1
        deliveries += report.deliveries
        starts += report.starts
        violations += report.violations.count
        duplicates.merge(report.duplicates, uniquingKeysWith: +)
        let reasons = duplicates.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print(line)
        print(
            "disk total: \(worlds) worlds, \(deliveries) deliveries, \(starts) starts, violations \(violations), "
                + "duplicates \(reasons.isEmpty ? "0" : reasons)")
    }
}
