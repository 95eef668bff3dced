import Gateway

/// Visits every world that can be reached within a scenario's bounds, nearest first, and checks each.
struct Explorer {
    /// What was visited.
    struct Summary {
        var states = 0
        var transitions = 0
        var depth = 0
        var isComplete = true
        /// The shortest path to what is wrong.
        var violation: String?
    }

    let scenario: Scenario
    /// More states than this are not visited, and the exploration is not complete.
    var limit = 3_000_000
    private let invariants: Invariants
    private var seen: Set<Int> = []
    private var parents: [Int32] = []
    private var moves: [Move] = []
    private var summary = Summary()

    init(_ scenario: Scenario) {
        self.scenario = scenario
        invariants = Invariants(scenario: scenario)
    }

    mutating func run() -> Summary {
        let first = World(scenario)
        seen.insert(first.hashValue)
        add(parent: -1, .accept)
        var frontier = [(world: first, node: 0)]
        while !frontier.isEmpty, summary.violation == nil, summary.isComplete {
            var next: [(world: World, node: Int)] = []
            for entry in frontier where summary.violation == nil { expand(entry.world, entry.node, &next) }
            summary.depth += 1
            frontier = next
        }
        return summary
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
            guard seen.insert(after.hashValue).inserted else { continue }
            if let wrong = invariants.violation(in: after) { return fail(wrong, node, move) }
            guard summary.states < limit else {
                summary.isComplete = false
                return
            }
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

    /// Timers that are due at the same moment come to rest (I10).
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

    // MARK: the path

    private mutating func fail(_ wrong: String, _ node: Int, _ move: Move?) {
        var path: [String] = move.map { [$0.description] } ?? []
        var at = node
        while at > 0 {
            path.append(moves[at].description)
            at = Int(parents[at])
        }
        summary.violation = "\(scenario.name): \(wrong)\n  " + path.reversed().joined(separator: "\n  ")
    }
}
