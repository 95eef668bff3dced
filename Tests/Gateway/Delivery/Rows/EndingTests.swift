import Gateway
import Testing

@Suite("How a delivery ends, and the few late moves after it")
struct EndingTests {
    private func ended(_ phase: DeliveryPhase, ackRequired: Bool = false) -> DeliveryScript {
        var plan = DeliveryPlan.chain(.sms(), .voice())
        plan.ackRequired = ackRequired
        var script = DeliveryScript.sent(plan)
        script.accept()
        script.report(.sent)
        script.state.phase = phase
        script.state.steps[0].status = .superseded
        script.state.steps[0].clock = nil
        script.state.armed = nil
        return script
    }

    @Test("late evidence satisfies only what was exhausted, expired or blocked", arguments: DeliveryPhase.allCases)
    func lateEvidence(phase: DeliveryPhase) {
        guard phase.isTerminal else { return }
        var script = ended(phase)
        script.report(.delivered)
        let isOpen = [.exhausted, .expired, .blockedBudget].contains(phase)
        #expect(script.state.phase == (isOpen ? .satisfied : phase))
        #expect(script.state.isLate == isOpen)
        #expect(script.asked(.note(.ended(.satisfied, late: true))) == isOpen)
    }

    @Test("a late acknowledgement moves those and satisfied", arguments: DeliveryPhase.allCases)
    func lateAcknowledgement(phase: DeliveryPhase) {
        guard phase.isTerminal else { return }
        var script = ended(phase)
        script.push(.acknowledged(attempt: 0))
        let isOpen = [.exhausted, .expired, .blockedBudget, .satisfied].contains(phase)
        #expect(script.state.phase == (isOpen ? .acked : phase))
        #expect(script.state.isLate == isOpen)
    }

    @Test("nothing else moves a delivery that has ended", arguments: DeliveryPhase.allCases)
    func nothingMoves(phase: DeliveryPhase) {
        guard phase.isTerminal else { return }
        let events: [DeliveryEvent] = [
            .accepted, .granted, .rejected(attempt: 0), .optedOut(channels: nil), .optedOut(channels: ["sms"]),
            .cancelled, .asked(until: DeliveryScript.time(900)), .recheck, .restarted, .timer(generation: 1),
            .report(attempt: 0, .failed),
        ]
        for event in events {
            var script = ended(phase)
            script.push(event)
            #expect(script.state.phase == phase)
            #expect(script.state.armed == nil)
            #expect(script.state.steps.allSatisfy { $0.status != .ready && $0.status != .intent })
        }
    }

    @Test("with ack required late evidence satisfies nothing")
    func lateEvidenceWithAck() {
        var script = ended(.exhausted, ackRequired: true)
        script.report(.delivered)
        #expect(script.state.phase == .exhausted)
    }

    @Test("an acknowledgement ten minutes after the end closes the review")
    func closesTheReview() {
        var script = DeliveryScript.sent(.acked(.sms()) { $0.onExhausted = .review })
        script.accept()
        script.report(.delivered)
        script.fire()
        #expect(script.state.phase == .exhausted)
        #expect(script.state.reviewIsOpen)
        script.push(.acknowledged(attempt: nil), at: 1_500)
        #expect(script.state.phase == .acked)
        #expect(script.asked(.closeReview))
        #expect(!script.state.reviewIsOpen)
    }

    @Test("evidence of an older step satisfies, and the newer step is recalled below delivered")
    func olderStepSatisfies() {
        var script = DeliveryScript.sent(.chain(.whatsapp(), .sms()))
        script.accept()
        script.report(.sent)
        script.fire()
        script.fire()
        script.send()
        script.report(.delivered, of: 0)
        #expect(script.state.phase == .satisfied)
        #expect(script.status(0) == .done)
        #expect(script.status(1) == .superseded)
        #expect(script.recalls == [1])
        #expect(script.state.exposures == 1)
    }

    @Test("a newer step in the lane gives up its place when an older one satisfies")
    func olderStepEmptiesTheLane() {
        var script = DeliveryScript.sent(.chain(.whatsapp(), .sms()))
        script.accept()
        script.report(.sent)
        script.fire()
        script.fire()
        script.report(.delivered)
        #expect(script.asked(.leaveLane(step: 1)))
        script.push(.granted)
        #expect(script.sends == [0])
    }

    @Test("two steps that both arrive are counted as two exposures")
    func twoExposures() {
        var script = DeliveryScript.sent(.chain(.whatsapp(), .sms()))
        script.accept()
        script.report(.sent)
        script.fire()
        script.fire()
        script.send()
        script.report(.sent)
        script.report(.delivered, of: 0)
        script.report(.delivered, of: 1)
        #expect(script.state.exposures == 2)
        #expect(script.asked(.note(.duplicateExposure)))
    }

    @Test("an acknowledgement of any step at any time ends everything", arguments: [nil, 0, 1])
    func acknowledged(attempt: Int?) {
        var script = DeliveryScript.sent(.acked(.whatsapp(), .sms(), .voice()))
        script.accept()
        script.report(.delivered)
        script.fire()
        script.send()
        script.push(.acknowledged(attempt: attempt))
        #expect(script.state.phase == .acked)
        #expect(script.state.armed == nil)
        #expect(script.status(2) == .waiting)
        #expect(script.recalls == (attempt == 1 ? [] : [1]))
    }

    @Test("'not me' opens a review and ends the chain, or goes on where the policy says so")
    func notMe() {
        for action in [RejectAction.review, .next] {
            var script = DeliveryScript.sent(.acked(.sms(), .voice()) { $0.onReject = action })
            script.accept()
            script.push(.rejected(attempt: 0))
            #expect(script.asked(.openReview(.notMe)))
            #expect(script.status(0) == .failed(.rejected))
            #expect(script.state.phase == (action == .review ? .exhausted : .active))
            #expect(script.status(1) == (action == .review ? .waiting : .ready))
        }
    }

    @Test("STOP skips the sender's steps, and others go on only with consent of their own")
    func optedOut() {
        for hasOwn in [true, false] {
            var facts = ScriptFacts()
            facts.ownConsent = hasOwn ? [0, 1] : [0]
            var script = DeliveryScript.sent(.acked(.sms(), .voice()), facts: facts)
            script.accept()
            script.push(.optedOut(channels: ["sms"]))
            #expect(script.status(0) == .skipped(.optedOut))
            #expect(script.recalls == [0])
            #expect(script.state.phase == (hasOwn ? .active : .suppressed))
        }
    }

    @Test("a chain that ends for a withdrawn consent is suppressed also when an earlier step was tried")
    func suppressedAfterATry() {
        var script = DeliveryScript.sent(.acked(.whatsapp(), .sms()) { $0.onExhausted = .review })
        script.accept()
        script.report(.failed)
        script.push(.optedOut(channels: ["sms"]))
        #expect(script.state.phase == .suppressed)
        #expect(!script.everAsked(.openReview(.exhausted)))
    }

    @Test("a chain that ends for a topic that is switched off is suppressed; other people are asked all the same")
    func topicOff() {
        var facts = ScriptFacts()
        facts.ineligible = [0: .topicOff, 1: .topicOff]
        var alone = DeliveryScript(.acked(.sms(), .voice()) { $0.onExhausted = .review })
        alone.facts = facts
        alone.push(.accepted)
        #expect(alone.state.phase == .suppressed)
        #expect(!alone.everAsked(.openReview(.exhausted)))
        facts.ineligible = [0: .topicOff, 2: .topicOff]
        let others = PlanStep(.target(.group("crew"), policy: "crew", within: nil))
        var asking = DeliveryScript(.acked(.sms(), others, .voice()))
        asking.facts = facts
        asking.push(.accepted)
        #expect(asking.status(1) == .delegated)
        asking.push(.delegated(step: 1, .ended))
        #expect(asking.status(2) == .skipped(.topicOff))
        #expect(asking.state.phase == .suppressed)
    }

    @Test("STOP for another sender leaves the current step alone")
    func optedOutElsewhere() {
        var script = DeliveryScript.sent(.acked(.sms(), .whatsapp()))
        script.accept()
        script.push(.optedOut(channels: ["whatsapp"]))
        #expect(script.status(0) == .submitted)
        #expect(script.state.consentOnly)
    }

    @Test("a global opt-out suppresses, before the start too")
    func optedOutOfAll() {
        for wait in [0.0, 3_600] {
            var script = DeliveryScript(.chain(.sms()), startsAfter: wait)
            script.push(.accepted)
            script.push(.optedOut(channels: nil))
            #expect(script.state.phase == .suppressed)
            #expect(script.state.armed == nil)
        }
    }

    @Test("cancelling gives up the lane, recalls what is queued and disarms the timer")
    func cancelled() {
        var waiting = DeliveryScript(.chain(.sms()))
        waiting.push(.accepted)
        waiting.push(.cancelled)
        #expect(waiting.state.phase == .cancelled)
        #expect(waiting.asked(.leaveLane(step: 0)))
        #expect(waiting.asked(.arm(nil)))
        var queued = DeliveryScript.sent(.chain(.sms()))
        queued.accept()
        queued.push(.cancelled)
        #expect(queued.recalls == [0])
    }

    @Test("what was cancelled by us has not failed")
    func ownCancellation() {
        var script = DeliveryScript.sent(.chain(.sms(), .whatsapp()))
        script.accept()
        script.fire()
        script.push(.polled(attempt: 0, .init(.accepted)))
        #expect(script.recalls == [0])
        script.report(.failing(.canceled, status: .canceled), of: 0)
        #expect(script.state.attempts[0].outcome == nil)
    }
}
