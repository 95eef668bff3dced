import Gateway
import Testing

@Suite("A person who was reached as often as anybody may be")
struct ExposureRowTests {
    @Test("the step is skipped and the next one starts")
    func skipped() {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.facts.overexposed = [0]
        script.push(.accepted)
        #expect(script.status(0) == .skipped(.exposure))
        #expect(script.status(1) == .ready)
    }

    @Test("a lane that grants too late sends nothing")
    func granted() {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.push(.accepted)
        script.facts.overexposed = [0]
        script.push(.granted)
        #expect(script.status(0) == .skipped(.exposure))
        #expect(script.sends == [])
        script.push(.granted)
        #expect(script.sends == [0])
    }

    @Test("other reasons come first, and a step that sleeps is asked when it wakes")
    func order() {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.facts.overexposed = [0, 1]
        script.facts.ineligible = [0: .unfit]
        script.facts.openings = [1: .closed(until: DeliveryScript.time(600))]
        script.push(.accepted)
        #expect(script.status(0) == .skipped(.unfit))
        #expect(script.status(1) == .held(.quietHours))
        script.facts.openings = [:]
        script.fire()
        #expect(script.status(1) == .skipped(.exposure))
    }

    @Test("the end of the chain follows; where it says nothing, a person is asked")
    func ends() {
        for action in [ExhaustedAction.nothing, .review, .policy("other")] {
            var plan = DeliveryPlan.acked(.sms())
            plan.onExhausted = action
            var script = DeliveryScript(plan)
            script.facts.overexposed = [0]
            script.push(.accepted)
            #expect(script.state.phase == .exhausted)
            #expect(script.asked(.exhausted(action)))
            #expect(script.asked(.openReview(.exposure)) == (action == .nothing))
            #expect(script.state.reviewIsOpen == (action != .policy("other")))
        }
    }

    @Test("a chain in which nothing was kept back ends as before")
    func nothingKeptBack() {
        var script = DeliveryScript(.acked(.sms()))
        script.facts.ineligible = [0: .unfit]
        script.push(.accepted)
        #expect(script.state.phase == .exhausted)
        #expect(!script.state.reviewIsOpen)
    }

    @Test("a step towards which there is no way on is no successor")
    func successor() {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.facts.overexposed = [1]
        script.facts.holds = [0: .circuitOpen]
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .held(.circuitOpen))
    }
}
