import Gateway
import Testing

@testable import TwilioProvider

@Suite("Status words")
struct StatusTests {
    @Test(
        "a message's words climb the ladder",
        arguments: [
            ("accepted", EvidenceLevel.accepted), ("scheduled", .accepted), ("queued", .accepted),
            ("sending", .accepted), ("sent", .sent), ("delivered", .delivered), ("partially_delivered", .delivered),
            ("read", .read), ("receiving", .none), ("a new word", .none), ("", .none),
        ])
    func messages(_ word: String, _ level: EvidenceLevel) {
        let report = TwilioReports.message(word, errorCode: 0)
        #expect(report.level == level)
        #expect(report.outcome == nil)
    }

    @Test(
        "a message's failure is an outcome that proves nothing",
        arguments: [("failed", AttemptOutcome.failed), ("undelivered", .undelivered), ("canceled", .canceled)])
    func failures(_ word: String, _ outcome: AttemptOutcome) {
        let report = TwilioReports.message(word, errorCode: 30003)
        #expect(report.level == .none)
        #expect(report.outcome == outcome)
        #expect(report.failure == ProviderFailure(.unavailable, .after(retryAfter: nil), code: 30003))
        #expect(TwilioReports.message(word, errorCode: 0).failure == nil)
    }

    @Test("an error code beside good news is not a failure")
    func warning() { #expect(TwilioReports.message("delivered", errorCode: 30018).failure == nil) }

    @Test(
        "a call's words say how far it got",
        arguments: [
            ("queued", EvidenceLevel.accepted, CallProgress?.none, AttemptOutcome?.none),
            ("initiated", .accepted, nil, nil), ("ringing", .sent, .ringing, nil),
            ("in-progress", .sent, .answered, nil), ("completed", .sent, .ended, nil), ("busy", .none, .ended, .busy),
            ("no-answer", .none, .ended, .noAnswer), ("failed", .none, .ended, .failed),
            ("canceled", .none, .ended, .canceled), ("something", .none, nil, nil),
        ])
    func calls(_ word: String, _ level: EvidenceLevel, _ progress: CallProgress?, _ outcome: AttemptOutcome?) {
        let report = TwilioReports.call(word)
        #expect(report.level == level)
        #expect(report.call == progress)
        #expect(report.outcome == outcome)
    }

    @Test("SIP says what a word leaves open")
    func sip() {
        #expect(TwilioReports.call("busy", sip: 603).outcome == .declined)
        #expect(TwilioReports.call("no-answer", sip: 603).outcome == .declined)
        #expect(TwilioReports.call("busy", sip: 486).outcome == .busy)
        #expect(TwilioReports.call("failed", sip: 486).outcome == .busy)
        #expect(TwilioReports.call("failed", sip: 480).outcome == .noAnswer)
        #expect(TwilioReports.call("failed", sip: 404).outcome == .failed)
        #expect(TwilioReports.call("completed", sip: 603).outcome == nil)
    }

    @Test("detection proves a person, a machine is no outcome yet")
    func detection() {
        #expect(TwilioReports.detection("human").level == .delivered)
        for word in ["machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other"] {
            let report = TwilioReports.detection(word)
            #expect(report.status == .machine)
            #expect(report.level == .sent)
            #expect(report.outcome == nil)
        }
        #expect(TwilioReports.detection("fax").status == .fax)
        #expect(TwilioReports.detection("unknown").status == .unknown)
        #expect(TwilioReports.detection("").level == .sent)
    }

    @Test("marks stay within 64 bits, and no two different words share one")
    func marks() {
        let words = ProviderStatus.allCases
        #expect(words.allSatisfy { TwilioReports.messageMark($0) < 64 })
        let message: [ProviderStatus] = [
            .accepted, .scheduled, .queued, .sending, .sent, .delivered, .undelivered, .failed, .read, .canceled,
            .partiallyDelivered,
        ]
        #expect(Set(message.map(TwilioReports.messageMark)).count == message.count)
        for sequence in [0, 1, 3, 47, 48, Int.max] {
            #expect(TwilioReports.callMark(.completed, sequence: sequence) < 48)
        }
        let call: [ProviderStatus] = [
            .initiated, .ringing, .inProgress, .completed, .busy, .noAnswer, .failed, .canceled,
        ]
        let marks = call.map { TwilioReports.callMark($0, sequence: nil) }
        #expect(Set(marks).count == call.count)
        let verdicts: [ProviderStatus] = [.human, .machine, .fax, .unknown]
        let all = marks + verdicts.map(TwilioReports.detectionMark)
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { (48..<64).contains($0) })
        #expect(TwilioReports.callMark(.completed, sequence: -1) == 51)
    }
}
