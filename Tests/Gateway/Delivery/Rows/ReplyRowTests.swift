import Gateway
import Testing

@Suite("A text that names no alert")
struct ReplyRowTests {
    private static let plan = DeliveryPlan.acked(.whatsapp(), .sms(), .voice())

    private func accepted(_ plan: DeliveryPlan = plan) -> DeliveryScript {
        var script = DeliveryScript.sent(plan)
        script.accept()
        return script
    }

    @Test("answers what is proven sent at once")
    func sent() {
        var script = accepted()
        script.report(.sent)
        script.push(.replied, at: 5)
        #expect(script.state.phase == .acked)
        #expect(script.asked(.note(.acknowledged(attempt: 0))))
        #expect(!script.asked(.poll(attempt: 0)))
        #expect(script.state.attempts[0].isDecisive)
    }

    @Test(
        "of what is only accepted the provider is asked whether it went out",
        arguments: [AttemptReport.sent, .delivered])
    func asks(news: AttemptReport) {
        var script = accepted()
        script.push(.replied, at: 5)
        #expect(script.state.phase == .active)
        #expect(script.asked(.poll(attempt: 0)))
        #expect(script.asked(.note(.replied(attempt: 0))))
        script.push(.polled(attempt: 0, news), at: 6)
        #expect(script.state.phase == .acked)
        #expect(script.state.attempts[0].level == .acknowledged)
        #expect(script.state.reply == nil)
        #expect(script.sends == [0])
    }

    @Test("the report that was late answers the question, too")
    func report() {
        var script = accepted()
        script.push(.replied, at: 5)
        script.report(.sent, at: 6)
        #expect(script.state.phase == .acked)
    }

    @Test("nobody has read what the provider still had in its queue: a later report does not make it an answer")
    func queued() {
        var script = accepted()
        script.push(.replied, at: 5)
        script.push(.polled(attempt: 0, AttemptReport(.accepted)), at: 6)
        #expect(script.state.reply == nil)
        script.report(.sent, at: 7)
        #expect(script.state.phase == .active)
        #expect(script.state.attempts[0].level == .sent)
    }

    @Test("a question without an answer leaves the reply open for a minute", arguments: [(65.0, true), (65.5, false)])
    func unanswered(second: Double, isAnswer: Bool) {
        var script = accepted()
        script.push(.replied, at: 5)
        script.push(.polled(attempt: 0, nil), at: 10)
        script.report(.delivered, at: second)
        #expect(script.state.phase == (isAnswer ? .acked : .active))
        #expect(script.state.reply == nil)
    }

    @Test("many texts ask one question in five seconds")
    func many() {
        var script = accepted()
        for _ in 0..<100 { script.push(.replied, at: 5) }
        script.push(.replied, at: 9.9)
        #expect(script.all.count { $0 == .poll(attempt: 0) } == 1)
        #expect(script.all.count { $0 == .note(.replied(attempt: 0)) } == 1)
        script.push(.replied, at: 10)
        #expect(script.asked(.poll(attempt: 0)))
        #expect(script.state.reply?.at == DeliveryScript.time(10))
    }

    @Test("what leaves after the text is not answered by it")
    func later() {
        var script = accepted()
        script.push(.replied, at: 5)
        script.report(.failed, at: 6)
        script.send(at: 7)
        script.report(.delivered, at: 8)
        #expect(script.state.phase == .active)
        #expect(script.state.attempts[1].level == .delivered)
    }

    @Test("the poll of a clock is not ended by the answer about the text")
    func confirming() {
        var script = accepted()
        script.push(.replied, at: 5)
        #expect(script.armedKind == .queue)
        script.push(.polled(attempt: 0, AttemptReport(.accepted)), at: 6)
        #expect(script.armedKind == .queue)
        #expect(script.status(0) == .submitted)
    }

    @Test("before the provider has named it, it is asked when it does")
    func unnamed() {
        var script = DeliveryScript.sent(Self.plan)
        script.push(.replied, at: 1)
        #expect(!script.asked(.poll(attempt: 0)))
        script.accept(at: 2)
        #expect(script.asked(.poll(attempt: 0)))
        script.push(.polled(attempt: 0, .sent), at: 3)
        #expect(script.state.phase == .acked)
    }

    @Test("what may have been sent is answered when the look-up finds it sent")
    func ambiguous() {
        var script = DeliveryScript.sent(Self.plan)
        script.breakOff(at: 1)
        script.push(.replied, at: 2)
        script.lookUp(.found(providerID: "P0", report: .sent), at: 6)
        #expect(script.state.phase == .acked)
        #expect(script.recalls.isEmpty)
    }

    @Test("nothing that was refused, or has failed, is answered")
    func failed() {
        var script = DeliveryScript.sent(.acked(.whatsapp()) { $0.onExhausted = .nothing })
        script.refuse(.init(.content, .now), at: 1)
        #expect(script.state.phase == .exhausted)
        script.push(.replied, at: 2)
        #expect(script.state.reply == nil)

        script = accepted(.acked(.whatsapp()) { $0.onExhausted = .nothing })
        script.report(.undelivered, at: 1)
        script.push(.replied, at: 2)
        #expect(script.state.reply == nil)
        #expect(script.state.phase == .exhausted)
    }

    @Test("a sender that does not tell `sent`: what it accepted counts as out")
    func silentSender() {
        var script = accepted(.acked(.sms { $0.reportsSent = false }, .voice()))
        script.push(.replied, at: 5)
        #expect(script.state.phase == .acked)
    }

    @Test("a text while the phone rings answers the alert, not the call")
    func ringing() {
        var script = accepted(.acked(.voice(), .sms()))
        script.push(.replied, at: 1)
        #expect(script.state.phase == .active)
        #expect(script.state.reply == nil)
        script.report(.ringing, at: 2)
        script.push(.replied, at: 3)
        #expect(script.state.phase == .acked)
        #expect(script.asked(.note(.acknowledged(attempt: nil))))
        #expect(script.recalls == [0])
    }

    @Test("after the end of the chain it is a late answer", arguments: DeliveryPhase.allCases)
    func late(phase: DeliveryPhase) {
        var script = accepted()
        guard phase.isTerminal else { return }
        script.push(.replied, at: 5)
        script.state.phase = phase
        script.state.steps[0].status = .superseded
        script.state.steps[0].clock = nil
        script.state.armed = nil
        script.push(.polled(attempt: 0, .delivered), at: 6)
        let isOpen = phase.mayBeAnswered
        #expect(script.state.phase == (isOpen ? .acked : phase))
        #expect(script.state.isLate == isOpen)
        script.push(.replied, at: 7)
        #expect(script.state.phase == (isOpen ? .acked : phase))
        #expect(!script.asked(.poll(attempt: 0)))
    }

    @Test("a restart asks again")
    func restart() {
        var script = accepted()
        script.push(.replied, at: 5)
        script.push(.restarted, at: 20)
        #expect(script.asked(.poll(attempt: 0)))
        script.push(.polled(attempt: 0, .sent), at: 21)
        #expect(script.state.phase == .acked)

        script = accepted()
        script.push(.replied, at: 5)
        script.push(.restarted, at: 66)
        #expect(!script.asked(.poll(attempt: 0)))
        #expect(script.state.reply == nil)
    }

    @Test("it is stored with the delivery")
    func stored() throws {
        var script = accepted()
        script.push(.replied, at: 5)
        #expect(script.state.reply?.attempt == 0)
        #expect(script.state.reply?.at == DeliveryScript.time(5))
        #expect(try StateCodec.decode(StateCodec.encode(script.state)) == script.state)
    }
}
