import Gateway

extension Invariants {
    // MARK: steps in order

    func shape(_ world: World) -> String? {
        let state = world.state
        for step in state.steps.indices {
            let status = state.steps[step].status
            if status.isOpen, status != .waiting, state.phase != .active || step != state.current {
                return "step \(step) is \(status) while \(state.phase), step \(state.current) is on its way"
            }
            if state.phase == .active, step < state.current, status == .waiting {
                return "step \(step) was jumped over"
            }
            if !status.isOpen, state.steps[step].clock != nil || state.steps[step].wakeAt != nil {
                return "step \(step) is over and its clock runs"
            }
        }
        if state.phase.isTerminal, world.lane != nil { return "a place in a lane after the end" }
        if state.phase.isTerminal, state.armed != nil { return "a timer after the end" }
        let decisive = state.attempts.filter(\.isDecisive).count
        let byOthers = state.steps.indices.contains {
            plan.steps[$0].delegation != nil && state.steps[$0].status == .done
        }
        if state.phase == .satisfied, !byOthers ? decisive != 1 : decisive != 0 {
            return "\(decisive) attempts decided"
        }
        if state.phase != .satisfied, decisive > (state.phase == .acked ? 1 : 0) {
            return "\(decisive) attempts decided"
        }
        return delegates(world)
    }

    /// Nobody but its own deliveries ends a step that they carry out, while the delivery is open.
    private func delegates(_ world: World) -> String? {
        guard world.state.phase == .active else { return nil }
        for step in world.state.steps.indices where world.delegates & 1 << UInt8(step) != 0 {
            if step != world.state.current || world.state.steps[step].status != .delegated {
                return "step \(step) was left while its deliveries are on their way"
            }
        }
        return nil
    }

    // MARK: the wake-up (I5)

    func wakeUp(_ world: World) -> String? {
        let state = world.state
        guard !state.phase.isTerminal else { return nil }
        guard let armed = state.armed else { return "no timer" }
        if state.awaitsApproval, !state.reviewIsOpen { return "waits for an approval that nobody is asked for" }
        if state.phase == .review, armed.kind != .review { return "waits for an approval without an end" }
        if armed.due > state.expiresAt, state.phase == .active { return "the timer is later than the end" }
        guard state.phase == .active else { return nil }
        guard state.current < state.steps.count else { return "active without a step" }
        let step = state.steps[state.current]
        if (step.status == .ready) != (world.lane == state.current) {
            return "the step is \(step.status), in the lane is \(world.lane.map(String.init) ?? "none")"
        }
        if let reason = missingWakeUp(step, world) { return reason }
        let earliest = [state.expiresAt, step.clock.map { max($0.due, state.askedUntil ?? $0.due) }, step.wakeAt]
        return armed.due == earliest.compactMap { $0 }.min() ? nil : "the timer is not the earliest that is due"
    }

    private func missingWakeUp(_ step: StepState, _ world: World) -> String? {
        switch step.status {
        case .held(.quietHours), .held(.backOff), .held(.retry):
            return step.wakeAt == nil ? "held without an end" : nil
        case .held(.budget): return step.clock?.kind == .review ? nil : "waits for an approval without an end"
        case .held(let reason):
            return reason.countsAgainstSubmit && step.clock == nil && !step.submitIsOver ? "submit_within is lost" : nil
        case .intent:
            guard let attempt = step.attempt, world.flights[Int(attempt)].isPending else {
                return "an intent whose answer never comes"
            }
            return nil
        case .ambiguous:
            let isAsked = step.wakeAt != nil || world.lookUp == step.attempt.map(Int.init)
            return isAsked || step.clock?.kind == .deliver || waits(world) ? nil : "ambiguous, and nobody asks"
        case .submitted: return step.clock != nil || waits(world) ? nil : "submitted without a clock"
        case .ready: return nil
        case .delegated:
            return world.delegates & 1 << UInt8(world.state.current) != 0 ? nil : "delegated to nobody"
        default: return "the step on its way is \(step.status)"
        }
    }

    /// Whoever can send does: a step is not held for a circuit while another of its senders is up.
    func senders(_ world: World) -> String? {
        let state = world.state
        guard state.phase == .active, state.current < state.steps.count,
            state.steps[state.current].status == .held(.circuitOpen)
        else { return nil }
        let step = state.current
        let facts = WorldFacts(world: world, scenario: scenario, now: World.now)
        let isCall = plan.steps[step].intrusiveness == .call
        for sender in 0..<plan.steps[step].senderCount where state.steps[step].passed & 1 << UInt8(sender) == 0 {
            let isBound = state.attempts.contains {
                isCall && Int($0.step) == step && $0.status != .refused && Int($0.sender) != sender
            }
            guard !isBound, facts.hold(ofStep: step, over: sender) == nil,
                facts.ineligibility(ofStep: step, over: sender, consentOnly: state.consentOnly) == nil
            else { continue }
            return "held for a circuit, and sender \(sender) is up"
        }
        return nil
    }

    private func waits(_ world: World) -> Bool { plan.steps[world.state.current].outcomes.values.contains(.wait) }

    // MARK: what nobody wants any more

    func unwanted(_ world: World) -> String? {
        let state = world.state
        for (ordinal, attempt) in state.attempts.enumerated() where attempt.status == .submitted && !attempt.recalled {
            let step = Int(attempt.step)
            guard plan.steps[step].canRecall, !attempt.providerID.isEmpty, attempt.outcome == nil, !attempt.isDecisive
            else { continue }
            let isLive = state.phase == .active && step == state.current
            if isLive, state.steps[step].attempt.map(Int.init) == ordinal { continue }
            let isCall = plan.steps[step].intrusiveness == .call
            if isCall, attempt.call ?? .ringing < .answered, attempt.level < .delivered { return "a call rings on" }
            if !isCall, attempt.level < .sent { return "a superseded message stays queued" }
        }
        return nil
    }

    // MARK: attempts and calls (I2, I3)

    func repeats(_ world: World) -> String? {
        let state = world.state
        if state.attempts.count != world.flights.count { return "an attempt without a request" }
        for step in state.steps.indices {
            let live = state.attempts.filter { Int($0.step) == step && $0.status == .intent && $0.outcome == nil }
            if live.count > 1 { return "two requests of one step are in flight" }
        }
        return nil
    }

    /// Texts that went out are paid for: no more than the printed bound counts (I9).
    func copies(_ world: World) -> String? {
        for step in plan.steps.indices where plan.steps[step].intrusiveness == .text {
            let copies = zip(world.state.attempts, world.flights).count { attempt, flight in
                Int(attempt.step) == step && flight.exists == true && attempt.outcome == nil
            }
            let bound = scenario.submissions(ofStep: step)
            if copies > bound { return "step \(step) went out \(copies) times, the bound counts \(bound)" }
        }
        return nil
    }

    func calls(_ world: World) -> String? {
        var created = 0
        for (attempt, flight) in zip(world.state.attempts, world.flights) {
            if plan.steps[Int(attempt.step)].intrusiveness == .call, flight.exists != false { created += 1 }
        }
        if created + Int(world.state.callsBefore) > plan.maxCallsTotal ?? .max {
            return "\(created) calls after \(world.state.callsBefore), \(plan.maxCallsTotal ?? 0) may be in all"
        }
        if created > plan.maxCalls { return "\(created) calls were placed, \(plan.maxCalls) may be" }
        return created > Int(world.state.callsUsed) ? "a call that was placed is not counted" : nil
    }

    /// What was reserved, and what attempts really cost, is within the budget (I6).
    func spent(_ world: World) -> String? {
        let state = world.state
        guard let budget = plan.budget ?? scenario.shared else {
            return state.reserved == 0 ? nil : "reserved without a budget"
        }
        let approved = state.attempts.filter(\.isApproved)
        let unapproved = state.reserved - approved.reduce(0) { $0 + $1.reserved }
        if unapproved > budget.micros { return "reserved \(unapproved) of \(budget.micros)" }
        if approved.count + state.steps.count(where: \.isApproved) > Int(world.approvals) {
            return "an approval was used twice"
        }
        if state.attempts.reduce(0, { $0 + $1.reserved }) != state.reserved { return "the sum of attempts is another" }
        var cost: Int64 = 0
        for (attempt, flight) in zip(state.attempts, world.flights)
        where flight.exists != false && attempt.sharing == nil {
            cost += scenario.price(ofStep: Int(attempt.step), over: Int(attempt.sender))
        }
        return cost > state.reserved ? "attempts may cost \(cost), reserved is \(state.reserved)" : nil
    }
}
