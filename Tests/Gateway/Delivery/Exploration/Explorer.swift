import Gateway

/// Visits every world that can be reached within a scenario's bounds, nearest first, and checks each.
struct Explorer {
    /// What was visited.
    struct Summary {
        var states = 0
        var transitions = 0
        var depth = 0
        var isComplete = true
        /// The longest time of a delivery, where a bound speaks of it.
        var longest: Duration?
        /// The shortest path to what is wrong.
        var violation: String?
    }

    let scenario: Scenario
    private var times = LongestPath()
    /// More states than this are not visited, and the exploration is not complete.
    var limit = 3_000_000
    private let invariants: Invariants
    private var seen: [Int: Int32] = [:]
    private var parents: [Int32] = []
    private var moves: [Move] = []
    private var summary = Summary()

    init(_ scenario: Scenario) {
        self.scenario = scenario
        invariants = Invariants(scenario: scenario)
    }

    mutating func run() -> Summary {
        let first = World(scenario)
        seen[first.hashValue] = 0
        add(parent: -1, .accept)
        var frontier = [(world: first, node: 0)]
        while !frontier.isEmpty, summary.violation == nil, summary.isComplete {
            var next: [(world: World, node: Int)] = []
            for entry in frontier where summary.violation == nil { expand(entry.world, entry.node, &next) }
            summary.depth += 1
            frontier = next
        }
        checkTimes()
        return summary
    }

    /// No way through the worlds takes longer than `check` says (I9).
    private mutating func checkTimes() {
        guard summary.violation == nil, summary.isComplete, let bound = scenario.timeBound else { return }
        guard let (span, way) = times.longest(of: summary.states) else {
            return fail("time goes round in a circle", 0, nil)
        }
        summary.longest = .milliseconds(span)
        guard .milliseconds(span) > bound else { return }
        summary.violation =
            "\(scenario.name): \(span / 1_000) s, but the bound is \(bound)\n  "
            + told(way).joined(separator: "\n  ")
    }

    /// The moves of a way through the worlds, each with its time.
    private func told(_ way: [Int]) -> [String] {
        guard let start = way.first else { return [] }
        var world = World(scenario)
        var lines: [String] = []
        for move in moves(to: start) {
            _ = world.make(move, scenario)
            lines.append("(before) \(move)")
        }
        for node in way.dropFirst() {
            for move in world.moves(scenario) {
                var after = world
                _ = after.make(move, scenario)
                guard seen[after.hashValue] == Int32(node), let span = world.span(of: move) else { continue }
                lines.append("\(span / 1_000) s: \(move)")
                world = after
                break
            }
        }
        return lines
    }

    private mutating func add(parent: Int, _ move: Move) {
        parents.append(Int32(parent))
        moves.append(move)
        summary.states += 1
    }

    private mutating func expand(_ world: World, _ node: Int, _ next: inout [(world: World, node: Int)]) {
        if let wrong = probes(world) { return fail(wrong, node, nil) }
        for move in world.moves(scenario) {
            var after = world
            let transition = after.make(move, scenario)
            summary.transitions += 1
            if let transition, let wrong = invariants.violation(of: transition, in: after) {
                return fail(wrong, node, move)
            }
            let span = world.span(of: move)
            let key = after.hashValue
            if let known = seen[key] {
                times.add(from: node, to: Int(known), span)
                continue
            }
            if let wrong = invariants.violation(in: after) { return fail(wrong, node, move) }
            guard summary.states < limit else {
                summary.isComplete = false
                return
            }
            seen[key] = Int32(summary.states)
            times.add(from: node, to: summary.states, span)
            add(parent: node, move)
            next.append((after, summary.states - 1))
        }
    }

    // MARK: probes

    /// Events that must change nothing, and timers that must not go round in a circle.
    private func probes(_ world: World) -> String? {
        // Not yet accepted.
        if world.state.phase == .scheduled, world.state.armed == nil { return nil }
        return staleTimer(world) ?? earlyTimer(world) ?? repeatedReports(world) ?? timersOnly(world) ?? sameAgain(world)
            ?? quarantined(world)
    }

    private func decided(
        _ world: World, _ event: DeliveryEvent, at now: Timestamp
    ) -> (DeliveryState, [DeliveryCommand]) {
        var state = world.state
        let facts = WorldFacts(world: world, scenario: scenario, now: now)
        let commands = decide(&state, event, plan: scenario.plan, facts: facts, now: now)
        return (state, commands)
    }

    private func staleTimer(_ world: World) -> String? {
        let (state, commands) = decided(world, .timer(generation: 0), at: World.now + World.horizon)
        return state == world.state && commands == [.note(.staleTimer)] ? nil : "a stale timer changed the state"
    }

    private func earlyTimer(_ world: World) -> String? {
        guard let armed = world.state.armed, armed.due > World.now + .milliseconds(1) else { return nil }
        let early = armed.due + .milliseconds(-1)
        let (state, _) = decided(world, .timer(generation: armed.generation), at: early)
        let isArmed = state.armed?.due == armed.due && state.armed?.generation != armed.generation
        return state.steps == world.state.steps && isArmed ? nil : "a timer that came early changed the state"
    }

    private func repeatedReports(_ world: World) -> String? {
        for (ordinal, attempt) in world.state.attempts.enumerated() where attempt.seen != 0 {
            for rumour in scenario.rumours[Int(attempt.step)] {
                guard let mark = rumour.report.mark, attempt.seen & 1 << UInt64(mark) != 0 else { continue }
                let (state, commands) = decided(world, .report(attempt: ordinal, rumour.report), at: World.now)
                guard state == world.state, commands == [.note(.duplicateReport)] else {
                    return "a repeated report '\(rumour.name)' changed the state"
                }
            }
        }
        return nil
    }

    /// Timers that are due at the same moment come to rest (I10; that no way through the worlds is a circle in which time
    /// passes is `checkTimes`, and that deliveries end is `RandomStories`).
    private func timersOnly(_ world: World) -> String? {
        var state = world.state
        for _ in 0..<12 {
            guard let armed = state.armed, armed.due <= World.now else { return nil }
            let facts = WorldFacts(world: world, scenario: scenario, now: World.now)
            _ = decide(
                &state, .timer(generation: armed.generation), plan: scenario.plan, facts: facts, now: World.now)
        }
        return "timers go round in a circle"
    }

    /// The same event gives the same commands (I7).
    private func sameAgain(_ world: World) -> String? {
        let first = decided(world, .restarted, at: World.now)
        let second = decided(world, .restarted, at: World.now)
        return first.0 == second.0 && first.1 == second.1 ? nil : "the same event gave other commands"
    }

    /// What the process died at twice can be barred in every world: the delivery is held, has a wake-up, and ends.
    private func quarantined(_ world: World) -> String? {
        var held = world
        held.lane = nil
        held.delegates = 0
        let commands = held.state.quarantine(7, now: World.now)
        if world.state.phase.isTerminal {
            held.state.quarantined = []
            return held.state == world.state && commands.isEmpty ? nil : "a quarantine changed what had ended"
        }
        if let wrong = invariants.shape(held) ?? invariants.wakeUp(held) { return "quarantined: " + wrong }
        var (state, _) = decided(held, .restarted, at: World.now)
        if state.steps[state.current].status != .held(.crashedTwice) { return "a restart ended the quarantine" }
        held.state = state
        (state, _) = decided(held, .timer(generation: state.generation), at: state.expiresAt)
        if state.phase != .expired { return "a quarantined delivery does not expire" }
        _ = held.state.quarantine(7, now: held.state.expiresAt)
        return held.state.phase == .expired ? nil : "a quarantined delivery that is due does not end"
    }

    // MARK: the path

    private mutating func fail(_ wrong: String, _ node: Int, _ move: Move?) {
        let path = (moves(to: node) + (move.map { [$0] } ?? [])).map(\.description)
        summary.violation = "\(scenario.name): \(wrong)\n  " + path.joined(separator: "\n  ")
    }

    private func moves(to node: Int) -> [Move] {
        var path: [Move] = []
        var at = node
        while at > 0 {
            path.append(moves[at])
            at = Int(parents[at])
        }
        return path.reversed()
    }
}
