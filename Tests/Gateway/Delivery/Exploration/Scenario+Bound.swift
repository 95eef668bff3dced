import YAML

@testable import Gateway

extension Scenario {
    /// What `check` prints as the longest time of the plan; it says nothing of quiet hours and open circuits.
    var timeBound: Duration? {
        guard asleep == 0, down == 0, budget.changes == 0, plan.steps.allSatisfy({ $0.delegation == nil }) else {
            return nil
        }
        return plan.steps.reduce(.zero) { sum, step in
            let clocks = StepClocks(
                definition(step), kind: step.kind, intrusiveness: step.intrusiveness, priority: .normal)
            return sum + clocks.longest(waitsForAck: plan.ackRequired)
        }
    }

    /// How often the price of a text counts in the bound of a delivery's cost.
    func submissions(ofStep step: Int) -> Int { plan.steps[step].submissions }

    private func definition(_ step: PlanStep) -> StepDefinition {
        var definition = StepDefinition(
            channel: step.channel, submitWithin: step.submitWithin, laneWithin: step.laneWithin,
            queueWithin: step.queueWithin, deliverWithin: step.deliverWithin, readWithin: step.readWithin,
            ackWithin: step.ackWithin, ringTimeout: step.ringTimeout, maxDuration: step.maxDuration,
            maxCalls: plan.maxCalls, machine: .hangup, requiresMedia: false, onAmbiguous: step.onAmbiguous,
            outcomes: AttemptOutcome.allCases.compactMap { outcome in
                step.outcomes[outcome].map { OutcomeRule(outcome: outcome, action: $0) }
            }, maxTries: step.maxTries, mark: YAMLMark(line: 1, column: 1))
        definition.otherChannels = step.alternatives.map(\.channel)
        return definition
    }
}

extension World {
    /// How long a move takes, in milliseconds; `nil` where the bound of `check` does not count it: waiting for a lane, an
    /// opening or a provider, an outage, a question to a person, and the end that comes whenever it likes.
    func span(of move: Move) -> Int64? {
        switch move {
        case .expire, .grantTooLate, .ask, .crash(_, outage: true): return nil
        case .timer, .pause: break
        default: return 0
        }
        guard state.phase == .active, let armed = state.armed, state.askedUntil == nil else { return nil }
        // The provider does not answer: the wait for it is bounded by `expires` alone.
        if state.steps[state.current].submitIsOver { return nil }
        switch state.steps[state.current].status {
        case .ready, .held(.quietHours), .held(.budget): return nil
        default: return max(0, (armed.due - Self.now).milliseconds - (move == .pause ? 1 : 0))
        }
    }
}
