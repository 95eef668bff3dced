import Gateway
import Testing

@Suite("What the process died at twice")
struct QuarantineRowTests {
    private static func quarantine(_ script: inout DeliveryScript, at second: Double) -> [DeliveryCommand] {
        script.state.quarantine(7, now: DeliveryScript.time(second))
    }

    @Test("its step is held for a person, and only the end is waited for")
    func held() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        let commands = Self.quarantine(&script, at: 10)
        #expect(script.status(0) == .held(.crashedTwice))
        #expect(script.armedKind == .expires)
        #expect(script.state.steps[0].clock == nil)
        #expect(
            commands == [
                .note(.held(step: 0, .crashedTwice)), .openReview(.crashedTwice), .arm(script.state.armed),
            ])
        script.push(.recheck)
        script.push(.restarted)
        #expect(script.status(0) == .held(.crashedTwice))
    }

    @Test("a step gives up its place in the lane")
    func lane() {
        var script = DeliveryScript(.chain(.sms()))
        script.push(.accepted)
        #expect(Self.quarantine(&script, at: 1).first == .leaveLane(step: 0))
        #expect(script.push(.granted).isEmpty)
    }

    @Test("a delivery that has not begun is held at its first step")
    func scheduled() {
        var script = DeliveryScript(.chain(.sms()), startsAfter: 600)
        script.push(.accepted)
        _ = Self.quarantine(&script, at: 600)
        #expect(script.state.phase == .active)
        #expect(script.status(0) == .held(.crashedTwice))
        script.fire()
        #expect(script.state.phase == .expired)
    }

    @Test("one that is due to expire ends at once, and recalls nothing")
    func due() {
        var script = DeliveryScript.sent(.chain(.sms()))
        script.accept()
        let commands = Self.quarantine(&script, at: 86_400)
        #expect(script.state.phase == .expired)
        #expect(
            commands == [.note(.ended(.expired, late: false)), .openReview(.crashedTwice), .arm(nil)])
    }

    @Test("an ended delivery stays as it is, but for the event that is barred")
    func ended() {
        var script = DeliveryScript.sent(.chain(.sms()))
        script.report(.delivered)
        let before = script.state
        #expect(Self.quarantine(&script, at: 5).isEmpty)
        #expect(script.state.quarantined == [7])
        script.state.quarantined = []
        #expect(script.state == before)
    }

    @Test("evidence, an answer and a cancellation end the hold")
    func released() {
        var evidence = DeliveryScript.sent(.chain(.sms(), .voice()))
        evidence.accept()
        var answer = evidence
        var cancelled = evidence
        _ = Self.quarantine(&evidence, at: 10)
        evidence.report(.delivered)
        #expect(evidence.state.phase == .satisfied)
        #expect(evidence.asked(.closeReview))
        _ = Self.quarantine(&answer, at: 10)
        answer.push(.acknowledged(attempt: nil))
        #expect(answer.state.phase == .acked)
        _ = Self.quarantine(&cancelled, at: 10)
        cancelled.push(.cancelled)
        #expect(cancelled.state.phase == .cancelled)
    }

    @Test("an open review is not opened twice, and a second crash is barred beside the first")
    func twice() {
        var script = DeliveryScript.sent(.chain(.sms()))
        _ = Self.quarantine(&script, at: 10)
        let commands = script.state.quarantine(8, now: DeliveryScript.time(11))
        #expect(!commands.contains(.openReview(.crashedTwice)))
        #expect(script.state.quarantined == [7, 8])
        for event in 9..<100 { _ = script.state.quarantine(UInt64(event), now: DeliveryScript.time(12)) }
        #expect(script.state.quarantined.count == 8)
        #expect(script.state.quarantined.last == 99)
    }

    @Test("the same thing to the same delivery has one fingerprint, whatever the time, and others have others")
    func fingerprints() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.accept()
        var again = script.state
        again.generation += 5
        again.armed?.generation += 5
        let timer = DeliveryEvent.timer(generation: 1).fingerprint(in: script.state)
        #expect(timer == DeliveryEvent.timer(generation: 6).fingerprint(in: again))
        let events: [DeliveryEvent] = [
            .accepted, .granted, .cancelled, .asked(until: DeliveryScript.start), .recheck, .restarted,
            .timer(generation: 1), .acknowledged(attempt: nil), .acknowledged(attempt: 0), .rejected(attempt: 0),
            .optedOut(channels: nil), .optedOut(channels: ["sms"]), .report(attempt: 0, .sent),
            .report(attempt: 1, .sent), .report(attempt: 0, .delivered), .report(attempt: 0, .failed),
            .report(attempt: 0, .ringing), .polled(attempt: 0, .sent), .polled(attempt: 0, nil),
            .result(attempt: 0, .ambiguous(code: 503)), .lookedUp(attempt: 0, .absent),
            .lookedUp(attempt: 0, .unanswered),
        ]
        let prints = events.map { $0.fingerprint(in: script.state) }
        #expect(Set(prints).count == events.count)
        #expect(!prints.contains(0))
    }
}
