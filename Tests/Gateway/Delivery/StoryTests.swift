import Gateway
import Testing

@Suite("Stories that must come out right, as far as one delivery tells them")
struct StoryTests {
    @Test("a: WhatsApp unread, SMS unanswered, a call, key 1")
    func a() {
        var script = DeliveryScript.sent(.acked(.whatsapp(), .sms(), .voice()))
        script.accept()
        script.report(.delivered)
        script.fire()
        script.send()
        script.report(.delivered)
        script.fire()
        script.send()
        script.report(.ringing)
        script.report(.answered)
        script.push(.acknowledged(attempt: 2))
        #expect(script.state.phase == .acked)
        #expect(script.sends == [0, 1, 2])
        #expect(script.status(2) == .done)
    }

    @Test("b: not on WhatsApp: accepted, then 63024 by callback, then SMS, and the number is marked")
    func b() {
        var script = DeliveryScript.sent(.chain(.whatsapp(), .sms()))
        script.accept()
        script.report(
            .failing(.undelivered, .init(.invalidRecipient, .now, code: 63_024, marksUnfit: true)), at: 2)
        #expect(script.everAsked(.markUnfit(attempt: 0)))
        #expect(script.status(1) == .ready)
    }

    @Test("c: free text outside the window: 63016 by callback, then the same channel with the template")
    func c() {
        var script = DeliveryScript.sent(.chain(.whatsapp { $0.hasTemplate = true }, .sms()))
        script.accept()
        script.report(.failing(.failed, .init(.outsideWindow, .template, code: 63_016)))
        #expect(script.state.steps[0].useTemplate)
        script.send()
        script.report(.delivered)
        #expect(script.state.phase == .satisfied)
        #expect(script.sends == [0, 1])
    }

    @Test("d: SMS stays sent where there are no receipts: nobody is called after two minutes")
    func d() {
        var script = DeliveryScript.sent(.acked(.sms { $0.receipts = .absent }, .voice()))
        script.accept()
        script.report(.sent, at: 1)
        #expect(script.due == 901)
    }

    @Test("f: the provider answers 503 for 90 s: held, then sent, once")
    func f() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.breakOff()
        while script.clock < 90 {
            script.fire()
            script.lookUp(script.clock < 90 ? .unanswered : .absent)
        }
        #expect(script.status(0) == .ambiguous)
        script.fire()
        script.lookUp(.absent)
        script.send()
        script.report(.delivered)
        #expect(script.state.phase == .satisfied)
        #expect(script.sends == [0, 1])
    }

    @Test("h: a connection that closed before the first byte: the call is still made")
    func h() {
        var script = DeliveryScript.sent(.acked(.voice()))
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        script.fire()
        script.send()
        #expect(script.sends == [0, 1])
        #expect(script.status(0) == .submitted)
    }

    @Test("k: voicemail: not delivered, the chain goes on")
    func k() {
        var script = DeliveryScript.sent(.chain(.voice(), .sms()))
        script.accept()
        script.report(.answered)
        script.report(.machine)
        script.report(.completed, at: 60)
        script.fire()
        #expect(script.status(0) == .failed(.machine))
        #expect(script.status(1) == .ready)
    }

    @Test("n: 21:58, SMS forbidden at night, voice for critical only: no call at 22:01")
    func n() {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.facts.holds[0] = .circuitOpen
        script.push(.accepted)
        script.facts.openings = [
            0: .closed(until: DeliveryScript.time(32_400)), 1: .closed(until: DeliveryScript.time(32_400)),
        ]
        script.fire()
        #expect(script.status(0) == .held(.quietHours))
        #expect(script.status(1) == .waiting)
        #expect(script.due == 32_400)
    }

    @Test("q: wrong number 21211: no SMS, no call to it, a review")
    func q() {
        var script = DeliveryScript.sent(.acked(.whatsapp(), .sms(), .voice()))
        script.refuse(.init(.invalidRecipient, .otherAddress, code: 21_211))
        #expect(script.sends == [0])
        #expect(script.state.phase == .exhausted)
        #expect(script.state.reviewIsOpen)
    }

    @Test("r: token rotated: held, operations told, goes on")
    func r() {
        var script = DeliveryScript.sent(.chain(.sms()))
        script.facts.holds[0] = .senderStopped
        script.refuse(.init(.auth, .stopSender, code: 20_003))
        script.fire()
        #expect(script.status(0) == .held(.senderStopped))
        script.facts.holds = [:]
        script.push(.recheck, at: 7_200)
        script.send()
        #expect(script.status(0) == .submitted)
    }
}
