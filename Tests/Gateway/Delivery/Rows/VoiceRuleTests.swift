import Gateway
import Testing

@Suite("Voice: at most once")
struct VoiceRuleTests {
    private let redials: OutcomeAction = .retry(after: .seconds(10), times: 9)

    // MARK: rule 1

    @Test("a committed intent spends the call, whatever becomes of it")
    func spent() {
        var script = DeliveryScript.sent(.chain(.voice(), .voice(), .sms()))
        #expect(script.state.callsUsed == 1)
        script.accept()
        script.report(.call(.busy))
        #expect(script.status(1) == .skipped(.callsSpent))
        #expect(script.status(2) == .ready)
    }

    @Test("a call that surely was not placed is given back, so it is still made")
    func givenBack() {
        var script = DeliveryScript.sent(.chain(.voice(), .sms()))
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.state.callsUsed == 0)
        script.fire()
        script.send()
        #expect(script.sends == [0, 1])
        #expect(script.state.callsUsed == 1)
    }

    @Test("a refusal after a callback is no proof, and gives nothing back")
    func refusedAfterCallback() {
        var script = DeliveryScript.sent(.chain(.voice(), .sms()))
        script.report(.ringing)
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.state.callsUsed == 1)
        #expect(script.status(0) == .submitted)
        #expect(script.armedKind == .ringing)
    }

    @Test("empty look-ups leave the call spent; without a callback by the clock, a review opens and the chain goes on")
    func emptyLookUps() {
        var script = DeliveryScript.sent(.chain(.voice(), .sms()))
        script.breakOff()
        for _ in 1...3 {
            script.fire()
            script.lookUp(.absent)
        }
        #expect(script.status(0) == .ambiguous)
        #expect(script.due == 605)
        script.fire()
        #expect(script.asked(.openReview(.callUnproven)))
        #expect(script.state.callsUsed == 1)
        #expect(script.status(1) == .ready)
        #expect(script.sends == [0])
    }

    @Test("an unanswered look-up leaves the call spent, and the review opens when the chain goes on")
    func unanswered() {
        var script = DeliveryScript.sent(.chain(.voice(), .sms()))
        script.breakOff()
        var turns = 0
        while script.status(0) == .ambiguous, turns < 50 {
            turns += 1
            script.fire()
            script.lookUp(.unanswered)
        }
        #expect(script.everAsked(.openReview(.callUnproven)))
        #expect(script.status(1) == .ready)
    }

    @Test("a provider that answers 503 although it placed the call is not called again")
    func placedAlthough503() {
        var script = DeliveryScript.sent(.acked(.voice { $0.outcomes[.timeout] = redials }, .sms()))
        script.breakOff()
        script.fire()
        script.lookUp(.absent)
        script.report(.ringing, at: 20)
        #expect(script.status(0) == .submitted)
        script.report(.answered, at: 25)
        script.push(.acknowledged(attempt: 0))
        #expect(script.sends == [0])
        #expect(script.recalls.isEmpty)
    }

    // MARK: rule 2 and the outcomes

    @Test("busy, no answer, declined, failed, machine: the next step, and never a second call by itself")
    func outcomes() {
        for outcome in [AttemptOutcome.busy, .noAnswer, .declined, .failed, .machine] {
            var script = DeliveryScript.sent(.chain(.voice(), .sms()))
            script.accept()
            script.report(.ringing)
            script.report(.call(outcome))
            #expect(script.status(0) == .failed(outcome))
            #expect(script.status(1) == .ready)
            #expect(script.sends == [0])
        }
    }

    @Test("redialling is bounded by max_calls, whatever outcomes says")
    func redialsAreBounded() {
        for calls in 1...3 {
            var script = DeliveryScript.sent(
                .chain(.voice { $0.outcomes[.busy] = redials }, .sms()) { $0.maxCalls = calls })
            var turns = 0
            while script.status(1) == .waiting, turns < 20 {
                turns += 1
                script.accept()
                script.report(.call(.busy))
                guard script.status(0) == .held(.retry) else { break }
                script.fire()
                script.push(.granted)
            }
            #expect(script.sends.count == calls)
            #expect(script.status(1) == .ready)
        }
    }

    // MARK: rule 4

    @Test("a call that comes back after the end is ended at once")
    func endedMeanwhile() {
        let ends: [DeliveryEvent] = [.cancelled, .acknowledged(attempt: nil), .optedOut(channels: nil)]
        for end in ends {
            var script = DeliveryScript.sent(.acked(.voice()))
            script.push(end)
            #expect(script.recalls.isEmpty)
            script.accept()
            #expect(script.recalls == [0])
        }
    }

    @Test("a call whose request broke off is ended as soon as a callback names it")
    func endedByCallback() {
        var script = DeliveryScript.sent(.acked(.voice()))
        script.push(.cancelled)
        script.breakOff()
        script.report(.ringing)
        #expect(script.recalls == [0])
    }

    @Test("an acknowledgement ends a ringing call, and leaves one in conversation alone")
    func acknowledgedElsewhere() {
        for isAnswered in [false, true] {
            var script = DeliveryScript.sent(.acked(.sms(), .voice()))
            script.accept()
            script.report(.delivered)
            script.fire()
            script.send()
            script.report(.ringing)
            if isAnswered { script.report(.answered) }
            script.push(.acknowledged(attempt: 0))
            #expect(script.state.phase == .acked)
            #expect(script.recalls == (isAnswered ? [] : [1]))
        }
    }

    @Test("the call whose own evidence ended the delivery is never ended by it")
    func ownEvidence() {
        var script = DeliveryScript.sent(.chain(.voice()) { $0.success = .sent })
        script.accept()
        script.report(.ringing)
        #expect(script.state.phase == .satisfied)
        script.report(.machine)
        #expect(script.recalls.isEmpty)
        script = .sent(.chain(.voice()) { $0.success = .sent })
        script.accept()
        script.fire()
        script.fire()
        #expect(script.state.phase == .exhausted)
        let recalls = script.recalls
        script.report(.ringing)
        #expect(script.state.phase == .satisfied)
        #expect(script.recalls == recalls)
    }

    @Test("a second call of the same step that is still in flight is ended when the first is answered with a key")
    func secondTryInFlight() {
        var script = DeliveryScript.sent(
            .acked(.voice { $0.outcomes[.timeout] = redials }) { $0.maxCalls = 2 })
        script.accept()
        script.report(.ringing)
        script.fire()
        script.fire()
        script.fire()
        script.push(.granted)
        #expect(script.sends == [0, 1])
        script.push(.acknowledged(attempt: 0))
        script.accept()
        #expect(script.recalls.contains(1))
    }

    // MARK: rules 5 and 6

    @Test("a machine is no delivery, and a key press counts whatever the detection said")
    func machine() {
        var script = DeliveryScript.sent(.acked(.voice(), .sms()))
        script.accept()
        script.report(.answered)
        script.report(.machine)
        script.report(.completed, at: 30)
        script.fire()
        #expect(script.status(0) == .failed(.machine))
        #expect(script.state.exposures == 0)
        script.push(.acknowledged(attempt: 0))
        #expect(script.state.phase == .acked)
    }

    @Test("answered is no acknowledgement and proves no human")
    func answered() {
        var script = DeliveryScript.sent(.chain(.voice()))
        script.accept()
        script.report(.answered)
        #expect(script.state.attempts[0].level == .sent)
        #expect(script.state.phase == .active)
        script.report(.human)
        #expect(script.state.phase == .satisfied)
    }
}
