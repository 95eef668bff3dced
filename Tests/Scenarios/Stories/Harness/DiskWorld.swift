import Gateway
import JSON
import Server
import SimulatedDisk
import Testing

/// The busy hour of `RandomWorld` with the production store on a bad disk: kills and losses of power at every moment of
/// a turn and in the middle of writing, a disk that is full, read-only, or fails. All of it from one seed.
///
/// Whoever hands in a message does so with a key of its own, again and again until it is accepted.
final class DiskWorld {
    let disk: StoryDisk
    let gateway: VirtualGateway
    private let count: Int
    private let story: StoryConfiguration
    /// What goes wrong.
    enum Trouble: Int, CaseIterable {
        case kill, powerLoss, dieInTurn, stopInChange, failingWrite, failingSync, failingRead, failingTruncation
        case full, readOnly, orderlyStop, reload, clock
    }
    private(set) var troubles: [Trouble: Int] = [:]
    /// Of each message the identifiers under which it was handed in: one of them is the accepted one.
    private(set) var candidates: [[RecordID]]
    /// The ticket of the running try.
    private var tickets: [Int?]
    private(set) var numbers: [String]
    /// Messages that the gateway accepted, in the order in which it said so.
    private(set) var promised: Set<Int> = []
    private(set) var promises: [RecordID] = []
    private var isOver = false
    /// The store was damaged so that no process can start any more.
    private(set) var isDamaged = false
    /// Accepted messages that a later start did not find.
    private(set) var lost: [RecordID] = []

    init(seed: UInt64, count: Int) throws {
        var story = StoryConfiguration(RandomWorld.policies)
        story.idleLimit = [0, 3, 20_000][Int(seed % 3)]
        story.phones = RandomWorld.phones
        story.faults = RandomWorld.faults
        story.smsRate = "20/s"
        self.story = story
        self.count = count
        candidates = Array(repeating: [], count: count)
        tickets = Array(repeating: nil, count: count)
        numbers = Array(repeating: "", count: count)
        disk = try StoryDisk(seed: seed)
        gateway = try VirtualGateway(story, seed: seed, disk: disk)
        gateway.gathering = 0...3
    }

    /// How the process comes to its ends.
    enum Plan {
        /// Troubles of all kinds for ten minutes, one every eleven seconds or so.
        case troubles
        /// Once, in the middle of a change of the disk, counted from the beginning.
        case stop(atChange: Int)
        /// Once, at a moment of a turn, counted from the beginning.
        case die(VirtualGateway.Death, inTurn: Int)
        case peace
    }

    /// Twenty minutes of messages, then peace until every delivery must have ended, and one more start.
    /// - Parameter end: how the process ends, where the plan has one end.
    func run(_ plan: Plan, _ end: SimulatedDisk.End = .powerLost) throws {
        switch plan {
        case .troubles: planTrouble(until: 600_000, pause: 20_000)
        case .stop(let change): disk.disk.stop(atChange: change)
        case .die(let moment, let turn): gateway.crash(moment, inTurn: turn)
        case .peace: break
        }
        if case .troubles = plan {} else { startWheneverItDied(until: 1_800_000) }
        disk.end = end
        for index in 0..<count {
            gateway.run(for: .milliseconds(gateway.number(in: 0...1_200_000 / Int64(count))))
            try handIn(index)
        }
        gateway.run(for: .seconds(600))
        isOver = true
        gateway.setClock(ahead: .zero)
        try restart(.powerLost)
        gateway.run(for: .seconds(5 * 3_600))
        try restart(.killed)
        gateway.run(for: .seconds(1))
    }

    private func restart(_ end: SimulatedDisk.End) throws {
        disk.end = end
        gateway.crash()
        disk.disk.heal()
        try gateway.restart()
        lookForPromises()
    }

    // MARK: who hands in messages

    private func handIn(_ index: Int) throws {
        gateway.plan(after: .milliseconds(2_000)) { [unowned self] _ in look(index) }
        guard gateway.core != nil else { return }
        let group = index % 6
        // Two messages share a number where nobody is called.
        let person = group < 2 ? index / 12 * 12 + group : index
        numbers[index] = "+417911\(group)\(String(10_000 + person).dropFirst())"
        do {
            let accepted = try gateway.accept([
                "to": .string(numbers[index]), "template": "alert",
                "variables": ["item": .string(Self.item(index))],
                "policy": index % 3 == 0 ? "first" : "second", "priority": index % 5 == 0 ? "critical" : "normal",
            ]) { $0.idempotency = IdempotencyKey(key: "default:\(index)", fingerprint: "same") }
            tickets[index] = accepted.ticket
            candidates[index] += accepted.deliveries
        } catch let problem as Problem {
            // What the API answers while its contacts cannot be read.
            guard problem.status == 503 else { throw problem }
        }
    }

    /// Whether it was accepted; else it is handed in again.
    private func look(_ index: Int) {
        do {
            switch tickets[index].flatMap({ gateway.answers[$0] }) {
            case .accepted, .replayed:
                guard promised.insert(index).inserted else { return }
                promises += try candidates[index].filter { try disk.model.delivery($0) != nil }
                // Somebody who missed the answer.
                if gateway.number(in: 0...3) == 0 { try handIn(index) }
            default: try handIn(index)
            }
        } catch {
            Issue.record("message \(index): \(error)")
        }
    }

    /// The identifiers of a message under which it is in the store; one, if all is well.
    func accepted(_ index: Int) throws -> [RecordID] {
        try candidates[index].filter { try gateway.records.delivery($0) != nil }
    }

    static func item(_ index: Int) -> String { "Pump \(index)" }

    private func lookForPromises() {
        lost += promises.filter { (try? gateway.records.state(of: $0)).flatMap { $0 } == nil }
    }

    // MARK: what goes wrong

    private func planTrouble(until end: Int64, pause longest: Int64) {
        var at: Int64 = 1_000
        while at < end {
            at += gateway.number(in: longest / 10...longest)
            let kind = Trouble.allCases[Int(gateway.number(in: 0...Int64(Trouble.allCases.count - 1)))]
            let pause = gateway.number(in: 100...8_000)
            gateway.plan(after: .milliseconds(at)) { [unowned self] _ in begin(kind) }
            gateway.plan(after: .milliseconds(at + pause)) { [unowned self] _ in endTrouble() }
        }
    }

    private func begin(_ kind: Trouble) {
        guard gateway.core != nil, !isOver else { return }
        troubles[kind, default: 0] += 1
        switch kind {
        case .kill: gateway.crash()
        case .powerLoss:
            disk.end = .powerLost
            gateway.crash()
        case .dieInTurn:
            disk.end = SimulatedDisk.End.allCases[Int(gateway.number(in: 0...1))]
            gateway.crash(VirtualGateway.Death.allCases[Int(gateway.number(in: 0...2))])
        case .stopInChange:
            disk.end = SimulatedDisk.End.allCases[Int(gateway.number(in: 0...1))]
            disk.disk.stop(atChange: Int(gateway.number(in: 1...60)))
        case .failingWrite: disk.disk.fail(.write, at: Int(gateway.number(in: 1...30)))
        case .failingSync: disk.disk.fail(.sync, at: Int(gateway.number(in: 1...6)))
        case .failingRead: disk.disk.fail(.read, at: Int(gateway.number(in: 1...30)), repeats: true)
        case .failingTruncation: disk.disk.fail(.truncate)
        case .full: disk.disk.leave(Int(gateway.number(in: 0...20_000)))
        case .readOnly: disk.disk.isReadOnly = true
        case .orderlyStop:
            disk.end = .powerLost
            disk.endProcess(inOrder: true)
            gateway.crash()
        case .reload:
            var other = story
            let isOther = gateway.number(in: 0...1) == 0
            other.smsRate = isOther ? "30/s" : story.smsRate
            other.policies = story.policies.replacing(
                "deliver_within: 2m", with: isOther ? "deliver_within: 3m" : "deliver_within: 2m")
            do { try gateway.reload(other) } catch { Issue.record("the configuration cannot be read: \(error)") }
        case .clock: gateway.setClock(ahead: .milliseconds(gateway.number(in: -3_600_000...3_600_000)))
        }
    }

    private func startWheneverItDied(until end: Int64) {
        for at in stride(from: Int64(1_000), to: end, by: 1_000) {
            gateway.plan(after: .milliseconds(at)) { [unowned self] _ in start() }
        }
    }

    private func endTrouble() {
        disk.disk.heal()
        if gateway.clock.shift != .zero { gateway.setClock(ahead: .zero) }
        start()
        guard gateway.core == nil, !isDamaged else { return }
        gateway.plan(after: .milliseconds(500)) { [unowned self] _ in endTrouble() }
    }

    /// Starts the process if none runs.
    private func start() {
        guard gateway.core == nil, !isDamaged else { return }
        do {
            try gateway.restart()
            if gateway.core != nil { lookForPromises() }
        } catch {
            // The disk came to a halt, or fails at what a start reads: the next try comes soon.
            gateway.crash()
            isDamaged = (error as? StoreError)?.kind == .corrupt
        }
    }
}
