import Crypto
import Gateway
import Testing

@testable import TwilioProvider

@Suite("Webhooks in neutral words")
struct WebhookTests {
    private let signer = WebhookSigner()

    private func receive(_ target: String, _ fields: [(String, String)]) throws -> WebhookEvent {
        try Fixtures.provider().webhooks.receive(signer.post("/webhooks/twilio/" + target, fields))
    }

    @Test("a status callback is evidence for the attempt in its URL")
    func status() throws {
        let event = try receive(
            "sms/status?t=tok%2F1",
            [
                ("MessageSid", Fixtures.messageSid), ("MessageStatus", "undelivered"), ("ErrorCode", "30005"),
                ("From", "+41791234567"), ("To", "+447700900142"), ("Invented", "x"),
            ])
        var report = AttemptReport(.none, status: .undelivered)
        report.outcome = .undelivered
        report.failure = ProviderFailure(.invalidRecipient, .otherAddress, code: 30005)
        report.mark = 6
        report.providerID = Fixtures.messageSid
        report.details = Array(#"{"other":{"Invented":"x"}}"#.utf8)
        #expect(event == .report(token: "tok/1", kind: .sms, report))
    }

    @Test("a WhatsApp callback is told by its prefix, read by its word")
    func whatsappStatus() throws {
        let event = try receive(
            "sms/status?t=a",
            [("MessageSid", Fixtures.messageSid), ("MessageStatus", "read"), ("From", "whatsapp:+41791234567")])
        guard case .report("a", .whatsapp, let report) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(report.level == .read)
    }

    @Test("an unknown word is reported as proving nothing")
    func unknownStatus() throws {
        let event = try receive("sms/status?t=a", [("MessageStatus", "teleported")])
        guard case .report(_, _, let report) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(report.level == .none)
        #expect(report.status == .unknown)
        #expect(report.outcome == nil)
    }

    @Test("a callback without a token or a word is counted and dropped")
    func incomplete() throws {
        #expect(try receive("sms/status", [("MessageStatus", "sent")]) == .ignored)
        #expect(try receive("sms/status?t=a", []) == .ignored)
        #expect(try receive("voice/alert?n=0", [("CallSid", Fixtures.callSid)]) == .ignored)
        #expect(try receive("voice/alert?t=a", [("CallSid", "CA1")]) == .ignored)
        #expect(try receive("sms", [("From", "+1"), ("To", "+2"), ("MessageSid", "nonsense")]) == .ignored)
    }

    @Test("a WhatsApp button reply comes with payload, quoted message and name")
    func button() throws {
        let event = try receive(
            "whatsapp",
            [
                ("MessageSid", Fixtures.messageSid), ("From", "whatsapp:+34600111222"),
                ("To", "whatsapp:+14155238886"), ("Body", "Yes"), ("ButtonPayload", "confirm:42"),
                ("OriginalRepliedMessageSid", "MM22222222222222222222222222222222"), ("ProfileName", "Ana"),
                ("NumMedia", "0"),
            ])
        var message = InboundMessage(
            kind: .whatsapp, from: "+34600111222", to: "+14155238886", text: "Yes", providerID: Fixtures.messageSid)
        message.button = "confirm:42"
        message.quoted = "MM22222222222222222222222222222222"
        message.profileName = "Ana"
        message.details = [
            "button": ["payload": "confirm:42"], "quoted": ["provider_id": "MM22222222222222222222222222222222"],
            "profile_name": "Ana",
        ]
        #expect(event == .message(message))
    }

    @Test("an SMS at the WhatsApp path stays what its sender is, and the other way round")
    func prefixDecides() throws {
        let fields = [("MessageSid", Fixtures.messageSid), ("To", "whatsapp:+2"), ("Body", "x")]
        let event = try receive("sms", fields + [("From", "whatsapp:+34600111222")])
        guard case .message(let message) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(message.kind == .whatsapp)
        #expect(message.from == "+34600111222")
        #expect(try receive("sms", fields + [("From", "messenger:123")]) == .ignored)
    }

    @Test("media are taken as many as there are, and a hostile number of them is bounded")
    func media() throws {
        var fields = [("MessageSid", Fixtures.messageSid), ("From", "+447700900142"), ("To", "+41791234567")]
        fields += [("NumMedia", "9223372036854775807"), ("MediaUrl0", "https://a.example/0"), ("MediaUrl1", "")]
        fields += [("MediaContentType0", "image/png"), ("MediaUrl2", "https://a.example/2")]
        guard case .message(let message) = try receive("sms", fields) else {
            Issue.record("no message")
            return
        }
        #expect(
            message.media == [
                InboundMedia(url: "https://a.example/0", contentType: "image/png"),
                InboundMedia(url: "https://a.example/2"),
            ])
        #expect(message.text.isEmpty)
    }

    @Test("STOP that Twilio answered is marked so")
    func optOut() throws {
        let fields = [
            ("MessageSid", Fixtures.messageSid), ("From", "+447700900142"), ("To", "+41791234567"), ("Body", "stop"),
            ("OptOutType", "STOP"),
        ]
        guard case .message(let message) = try receive("sms", fields) else {
            Issue.record("no message")
            return
        }
        #expect(message.optOutType == "STOP")
    }

    @Test("a GET webhook carries the same parameters in its query")
    func get() throws {
        let target = "/webhooks/twilio/sms/status?t=a&MessageStatus=sent&MessageSid=" + Fixtures.messageSid
        let event = try Fixtures.provider().webhooks.receive(signer.get(target))
        guard case .report("a", .sms, let report) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(report.level == .sent)
    }

    @Test("a call's callback is recognised by its sequence number")
    func callStatus() throws {
        let event = try receive(
            "voice/status?t=a",
            [
                ("CallSid", Fixtures.callSid), ("CallStatus", "busy"), ("SipResponseCode", "603"),
                ("SequenceNumber", "3"),
            ])
        var report = AttemptReport(.none, status: .busy)
        report.outcome = .declined
        report.call = .ended
        report.mark = 3
        report.providerID = Fixtures.callSid
        #expect(event == .report(token: "a", kind: .voice, report))
    }

    @Test("detection beside the speech is a report of its own")
    func detection() throws {
        let event = try receive("voice/amd?t=a", [("CallSid", Fixtures.callSid), ("AnsweredBy", "human")])
        var report = AttemptReport(.delivered, status: .human)
        report.call = .answered
        report.mark = 56
        report.providerID = Fixtures.callSid
        #expect(event == .report(token: "a", kind: .voice, report))
    }

    @Test("a turn names token, turn and key; a key proves a person")
    func turn() throws {
        let fields = [("CallSid", Fixtures.callSid), ("CallStatus", "in-progress"), ("Digits", "1")]
        guard case .turn(let turn) = try receive("voice/alert?t=a&n=1", fields) else {
            Issue.record("no turn")
            return
        }
        #expect(turn.token == "a")
        #expect(turn.turn == "1")
        #expect(turn.digits == "1")
        #expect(!turn.isFollowUp)
        #expect(turn.report.level == .delivered)
        #expect(turn.report.call == .answered)
        #expect(turn.report.mark == nil)
    }

    @Test("a follow-up without a key proves no person")
    func followUp() throws {
        let fields = [("CallSid", Fixtures.callSid), ("CallStatus", "in-progress")]
        guard case .turn(let turn) = try receive("voice/alert?t=a&n=1f&f=1", fields) else {
            Issue.record("no turn")
            return
        }
        #expect(turn.isFollowUp)
        #expect(turn.report.level == .sent)
        #expect(turn.report.outcome == nil)
    }

    @Test("anything but keys in Digits is no key press", arguments: ["hangup", "<>", "１", ""])
    func noKeys(_ digits: String) throws {
        let fields = [("CallSid", Fixtures.callSid), ("Digits", digits)]
        guard case .turn(let turn) = try receive("voice/alert?t=a", fields) else {
            Issue.record("no turn")
            return
        }
        #expect(turn.digits.isEmpty)
        #expect(turn.report.level == .sent)
    }

    @Test(
        "a caller's requests name menu, turn and purpose, under the old path too", arguments: ["select", "selection"])
    func menu(_ word: String) throws {
        let fields = [
            ("CallSid", Fixtures.callSid), ("From", "+447700900142"), ("To", "+41791234567"), ("Digits", "2"),
            ("CallStatus", "in-progress"),
        ]
        guard case .call(let call) = try receive("voice/menu-\(word)?menu=main&n=4&t=x", fields) else {
            Issue.record("no call")
            return
        }
        #expect(call.purpose == "menu-select")
        #expect(call.menu == "main")
        #expect(call.turn == "4")
        #expect(call.token == "x")
        #expect(call.digits == "2")
        #expect(call.call == .answered)
    }

    @Test("a caller who hides the number is still a call")
    func hidden() throws {
        let fields = [("CallSid", Fixtures.callSid), ("To", "+41791234567"), ("CallStatus", "ringing")]
        guard case .call(let call) = try receive("voice/inbound", fields) else {
            Issue.record("no call")
            return
        }
        #expect(call.from.isEmpty)
        #expect(call.purpose == "inbound")
        #expect(call.menu == nil)
    }

    @Test("the end of a caller's call is told without a token")
    func inboundEnd() throws {
        let fields = [("CallSid", Fixtures.callSid), ("To", "+41791234567"), ("CallStatus", "completed")]
        guard case .call(let call) = try receive("voice/status", fields) else {
            Issue.record("no call")
            return
        }
        #expect(call.purpose == "status")
        #expect(call.call == .ended)
        #expect(call.seconds == nil)
        #expect(try receive("voice/status", [("CallSid", Fixtures.callSid), ("CallStatus", "ringing")]) == .ignored)
    }

    @Test("who leaves a room is told with the time in it and the tenant; nothing else of rooms is")
    func rooms() throws {
        let sid = "PA00000000000000000000000000000004"
        let left = [
            ("StatusCallbackEvent", "participant-disconnected"), ("ParticipantSid", sid), ("ParticipantDuration", "90"),
        ]
        #expect(
            try receive("video/status", left) == .stayed(RoomStay(providerID: sid, tenant: "default", seconds: 90)))
        #expect(
            try receive("video/status?tenant=a%20b", left)
                == .stayed(RoomStay(providerID: sid, tenant: "a b", seconds: 90)))
        #expect(try receive("video/status", left.dropLast() + [("ParticipantDuration", "-1")]) == .ignored)
        #expect(try receive("video/status", [("StatusCallbackEvent", "room-ended")] + left.dropFirst()) == .ignored)
    }

    @Test(
        "a caller's call takes a second at least when it was answered",
        arguments: [("completed", "61", 61), ("completed", "0", 1), ("no-answer", "0", 0), ("completed", "-1", nil)]
            as [(String, String, Int?)])
    func inboundDuration(status: String, duration: String, seconds: Int?) throws {
        let fields = [
            ("CallSid", Fixtures.callSid), ("To", "+41791234567"), ("CallStatus", status), ("CallDuration", duration),
        ]
        guard case .call(let call) = try receive("voice/status", fields) else {
            Issue.record("no call")
            return
        }
        #expect(call.seconds == seconds)
    }

    @Test("unsigned requests are refused on every path")
    func refused() throws {
        let hooks = try Fixtures.provider().webhooks
        for path in hooks.paths {
            var request = signer.post(path, [("Body", "x")])
            #expect(hooks.receive(request) != .refused)
            request.body.append(UInt8(ascii: "y"))
            #expect(hooks.receive(request) == .refused)
            request.headers.removeAll { $0.name == "x-twilio-signature" }
            #expect(hooks.receive(request) == .refused)
        }
    }

    @Test("the paths are the public ones, and another name has its own")
    func paths() throws {
        let paths = try Fixtures.provider().webhooks.paths
        let words = [
            "sms", "sms/status", "whatsapp", "voice/inbound", "voice/menu-select", "voice/menu-selection",
            "voice/support-transfer", "voice/status", "voice/recording", "voice/alert", "voice/amd",
            "voice/menu-pin", "voice/whisper", "voice/voicemail", "voice/transcription", "conference/status",
            "video/status", "video/recording",
        ]
        let wanted = words.map { "/webhooks/twilio/" + $0 } + ["/twiml/warranty-alert", "/twiml/default-menu"]
        #expect(Set(paths) == Set(wanted))
        #expect(paths.count == wanted.count)
        let other = try Fixtures.provider { $0.name = "backup" }.webhooks.paths
        #expect(other.count == words.count)
        #expect(other.allSatisfy { $0.hasPrefix("/webhooks/backup/") })
    }

    @Test("other methods and paths are malformed")
    func malformed() throws {
        let hooks = try Fixtures.provider().webhooks
        var request = signer.post("/webhooks/twilio/sms", [])
        request.method = "DELETE"
        #expect(hooks.receive(request) == .malformed("method"))
        #expect(hooks.receive(signer.post("/webhooks/twilio/", [])) == .malformed("unknown_path"))
        #expect(hooks.receive(signer.post("/webhooks/other/sms", [])) == .malformed("unknown_path"))
    }

    @Test("a path is known as a whole, whatever its query")
    func wholePaths() throws {
        let hooks = try Fixtures.provider().webhooks
        for path in hooks.paths {
            #expect(hooks.receive(signer.post(path + "?a=?/", [])) != .malformed("unknown_path"))
            for other in [path + "s", String(path.dropLast()), String(path.dropLast()) + "?", path + "/", "?" + path] {
                #expect(hooks.receive(signer.post(other, [])) == .malformed("unknown_path"))
            }
        }
    }

    @Test("a request needs no other field than those that are read, and its answer none")
    func fieldsThatAreRead() throws {
        let hooks = try Fixtures.provider().webhooks
        for path in hooks.paths {
            let request = signer.post(path, [("MessageSid", Fixtures.messageSid), ("From", "+1"), ("To", "+2")])
            var bare = request
            bare.headers = hooks.fields.compactMap { name in
                request.headers.first { $0.isNamed(name) }.map { ProviderField(name, $0.value) }
            }
            #expect(bare.headers.count == 2)
            #expect(hooks.receive(bare) == hooks.receive(request))
            let target = WebhookRequest(method: "POST", target: request.target, headers: [], body: [])
            #expect(hooks.answer(.empty, to: target).body == hooks.answer(.empty, to: request).body)
            #expect(hooks.answer(.empty, to: target).contentType == hooks.answer(.empty, to: request).contentType)
        }
    }

    @Test("signed nonsense never crashes")
    func nonsense() throws {
        let provider = try Fixtures.provider()
        var random = SeededRandom(seed: 7)
        let names = [
            "MessageSid", "MessageStatus", "From", "To", "Body", "NumMedia", "MediaUrl0", "CallSid", "CallStatus",
            "Digits", "SequenceNumber", "SipResponseCode", "ErrorCode", "AnsweredBy", "SpeechResult",
        ]
        let values = [
            Fixtures.messageSid, Fixtures.callSid, "whatsapp:", "whatsapp:+1", "-1", "99999999999999999999", "\u{0}",
            "🚢", "completed", "failed", String(repeating: "9", count: 5_000), "nan", "",
        ]
        let paths = provider.webhooks.paths
        var understood = 0
        for _ in 0..<3_000 {
            let path = paths[Int(random.next() % UInt64(paths.count))]
            let fields = (0..<Int(random.next() % 8)).map { _ in
                (names[Int(random.next() % UInt64(names.count))], values[Int(random.next() % UInt64(values.count))])
            }
            let query = random.next() % 2 == 0 ? "?t=a&n=%FF%&menu" : "?&&=&%zz&t=" + String(random.next())
            switch provider.webhooks.receive(signer.post(path + query, fields)) {
            case .refused: Issue.record("the signature of \(fields) is right")
            case .ignored, .malformed: break
            default: understood += 1
            }
        }
        #expect(understood > 100)
    }

    @Test("unsigned random bytes are refused")
    func randomBytes() throws {
        let hooks = try Fixtures.provider().webhooks
        var random = SeededRandom(seed: 11)
        for _ in 0..<1_000 {
            let body = (0..<Int(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let header = String(decoding: body.prefix(40), as: UTF8.self)
            let request = WebhookRequest(
                method: "POST", target: "/webhooks/twilio/sms?" + header,
                headers: [
                    ProviderField("Content-Type", "application/x-www-form-urlencoded"),
                    ProviderField("X-Twilio-Signature", header),
                    ProviderField("X-Twilio-Webhooks-Signature-Settings", header),
                ], body: body)
            #expect(hooks.receive(request) == .refused)
        }
    }
}
