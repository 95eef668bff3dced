import Gateway

/// What `decide` did in one move.
struct Transition {
    var before: World
    var move: Move
    var event: DeliveryEvent
    var now: Timestamp
    var commands: [DeliveryCommand] = []
    /// Before times are shifted.
    var after: DeliveryState
}

extension World {
    /// The world after a move, and what happened in it; `nil` for a move in which only time passes.
    mutating func make(_ move: Move, _ scenario: Scenario) -> Transition? {
        let before = self
        var now = Self.now
        prepare(move, scenario, &now)
        guard let event = event(of: move, before, scenario) else {
            rebase(from: now, plan: scenario.plan)
            return nil
        }
        var transition = Transition(before: before, move: move, event: event, now: now, after: state)
        let facts = WorldFacts(world: self, scenario: scenario, now: now)
        transition.commands = decide(&state, event, plan: scenario.plan, facts: facts, now: now)
        transition.after = state
        for command in transition.commands { carryOut(command, scenario.plan) }
        // The request is another delivery's.
        if move == .join, state.attempts.count > before.state.attempts.count { flights.append(Flight()) }
        rebase(from: now, plan: scenario.plan)
        return transition
    }

    // MARK: what the move does to the world

    private mutating func prepare(_ move: Move, _ scenario: Scenario, _ now: inout Timestamp) {
        switch move {
        case .grant, .join: lane = nil
        case .grantTooLate:
            lane = nil
            state.expiresAt = now
        case .answer(let attempt): settle(attempt, exists: true)
        case .refuse(let attempt, _):
            budget.spend(\.refusals)
            settle(attempt, exists: false)
        case .breakOff(let attempt, let created):
            budget.spend(\.breaks)
            settle(attempt, exists: created)
        case .report(let attempt, let index):
            budget.reports -= 1
            flights[attempt].exists = true
            flights[attempt].told |= 1 << UInt8(index)
        case .canceled: budget.reports -= 1
        case .found, .absent: lookUp = nil
        case .silence:
            budget.spend(\.silences)
            lookUp = nil
        case .pollSame, .pollSilence: poll = nil
        case .pollNews(let index):
            budget.reports -= 1
            if let poll { flights[poll].told |= 1 << UInt8(index) }
            poll = nil
        case .timer: passTime(to: state.armed?.due, &now)
        case .pause:
            budget.spend(\.pauses)
            now = (state.armed?.due ?? now) + .milliseconds(-1)
        case .expire: endNow(now)
        case .acknowledge, .reply, .reject, .cancel, .ask, .dismiss: budget.people -= 1
        case .approve:
            budget.people -= 1
            if state.awaitsApproval { approvals += 1 }
        case .optOut(let all):
            budget.people -= 1
            if !all { stop(scenario) }
        case .circuit(let place):
            budget.spend(\.changes)
            down ^= 1 << UInt8(place)
        case .sleep(let step):
            budget.spend(\.changes)
            asleep ^= 1 << UInt8(step)
        case .crash(let created, let outage): crash(created, outage, &now)
        case .delegated(let step, let result): if result != .satisfied { delegates &= ~(1 << UInt8(step)) }
        case .accept: break
        }
    }

    private mutating func settle(_ attempt: Int, exists: Bool) {
        flights[attempt].isPending = false
        flights[attempt].exists = flights[attempt].exists ?? exists
    }

    private mutating func passTime(to due: Timestamp?, _ now: inout Timestamp) {
        now = max(now, due ?? now)
        // The opening that the step waited for has come.
        if state.armed?.kind == .wake, state.phase == .active, state.current < state.steps.count { asleep = 0 }
    }

    /// The end comes now, as if it had always been set to this moment.
    private mutating func endNow(_ now: Timestamp) {
        state.expiresAt = now
        state.armed = state.armed.map {
            var timer = $0
            timer.kind = .expires
            timer.due = now
            return timer
        }
    }

    private mutating func crash(_ created: Bool, _ outage: Bool, _ now: inout Timestamp) {
        budget.spend(\.crashes)
        for flight in flights.indices where flights[flight].isPending { settle(flight, exists: created) }
        lane = nil
        lookUp = nil
        poll = nil
        if outage, let armed = state.armed, armed.kind != .expires { now = max(now, armed.due + .seconds(61)) }
    }

    // MARK: the event

    private func event(of move: Move, _ before: World, _ scenario: Scenario) -> DeliveryEvent? {
        switch move {
        case .accept: .accepted
        case .grant, .grantTooLate: .granted
        case .join: .joined(World.leader)
        case .answer(let attempt):
            .result(attempt: attempt, .accepted(providerID: "P", report: AttemptReport(.accepted, status: .queued)))
        case .refuse(let attempt, let index): .result(attempt: attempt, .refused(scenario.refusals[index]))
        case .breakOff(let attempt, _): .result(attempt: attempt, .ambiguous(code: 503))
        case .report(let attempt, let index): .report(attempt: attempt, report(index, attempt, scenario))
        case .canceled(let attempt): .report(attempt: attempt, .failing(.canceled, status: .canceled))
        case .found, .absent, .silence: lookUpEvent(move, before)
        case .pollSame, .pollNews, .pollSilence: pollEvent(move, before, scenario)
        case .timer, .expire: .timer(generation: state.generation)
        case .pause: nil
        case .delegated(let step, let result): .delegated(step: step, result)
        case .acknowledge(let attempt): .acknowledged(attempt: attempt)
        case .reply: .replied
        case .reject: .rejected(attempt: nil)
        case .optOut(let all): .optedOut(channels: all ? nil : stoppedChannels(scenario))
        case .cancel: .cancelled
        case .ask: .asked(until: Self.now + .seconds(300))
        case .circuit, .sleep: .recheck
        case .crash: .restarted
        case .approve: .approved
        case .dismiss: .dismissed
        }
    }

    private func report(_ index: Int, _ attempt: Int, _ scenario: Scenario) -> AttemptReport {
        scenario.rumours[Int(state.attempts[attempt].step)][index].report
    }

    private func lookUpEvent(_ move: Move, _ before: World) -> DeliveryEvent? {
        guard let asked = before.lookUp else { return nil }
        switch move {
        case .found: return .lookedUp(attempt: asked, .found(providerID: "P", report: AttemptReport(.accepted)))
        case .absent: return .lookedUp(attempt: asked, .absent)
        default: return .lookedUp(attempt: asked, .unanswered)
        }
    }

    private func pollEvent(_ move: Move, _ before: World, _ scenario: Scenario) -> DeliveryEvent? {
        guard let asked = before.poll else { return nil }
        switch move {
        case .pollSame: return .polled(attempt: asked, AttemptReport(state.attempts[asked].level))
        case .pollNews(let index):
            var news = report(index, asked, scenario)
            news.mark = nil
            return .polled(attempt: asked, news)
        default: return .polled(attempt: asked, nil)
        }
    }

    private func stoppedChannels(_ scenario: Scenario) -> [String] {
        // Other people's step has no sender that could be stopped.
        let steps = scenario.plan.steps.prefix(state.current + 1).filter { $0.delegation == nil }
        guard state.current < scenario.plan.steps.count else { return [] }
        return steps.suffix(1).map { $0.over(Int(state.steps[state.current].sender)).channel }
    }

    /// The gateway remembers to whom STOP was said.
    private mutating func stop(_ scenario: Scenario) {
        guard state.current < scenario.plan.steps.count, !scenario.plan.steps[state.current].alternatives.isEmpty
        else { return }
        stopped |= 1 << UInt8(Scenario.place(state.current, over: Int(state.steps[state.current].sender)))
    }

    // MARK: commands

    private mutating func carryOut(_ command: DeliveryCommand, _ plan: DeliveryPlan) {
        switch command {
        case .enqueue(let step): lane = step
        case .leaveLane: lane = nil
        case .send: flights.append(Flight())
        case .lookUp(let attempt): lookUp = attempt
        case .poll(let attempt): poll = attempt
        case .delegate(let step): delegates |= 1 << UInt8(step)
        case .openRound: hasRound = true
        case .withdrawConsent(let step):
            guard !plan.steps[step].alternatives.isEmpty, let attempt = state.steps[step].attempt else { return }
            stopped |= 1 << UInt8(Scenario.place(step, over: Int(state.attempts[Int(attempt)].sender)))
        default: break
        }
    }
}
