import Gateway
import Testing

@Suite("Steps that deliveries of their own carry out")
struct DelegationRowTests {
    private static let duty = PlanStep(.target(.schedule("duty"), policy: "crew", within: nil))

    private func escalated(_ change: (inout DeliveryPlan) -> Void = { _ in }) -> DeliveryScript {
        var script = DeliveryScript.sent(.acked(.sms(), Self.duty, .voice(), change: change))
        script.accept()
        script.report(.failed, at: 5)
        return script
    }

    @Test("the step starts its deliveries once and waits for them, with no clock but expires")
    func starts() {
        var script = escalated()
        #expect(script.status(1) == .delegated)
        #expect(script.asked(.delegate(step: 1)))
        #expect(script.armedKind == .expires)
        script.push(.restarted)
        script.push(.recheck)
        #expect(script.all.count { $0 == .delegate(step: 1) } == 1)
    }

    @Test("when the last of them ends unanswered the next step follows", arguments: [true, false])
    func ended(ackRequired: Bool) {
        var script = escalated { $0.ackRequired = ackRequired }
        script.push(.delegated(step: 1, .ended))
        #expect(script.status(1) == (ackRequired ? .superseded : .failed(.failed)))
        #expect(script.status(2) == .ready)
    }

    @Test("nobody to reach is no failure")
    func nobody() {
        var script = escalated()
        script.push(.delegated(step: 1, .nobody))
        #expect(script.status(1) == .skipped(.nobody))
        #expect(script.status(2) == .ready)
    }

    @Test("one that reaches somebody satisfies, where nobody must acknowledge")
    func satisfied() {
        var script = escalated { $0.ackRequired = false }
        script.push(.delegated(step: 1, .satisfied))
        #expect(script.state.phase == .satisfied)
        #expect(script.status(1) == .done)
        var waiting = escalated()
        waiting.push(.delegated(step: 1, .satisfied))
        #expect(waiting.status(1) == .delegated)
        waiting.push(.acknowledged(attempt: nil))
        #expect(waiting.state.phase == .acked)
    }

    @Test("what comes for a step that is over changes nothing")
    func late() {
        var script = escalated()
        script.push(.delegated(step: 1, .ended))
        let state = script.state
        for result in DelegationResult.allCases {
            script.push(.delegated(step: 1, result))
            script.push(.delegated(step: 2, result))
            script.push(.delegated(step: 9, result))
        }
        #expect(script.state == state)
    }

    @Test("a bad number of the recipient, a spent call and a late 'not me' do not keep others from being asked")
    func independent() {
        var script = DeliveryScript.sent(.acked(.sms(), Self.duty, .voice()))
        script.refuse(.init(.invalidRecipient, .otherAddress, code: 21_211))
        #expect(script.status(1) == .delegated)
        script.push(.rejected(attempt: 0))
        #expect(script.status(1) == .delegated)
        #expect(script.state.phase == .active)
        // The review of the bad number is open already.
        #expect(script.state.reviewIsOpen)
        script.push(.delegated(step: 1, .ended))
        #expect(script.status(2) == .skipped(.badNumber))
        #expect(script.state.phase == .exhausted)
    }

    @Test("a full lane hands over to no other people, an open circuit does")
    func handOver() {
        let plan = DeliveryPlan.acked(.sms { $0.laneWithin = .seconds(60) }, Self.duty)
        var script = DeliveryScript(plan)
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .ready)
        var held = DeliveryScript(plan)
        held.facts.holds[0] = .circuitOpen
        held.push(.accepted)
        #expect(held.status(0) == .held(.circuitOpen))
        held.fire()
        #expect(held.status(1) == .delegated)
    }
}
