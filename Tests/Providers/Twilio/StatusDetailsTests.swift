import Gateway
import JSON
import Testing

@testable import TwilioProvider

/// Every shape of a status callback that is documented or was seen, as it arrives.
@Suite("What a status callback carries")
struct StatusDetailsTests {
    private let signer = WebhookSigner()

    private static let text = [
        ("MessageSid", Fixtures.messageSid), ("SmsSid", Fixtures.messageSid), ("MessageStatus", "delivered"),
        ("SmsStatus", "delivered"), ("AccountSid", Fixtures.accountSid), ("ApiVersion", "2010-04-01"),
        ("From", "+41791234567"), ("To", "+447700900142"),
    ]
    private static let call =
        [
            ("CallSid", Fixtures.callSid), ("AccountSid", Fixtures.accountSid), ("From", "+41791234567"),
            ("To", "+447700900142"), ("CallStatus", "completed"), ("ApiVersion", "2010-04-01"),
            ("Direction", "outbound-api"), ("Caller", "+41791234567"), ("Called", "+447700900142"),
            ("Timestamp", "Mon, 23 Nov 2026 12:00:00 +0000"), ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", "3"), ("CallDuration", "12"), ("Duration", "1"), ("SipResponseCode", "200"),
        ]
        + ["From", "To", "Caller", "Called"].flatMap { end in
            ["City", "State", "Zip", "Country"].map { (end + $0, "x") }
        }

    private func report(_ page: String, _ fields: [(String, String)]) throws -> AttemptReport {
        let event = try Fixtures.provider().webhooks.receive(signer.post("/webhooks/twilio/\(page)?t=a", fields))
        guard case .report(_, _, let report) = event else { throw Unexpected(event: event) }
        return report
    }

    private struct Unexpected: Error { let event: WebhookEvent }

    private func details(_ page: String, _ fields: [(String, String)]) throws -> JSONValue? {
        try report(page, fields).details.map { try JSONValue(parsing: $0) }
    }

    @Test(
        "what every callback says makes no details: of texts, WhatsApp, services, receipts, calls and detection",
        arguments: [
            ("sms/status", text), ("sms/status", text + [("RawDlrDoneDate", "2611231200")]),
            ("sms/status", text + [("MessagingServiceSid", "MG0123456789abcdef0123456789abcdef")]),
            ("sms/status", text + [("ErrorCode", "30005"), ("ErrorMessage", "")]),
            (
                "sms/status",
                text + [
                    ("ChannelInstallSid", "XE1"), ("ChannelPrefix", "whatsapp"), ("EventType", "DELIVERED"),
                    ("StructuredMessage", "false"), ("ChannelStatusMessage", ""),
                ]
            ), ("voice/status", call),
            (
                "voice/status",
                call + [
                    ("ForwardedFrom", "+1"), ("CallerName", "x"), ("ParentCallSid", Fixtures.callSid),
                    ("StirVerstat", "TN-Validation-Passed-A"), ("StirPassportToken", "x"), ("CallToken", "x"),
                    ("SipCallId", "x"), ("SipHeader_X-Any", "x"), ("SipDomainSid", "x"), ("RecordingUrl", "x"),
                    ("RecordingSid", "x"), ("RecordingDuration", "1"), ("ErrorCode", "13224"),
                ]
            ),
            (
                "voice/amd",
                [
                    ("CallSid", Fixtures.callSid), ("AccountSid", Fixtures.accountSid), ("AnsweredBy", "human"),
                    ("MachineDetectionDuration", "2400"),
                ]
            ),
        ] as [(String, [(String, String)])])
    func usual(_ page: String, _ fields: [(String, String)]) throws {
        #expect(try details(page, fields) == nil)
    }

    @Test("the words of a failure are kept")
    func words() throws {
        let failed =
            Self.text.filter { !$0.0.hasSuffix("Status") } + [
                ("MessageStatus", "undelivered"), ("ErrorCode", "63024"), ("ErrorMessage", "Invalid recipient"),
                ("ChannelStatusMessage", "131026: not on WhatsApp"),
            ]
        let report = try report("sms/status", failed)
        #expect(report.outcome != nil)
        #expect(
            try details("sms/status", failed)
                == ["error": "Invalid recipient", "channel_error": "131026: not on WhatsApp"])
        let call = Self.call.filter { $0.0 != "CallStatus" } + [("CallStatus", "failed"), ("ErrorMessage", "No route")]
        #expect(try details("voice/status", call) == ["error": "No route"])
    }

    @Test("words that the gateway does not know are kept as they came, on every page")
    func unknownWords() throws {
        for (page, name) in [
            ("sms/status", "MessageStatus"), ("voice/status", "CallStatus"), ("voice/amd", "AnsweredBy"),
        ] {
            let fields = [("MessageSid", Fixtures.messageSid), ("CallSid", Fixtures.callSid), (name, "teleported")]
            #expect(try details(page, fields) == ["unknown": .object([name: "teleported"])])
            #expect(try report(page, fields).status == .unknown)
        }
    }

    @Test("parameters that are new are kept, each once, so many and so long")
    func other() throws {
        let more = Self.text + [("NewOne", "é"), ("NewOne", "b"), ("Empty", ""), ("newone", "c")]
        #expect(try details("sms/status", more) == ["other": ["NewOne": "é", "newone": "c"]])
        let many = Self.text + (0..<99).map { ("New\($0)", String(repeating: "x", count: 9_000)) }
        let kept = try #require(try details("sms/status", many)?["other"]?.object)
        #expect(kept.count == 32 && kept.members.allSatisfy { $0.value.string?.utf8.count == 4_096 })
    }
}
