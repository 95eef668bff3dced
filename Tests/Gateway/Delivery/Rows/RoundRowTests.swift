import Gateway
import Testing

@Suite("Rounds: repeat, reopen_after, max_calls_total")
struct RoundRowTests {
    private func repeated(_ times: Int = 2) -> DeliveryPlan {
        .acked(.sms()) {
            $0.repeats = Repeats(times: times, gap: .seconds(900))
            $0.onExhausted = .review
        }
    }

    private static func round(_ script: DeliveryScript) -> Duration? {
        for case .openRound(let span) in script.last { return span }
        return nil
    }

    private func exhausted(_ plan: DeliveryPlan, round: UInt8) -> DeliveryScript {
        var script = DeliveryScript(plan)
        script.state.round = round
        script.push(.accepted)
        script.push(.granted)
        script.accept()
        script.report(.failed, at: 5)
        return script
    }

    @Test("a chain that ends is followed by a round after the gap, in place of on_exhausted", arguments: [0, 1])
    func followed(round: UInt8) {
        let script = exhausted(repeated(), round: round)
        #expect(script.state.phase == .exhausted)
        #expect(Self.round(script) == .seconds(900))
        #expect(script.asked(.note(.roundOpened(at: DeliveryScript.time(905)))))
        #expect(!script.everAsked(.exhausted(.review)))
        #expect(!script.everAsked(.openReview(.exhausted)))
    }

    @Test("on_exhausted follows the last round")
    func last() {
        let script = exhausted(repeated(), round: 2)
        #expect(script.state.phase == .exhausted)
        #expect(Self.round(script) == nil)
        #expect(script.asked(.exhausted(.review)))
    }

    @Test("an outcome that says stop runs on_exhausted and no round")
    func stopped() {
        var plan = repeated()
        plan.steps[0].outcomes[.failed] = .stop
        let script = exhausted(plan, round: 0)
        #expect(Self.round(script) == nil)
        #expect(script.asked(.exhausted(.review)))
    }

    @Test("a number that is bad gets no further round")
    func badNumber() {
        var script = DeliveryScript.sent(repeated())
        script.refuse(.init(.invalidRecipient, .otherAddress, code: 21_211))
        #expect(script.state.phase == .exhausted)
        #expect(Self.round(script) == nil)
        #expect(script.asked(.exhausted(.review)))
    }

    @Test("what expires, is cancelled or refused by the person has no further round")
    func otherEnds() {
        for event in [DeliveryEvent.cancelled, .rejected(attempt: nil), .optedOut(channels: nil)] {
            var script = DeliveryScript.sent(repeated())
            script.push(event)
            #expect(script.state.phase.isTerminal)
            #expect(Self.round(script) == nil, "\(event)")
        }
        var script = DeliveryScript.sent(repeated())
        script.state.expiresAt = DeliveryScript.time(0)
        script.push(.timer(generation: script.state.generation), at: 86_400)
        #expect(script.state.phase == .expired)
        #expect(Self.round(script) == nil)
    }

    @Test("max_calls_total counts the calls of earlier rounds")
    func callsInAll() {
        var plan = DeliveryPlan.acked(.voice(), .sms())
        plan.maxCallsTotal = 2
        for (before, expected) in [(UInt8(1), StepStatus.ready), (2, .skipped(.callsSpent))] {
            var script = DeliveryScript(plan)
            script.state.callsBefore = before
            script.push(.accepted)
            #expect(script.status(0) == expected)
        }
    }

    @Test("an outcome that redials stops at max_calls_total")
    func redials() {
        var plan = DeliveryPlan.acked(.voice { $0.outcomes[.busy] = .retry(after: .seconds(20), times: 3) }, .sms())
        plan.maxCalls = 3
        plan.maxCallsTotal = 2
        var script = DeliveryScript(plan)
        script.state.callsBefore = 1
        script.push(.accepted)
        script.push(.granted)
        script.accept()
        script.report(.call(.busy))
        #expect(script.status(0) == .failed(.busy))
        #expect(script.status(1) == .ready)
    }

    // MARK: reopen_after

    private var reopening: DeliveryPlan { .acked(.sms()) { $0.reopenAfter = .seconds(14_400) } }

    @Test("an acknowledged delivery is opened again after reopen_after, once")
    func reopened() {
        var script = DeliveryScript.sent(reopening)
        script.accept()
        script.push(.acknowledged(attempt: 0), at: 60)
        #expect(script.state.phase == .acked)
        #expect(Self.round(script) == .seconds(14_400))
        var second = DeliveryScript.sent(reopening)
        second.state.round = 1
        second.push(.acknowledged(attempt: 0))
        #expect(second.state.phase == .acked)
        #expect(Self.round(second) == nil)
    }

    @Test("an acknowledgement before the round begins is the last word, and a late one opens nothing")
    func answeredBefore() {
        var script = DeliveryScript(reopening, startsAfter: 14_400)
        script.push(.accepted)
        script.push(.acknowledged(attempt: nil))
        #expect(script.state.phase == .acked)
        #expect(Self.round(script) == nil)
        var late = DeliveryScript.sent(reopening)
        late.accept()
        late.report(.failed)
        late.push(.acknowledged(attempt: 0))
        #expect(late.state.phase == .acked)
        #expect(late.state.isLate)
        #expect(Self.round(late) == nil)
    }
}
