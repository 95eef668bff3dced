import Forms
import Gateway
import Testing

@testable import TwilioProvider

@Suite("Look-up, status query and recall")
struct LookUpTests {
    /// Mon, 22 Aug 2011 20:58:45 +0000.
    private let since = Timestamp(milliseconds: 1_314_046_725_000)

    private func entry(_ sid: String, _ change: [String: String] = [:]) -> String {
        var fields = [
            "sid": sid, "to": "+447700900142", "from": "+41791234567", "body": "Hello & goodbye",
            "direction": "outbound-api", "status": "sent", "date_created": "Mon, 22 Aug 2011 20:58:46 +0000",
        ]
        fields.merge(change) { $1 }
        return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
            + "}"
    }

    private func lookUp(
        _ entries: [String], list: String = "messages", next: String? = nil, taken: Set<String> = [],
        of outbound: OutboundRequest? = nil
    ) throws -> LookUpStep {
        let uri = next.map { "\"\($0)\"" } ?? "null"
        let body = "{\"\(list)\":[\(entries.joined(separator: ","))],\"next_page_uri\":\(uri)}"
        return try Fixtures.provider().lookUpResult(
            of: Fixtures.answer(200, body), for: outbound ?? .message(Fixtures.message), since: since, taken: taken)
    }

    private func isFound(_ step: LookUpStep, _ sid: String) -> Bool {
        if case .done(.found(sid, _)) = step { true } else { false }
    }

    private let sid = Fixtures.messageSid

    @Test("the list is asked for by both numbers")
    func request() throws {
        let provider = try Fixtures.provider()
        let request = provider.lookUpRequest(for: .message(Fixtures.message), since: since)
        #expect(request.method == "GET")
        #expect(request.url.hasSuffix("/Messages.json?To=%2B447700900142&From=%2B41791234567&PageSize=50"))
        var service = Fixtures.message
        service.kind = .whatsapp
        service.from = "MG00000000000000000000000000000009"
        let other = provider.lookUpRequest(for: .message(service), since: since)
        #expect(other.url.hasSuffix("/Messages.json?To=whatsapp%3A%2B447700900142&PageSize=50"))
        let call = provider.lookUpRequest(for: .call(Fixtures.call), since: since)
        #expect(call.url.hasSuffix("/Calls.json?To=%2B447700900142&From=%2B41791234567&PageSize=50"))
    }

    @Test("the message is found with the evidence that it has by now")
    func found() throws {
        var report = AttemptReport(.sent, status: .sent)
        report.providerID = sid
        #expect(try lookUp([entry(sid)]) == .done(.found(providerID: sid, report: report)))
    }

    @Test("what belongs to another attempt, is older, or says something else is not taken")
    func notTaken() throws {
        #expect(try lookUp([entry(sid)], taken: [sid]) == .done(.absent))
        #expect(try lookUp([entry(sid, ["date_created": "Mon, 22 Aug 2011 19:53:14 +0000"])]) == .done(.absent))
        #expect(try lookUp([entry(sid, ["body": "Hello"])]) == .done(.absent))
        #expect(try lookUp([entry(sid, ["to": "+447700900143"])]) == .done(.absent))
        #expect(try lookUp([entry(sid, ["from": "+41791234568"])]) == .done(.absent))
        #expect(try lookUp([entry(sid, ["direction": "inbound"])]) == .done(.absent))
        #expect(try lookUp([entry("nonsense")]) == .done(.absent))
        #expect(try lookUp([]) == .done(.absent))
    }

    @Test("a clock that is a little behind, a date that is missing and changed punctuation still match")
    func tolerant() throws {
        #expect(isFound(try lookUp([entry(sid, ["date_created": "Mon, 22 Aug 2011 20:58:16 +0000"])]), sid))
        #expect(isFound(try lookUp([entry(sid, ["date_created": ""])]), sid))
        #expect(isFound(try lookUp([entry(sid, ["body": "Hello – goodbye"])]), sid))
    }

    @Test("an equal text that nobody knows, from the hour before, proves nothing: our clock may have been wrong")
    func unclear() throws {
        let before = ["date_created": "Mon, 22 Aug 2011 20:58:14 +0000"]
        let older = ["date_created": "Mon, 22 Aug 2011 19:53:15 +0000"]
        #expect(try lookUp([entry(sid, before)]) == .done(.unclear))
        #expect(try lookUp([entry(sid, older)]) == .done(.unclear))
        #expect(try lookUp([entry(sid, before)], taken: [sid]) == .done(.absent))
        #expect(try lookUp([entry(sid, before.merging(["body": "Hello"]) { $1 })]) == .done(.absent))
        let path = "/2010-04-01/Accounts/\(Fixtures.accountSid)/Messages.json?Page=1"
        guard case .next = try lookUp([entry(sid, before)], next: path, taken: [sid]) else {
            Issue.record("what may be it can be on the next page")
            return
        }
        // No call is made again because it was not found, so it need not be found at any price.
        let other = entry(Fixtures.callSid, before)
        #expect(try lookUp([other], list: "calls", of: .call(Fixtures.call)) == .done(.absent))
    }

    @Test("texts without letters must be equal")
    func noLetters() throws {
        var message = Fixtures.message
        message.text = "!!!"
        #expect(try lookUp([entry(sid, ["body": "???"])], of: .message(message)) == .done(.absent))
        #expect(isFound(try lookUp([entry(sid, ["body": "!!!"])], of: .message(message)), sid))
    }

    @Test("a template is matched by time and numbers, as its text is Twilio's")
    func template() throws {
        var message = Fixtures.message
        message.template = TemplateContent(contentID: "HX00000000000000000000000000000001", variables: [])
        #expect(isFound(try lookUp([entry(sid, ["body": "whatever"])], of: .message(message)), sid))
    }

    @Test("a template's text shows its values; one that does not may be another message to the same number")
    func templateValues() throws {
        var message = Fixtures.message
        message.template = TemplateContent(
            contentID: "HX00000000000000000000000000000001", variables: ["Main engine", "20 May", ""])
        let own = entry(sid, ["body": "Main “engine”: please look until 20. May."])
        #expect(isFound(try lookUp([own], of: .message(message)), sid))
        #expect(isFound(try lookUp([entry(sid, ["body": ""])], of: .message(message)), sid))
        let other = entry("SM99999999999999999999999999999999", ["body": "Main engine: please look until 21 May."])
        #expect(try lookUp([other], of: .message(message)) == .done(.unclear))
        #expect(isFound(try lookUp([other, own], of: .message(message)), sid))
        let taken: Set = ["SM99999999999999999999999999999999"]
        #expect(try lookUp([other], taken: taken, of: .message(message)) == .done(.absent))
    }

    @Test("the next page is followed within the account only, and not for ever")
    func paging() throws {
        let path = "/2010-04-01/Accounts/\(Fixtures.accountSid)/Messages.json?Page="
        let other = entry(sid, ["body": "x"])
        guard case .next(let request) = try lookUp([other], next: path + "1") else {
            Issue.record("no next page")
            return
        }
        #expect(request.url == "https://api.twilio.com" + path + "1")
        #expect(try lookUp([other], next: path + "20") == .done(.unanswered))
        #expect(try lookUp([other], next: "https://evil.example/") == .done(.unanswered))
        #expect(try lookUp([other], next: path + "/../../x") == .done(.unanswered))
        #expect(try lookUp([], next: path + "1") == .done(.unanswered))
        let old = entry(sid, ["date_created": "Mon, 22 Aug 2011 10:00:00 +0000"])
        #expect(try lookUp([old], next: path + "1") == .done(.absent))
    }

    @Test("no list is no answer")
    func unanswered() throws {
        let provider = try Fixtures.provider()
        for answer in [
            Fixtures.answer(503, "{}"), Fixtures.answer(401, #"{"code":20003}"#), Fixtures.answer(200, "<html>"),
            Fixtures.answer(200, "{}"), .notSent(.dns), .broken(.timeout),
        ] {
            let step = provider.lookUpResult(
                of: answer, for: .message(Fixtures.message), since: since, taken: [])
            #expect(step == .done(.unanswered))
        }
    }

    @Test("a call is found by its numbers and time")
    func call() throws {
        let ringing = entry(Fixtures.callSid, ["status": "ringing", "body": ""])
        let step = try lookUp([ringing], list: "calls", of: .call(Fixtures.call))
        guard case .done(.found(Fixtures.callSid, let report)) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(report.call == .ringing)
        let incoming = entry(Fixtures.callSid, ["direction": "inbound"])
        #expect(try lookUp([incoming], list: "calls", of: .call(Fixtures.call)) == .done(.absent))
    }

    @Test("a status query says what the resource says, and nothing otherwise")
    func poll() throws {
        let provider = try Fixtures.provider()
        #expect(provider.pollRequest(providerID: sid, kind: .sms).url.hasSuffix("/Messages/\(sid).json"))
        #expect(provider.pollRequest(providerID: "a/../b", kind: .voice).url.hasSuffix("/Calls/a%2F..%2Fb.json"))
        let body = #"{"sid":"\#(sid)","status":"undelivered","error_code":30006}"#
        let report = provider.pollResult(of: Fixtures.answer(200, body), kind: .sms)
        #expect(report?.outcome == .undelivered)
        #expect(report?.failure?.marksUnfit == true)
        #expect(report?.mark == nil)
        let call = #"{"sid":"\#(Fixtures.callSid)","status":"completed","answered_by":"human"}"#
        let answered = provider.pollResult(of: Fixtures.answer(200, call), kind: .voice)
        #expect(answered?.level == .delivered)
        #expect(answered?.call == .ended)
        #expect(provider.pollResult(of: Fixtures.answer(404, body), kind: .sms) == nil)
        #expect(provider.pollResult(of: Fixtures.answer(200, "{}"), kind: .sms) == nil)
        #expect(provider.pollResult(of: .broken(.closed), kind: .sms) == nil)
    }

    @Test("a message is cancelled, a ringing call too, a room ended")
    func recall() throws {
        let provider = try Fixtures.provider()
        let message = provider.recallRequest(providerID: sid, kind: .whatsapp)
        #expect(message.method == "POST")
        #expect(message.url.hasSuffix("/Messages/\(sid).json"))
        #expect(Form(parsing: message.body)["Status"] == "canceled")
        let call = provider.recallRequest(providerID: Fixtures.callSid, kind: .voice)
        #expect(call.url.hasSuffix("/Calls/\(Fixtures.callSid).json"))
        let room = provider.recallRequest(providerID: "RM1", kind: .video)
        #expect(room.url == "https://video.twilio.com/v1/Rooms/RM1")
        #expect(Form(parsing: room.body)["Status"] == "completed")
    }

    @Test("running rooms are listed page by page; only number and token of the next page are taken over")
    func rooms() throws {
        let provider = try Fixtures.provider()
        #expect(
            provider.roomListRequest(limit: 5_000, cursor: nil).url
                == "https://video.twilio.com/v1/Rooms?Status=in-progress&PageSize=100")
        let rm = "RM00000000000000000000000000000003"
        let body = """
            {"rooms":[{"sid":"\(rm)","unique_name":"a","status":"in-progress","date_created":"2026-01-02T03:04:05Z",
            "end_time":null,"max_participants":4,"max_participant_duration":7200},{"sid":"x"}],
            "meta":{"next_page_url":"https://elsewhere.example/v1/Rooms?PageSize=2&Page=1&PageToken=PT%26x.y"}}
            """
        let page = try provider.roomListResult(of: Fixtures.answer(200, body))
        var room = Room(providerID: rm, name: "a")
        room.created = "2026-01-02T03:04:05Z"
        room.maxParticipants = 4
        room.maxDuration = .seconds(7_200)
        #expect(page.rooms == [room])
        #expect(page.next == "1.PT&x.y")
        #expect(
            provider.roomListRequest(limit: 2, cursor: page.next).url
                == "https://video.twilio.com/v1/Rooms?Status=in-progress&PageSize=2&Page=1&PageToken=PT%26x.y")
        let last = try provider.roomListResult(
            of: Fixtures.answer(200, #"{"rooms":[],"meta":{"next_page_url":null}}"#))
        #expect(last == RoomPage(rooms: []))
        #expect(throws: ProviderError.self) { try provider.roomListResult(of: Fixtures.answer(200, "{}")) }
    }

    @Test("no answer, no room and a refusal of a room are told apart")
    func roomErrors() throws {
        let provider = try Fixtures.provider()
        let cases: [(ProviderAnswer, String)] = [
            (.broken(.closed), "no_answer"), (.notSent(.connect), "no_answer"),
            (Fixtures.answer(503, "{}"), "no_answer"), (Fixtures.answer(404, #"{"code":20404}"#), "no_room"),
            (Fixtures.answer(400, #"{"code":53113}"#), "refused"), (Fixtures.answer(200, "{}"), "bad_answer"),
        ]
        for (answer, code) in cases {
            let error = #expect(throws: ProviderError.self) { try provider.roomResult(of: answer) }
            #expect(error?.code == code)
        }
        #expect(provider.saysRoomExists(ProviderFailure(.unknown, .hold, code: 53113)))
        #expect(!provider.saysRoomExists(ProviderFailure(.unknown, .hold, code: 53104)))
        let ended = """
            {"sid":"RM00000000000000000000000000000003","unique_name":"a","status":"completed",
            "end_time":"2026-01-02T03:04:05Z"}
            """
        let room = try provider.roomResult(of: Fixtures.answer(202, ended))
        #expect(!room.isRunning && room.ended == "2026-01-02T03:04:05Z")
    }

    @Test("a room is created by name, and read back")
    func room() throws {
        let provider = try Fixtures.provider()
        let request = try provider.request(for: .room(RoomRequest(name: "boat-7", maxParticipants: 4)))
        #expect(request.url == "https://video.twilio.com/v1/Rooms")
        let form = Form(parsing: request.body)
        #expect(form["UniqueName"] == "boat-7")
        #expect(form["MaxParticipants"] == "4")
        #expect(form["MaxParticipantDuration"] == nil)
        #expect(form["StatusCallback"]?.hasSuffix("/webhooks/twilio/video/status") == true)
        var others = RoomRequest(name: "boat-7", maxParticipants: 4)
        others.tenant = "a b"
        #expect(
            Form(parsing: try provider.request(for: .room(others)).body)["StatusCallback"]?
                .hasSuffix("/webhooks/twilio/video/status?tenant=a%20b") == true)
        var long = RoomRequest(name: "boat-7", maxParticipants: 4)
        long.maxDuration = .seconds(3_600)
        #expect(
            Form(parsing: try provider.request(for: .room(long)).body)["MaxParticipantDuration"] == "3600")
        long.maxDuration = .seconds(599)
        #expect(throws: ProviderError.self) { try provider.request(for: .room(long)) }
        #expect(throws: ProviderError.self) {
            try provider.request(for: .room(RoomRequest(name: "boat-7", maxParticipants: 51)))
        }
        let rm = "RM00000000000000000000000000000003"
        let answer = Fixtures.answer(201, #"{"sid":"\#(rm)","unique_name":"boat-7"}"#)
        #expect(try provider.roomResult(of: answer) == Room(providerID: rm, name: "boat-7"))
        #expect(provider.roomRequest(named: "boat 7").url == "https://video.twilio.com/v1/Rooms/boat%207")
        do {
            _ = try provider.roomResult(of: Fixtures.answer(400, #"{"code":53113}"#))
            Issue.record("a refusal is an error")
        } catch {
            #expect(error.code == "refused")
            #expect(error.failure?.code == 53113)
        }
    }

    @Test(
        "dates of the 2010 API are read, everything else is none",
        arguments: [
            ("Mon, 22 Aug 2011 20:58:45 +0000", Int64?.some(1_314_046_725_000)),
            ("Thu, 29 Feb 2024 00:00:00 +0000", 1_709_164_800_000),
            ("Thu, 01 Jan 1970 01:00:00 +0100", 0), ("01 Jan 1970 00:00:01 +0000", 1_000),
            ("Mon, 22 Aug 2011 20:58:45 GMT", nil), ("2011-08-22T20:58:45Z", nil), ("", nil),
            ("Mon, 32 Aug 2011 20:58:45 +0000", nil), ("Mon, 22 Aug 99999999999999999999 20:58:45 +0000", nil),
            ("Mon, 22 Aug 2011 20:58 +0000", nil), ("Mon, 22 Aug 2011 20:58:45 +00é0", nil),
        ])
    func dates(_ text: String, _ wanted: Int64?) {
        #expect(MailDate.parse(text)?.milliseconds == wanted)
    }
}
