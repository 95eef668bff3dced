import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Conferences of the telephone")
struct ConferenceTests {
    static let hook = "https://app.example/conference"
    static let path = SimulatorBench.account + "/Conferences"
    static let events = "start end join leave mute hold modify speaker announcement"

    /// A simulator whose handsets answer after a second, but for two.
    static func bench(_ more: [(String, JSONValue)] = []) throws -> SimulatorBench {
        var members: [(String, JSONValue)] = [
            ("calls", "1000/s"), ("speech", "1s"), ("play", "3s"), ("latency", "20ms"),
            (
                "phones",
                [
                    "+4477009001*": ["voice": ["ring": "1s", "answer": "human"]],
                    "+447700900180": ["voice": ["outcome": "busy"]],
                    "+447700900181": ["voice": ["ring": "1s", "answer": "human", "do": [["hear": "10s"], "hangup"]]],
                ]
            ),
        ]
        members += more
        return try SimulatorBench(.object(JSONObject(members)))
    }

    @discardableResult
    static func invite(
        _ bench: SimulatorBench, _ number: String, to name: String = "survey", _ more: [(String, String)] = []
    ) -> HTTPResponse {
        bench.send(
            "POST", "\(path)/\(name)/Participants.json",
            [
                ("To", number), ("From", "+41791234567"), ("ConferenceStatusCallback", hook),
                ("ConferenceStatusCallbackEvent", events),
            ] + more)
    }

    static func roster(_ bench: SimulatorBench, _ sid: String, _ query: String = "") -> [JSONValue] {
        bench.send("GET", "\(path)/\(sid)/Participants.json\(query)").json["participants"]?.array ?? []
    }

    @Test("comes into being with its first participant, begins when one is in, and ends with the last")
    func life() throws {
        let bench = try Self.bench()
        let first = Self.invite(bench, "+447700900142", [("Label", "ana")])
        #expect(first.status == 201 && first.json["status"] == "queued" && first.json["label"] == "ana")
        try WireFormatTests.check(first.json, "conference participant")
        let sid = first.json["conference_sid"]?.string ?? ""
        let whole = bench.send("GET", "\(Self.path)/\(sid).json").json
        #expect(whole["status"] == "init" && whole["friendly_name"] == "survey")
        #expect(Self.invite(bench, "+447700900143").json["conference_sid"]?.string == sid)
        bench.pass(5000)
        #expect(bench.send("GET", "\(Self.path)/\(sid).json").json["status"] == "in-progress")
        #expect(Self.roster(bench, sid).map { $0["status"]?.string } == ["connected", "connected"])
        #expect(
            bench.send("GET", "\(Self.path)/\(sid)/Participants/ana.json").json["call_sid"] == first.json["call_sid"])
        for number in ["+447700900142", "+447700900143"] {
            bench.control("POST", "phones/\(number)/hangup")
            bench.pass(1000)
        }
        let over = bench.send("GET", "\(Self.path)/\(sid).json").json
        try WireFormatTests.check(over, "conference")
        #expect(over["status"] == "completed" && over["reason_conference_ended"] == "last-participant-left")
        #expect(Self.roster(bench, sid).isEmpty)
        #expect(
            bench.values("StatusCallbackEvent", to: Self.hook) == [
                "participant-join", "conference-start", "participant-join", "participant-leave", "participant-leave",
                "conference-end",
            ])
        #expect(bench.values("SequenceNumber", to: Self.hook) == (1...6).map { String($0) })
        #expect(bench.values("ParticipantLabel", to: Self.hook).first == "ana")
        let list = bench.send("GET", "\(Self.path).json?Status=completed&FriendlyName=survey").json
        #expect(list["conferences"]?.array?.count == 1)
        #expect(bench.send("GET", "\(Self.path).json").json["conferences"]?.array?.isEmpty == true)
        #expect(Self.invite(bench, "+447700900142").json["conference_sid"]?.string != sid)
        let late = bench.send(
            "POST", "\(Self.path)/\(sid)/Participants.json", [("To", "+447700900142"), ("From", "+41791234567")])
        #expect(late.status == 404 && late.json["code"] == 16022)
    }

    @Test("waits for a host, and is over for everybody when the host leaves")
    func host() throws {
        let bench = try Self.bench()
        let sid =
            Self.invite(bench, "+447700900142", [("StartConferenceOnEnter", "false")]).json["conference_sid"]?
            .string ?? ""
        bench.pass(60_000)
        #expect(bench.send("GET", "\(Self.path)/\(sid).json").json["status"] == "init")
        Self.invite(bench, "+447700900181", [("EndConferenceOnExit", "true"), ("Label", "host")])
        bench.pass(20_000)
        let over = bench.send("GET", "\(Self.path)/\(sid).json").json
        #expect(over["reason_conference_ended"] == "participant-with-end-conference-on-exit-left")
        let end = try #require(bench.hooks.last { $0.request.url == Self.hook })
        #expect(end.form["ParticipantLabelEndingConference"] == "host")
        #expect(bench.control("GET", "state").json["live_calls"] == 0)
    }

    @Test("whoever does not answer is reported as gone, and leaves nobody waiting")
    func unanswered() throws {
        let bench = try Self.bench()
        let sid = Self.invite(bench, "+447700900180").json["conference_sid"]?.string ?? ""
        bench.settle()
        #expect(bench.values("ParticipantCallStatus", to: Self.hook).first == "busy")
        #expect(bench.send("GET", "\(Self.path)/\(sid).json").json["status"] == "completed")
        #expect(
            bench.values("StatusCallbackEvent", to: Self.hook) == ["participant-leave", "conference-end"])
    }

    @Test("participants are muted, held, coached, kicked, and told something")
    func control() throws {
        let bench = try Self.bench()
        let first = Self.invite(bench, "+447700900142", [("Label", "ana")]).json
        let sid = first["conference_sid"]?.string ?? ""
        Self.invite(bench, "+447700900143", [("Label", "ben")])
        bench.pass(5000)
        let ana = "\(Self.path)/\(sid)/Participants/ana.json"
        #expect(bench.send("POST", ana, [("Muted", "true")]).json["muted"] == true)
        #expect(Self.roster(bench, sid, "?Muted=true").count == 1)
        bench.send("POST", ana, [("Muted", "true")])
        bench.send("POST", ana, [("Muted", "false"), ("Hold", "true")])
        #expect(bench.send("POST", ana, [("Muted", "perhaps")]).json["code"] == 20001)
        #expect(bench.send("POST", ana, [("Coaching", "true")]).json["code"] == 20001)
        let coach = [("Coaching", "true"), ("CallSidToCoach", "CA1")]
        #expect(bench.send("POST", ana, coach).json["call_sid_to_coach"] == "CA1")
        bench.application = { _ in (0, .success(.twiml("<Say>Five minutes</Say>"))) }
        bench.send("POST", ana, [("AnnounceUrl", "https://app.example/five")])
        bench.application = { _ in (0, .failure(.connect)) }
        bench.send("POST", "\(Self.path)/\(sid).json", [("AnnounceUrl", "https://app.example/none")])
        bench.application = { _ in (0, .success(HTTPResponse(status: 204))) }
        bench.pass(5000)
        #expect(bench.send("DELETE", ana).status == 204)
        #expect(bench.send("DELETE", ana).json["code"] == 20404)
        bench.send("POST", "\(Self.path)/\(sid).json", [("Status", "completed")])
        #expect(bench.send("POST", "\(Self.path)/\(sid).json", [("Status", "completed")]).json["code"] == 16022)
        bench.settle()
        let events = bench.values("StatusCallbackEvent", to: Self.hook).dropFirst(3)
        #expect(
            events.filter { !$0.hasPrefix("announcement") } == [
                "participant-mute", "participant-unmute", "participant-hold", "participant-modify",
                "participant-leave", "participant-leave", "conference-end",
            ])
        #expect(Set(events.filter { $0.hasPrefix("announcement") }) == ["announcement-end", "announcement-fail"])
        #expect(bench.values("ReasonConferenceEnded", to: Self.hook).contains("conference-ended-via-api"))
        #expect(bench.control("GET", "state").json["live_calls"] == 0)
    }

    @Test("holds 250 people, ten others beside it with 20 each, and refuses the next one")
    func limit() throws {
        let bench = try Self.bench()
        var sid = ""
        for index in 0..<250 {
            let answer = Self.invite(bench, "+4477009001\(100 + index)", to: "crowd", [("Label", "p\(index)")])
            #expect(answer.status == 201)
            sid = answer.json["conference_sid"]?.string ?? ""
        }
        let refused = Self.invite(bench, "+447700900199", to: "crowd")
        #expect(refused.status == 400 && refused.json["code"] == 16020)
        for index in 0..<200 { Self.invite(bench, "+4477009001\(400 + index)", to: "room\(index % 10)") }
        bench.pass(10_000)
        #expect(Self.roster(bench, sid, "?PageSize=1000").count { $0["status"] == "connected" } == 250)
        let list = bench.send("GET", "\(Self.path).json").json["conferences"]?.array ?? []
        #expect(list.count == 11)
        for conference in list where conference["friendly_name"] != "crowd" {
            #expect(Self.roster(bench, conference["sid"]?.string ?? "").count == 20)
        }
        let small = Self.invite(bench, "+447700900142", to: "small", [("MaxParticipants", "2")])
        Self.invite(bench, "+447700900143", to: "small")
        #expect(small.status == 201 && Self.invite(bench, "+447700900144", to: "small").json["code"] == 16020)
    }

    @Test("instructions lead a call into a conference, and go on when it is over")
    func instructions() throws {
        let bench = try Self.bench()
        let base = "https://app.example/"
        bench.application = { hook in
            let verbs =
                #"<Dial action="after"><Conference statusCallback="conference" participantLabel="ana" "#
                + #"statusCallbackEvent="start end join leave" record="record-from-start">survey</Conference></Dial>"#
            let isStart = hook.request.url == base + "start"
            let isAfter = hook.request.url == base + "after"
            return (0, .success(.twiml(isStart ? verbs : isAfter ? "<Say>bye</Say>" : "")))
        }
        bench.send(
            "POST", SimulatorBench.account + "/Calls.json",
            [("To", "+447700900142"), ("From", "+41791234567"), ("Url", base + "start")])
        bench.pass(10_000)
        let list = bench.send("GET", "\(Self.path).json").json["conferences"]?.array ?? []
        let sid = list.first?["sid"]?.string ?? ""
        #expect(Self.roster(bench, sid).first?["label"] == "ana")
        bench.send("POST", "\(Self.path)/\(sid).json", [("Status", "completed")])
        bench.settle()
        #expect(bench.values("DialCallStatus", to: base + "after") == ["completed"])
        #expect(
            bench.values("StatusCallbackEvent", to: base + "conference") == [
                "participant-join", "conference-start", "participant-leave", "conference-end",
            ])
        let recordings = bench.send("GET", "\(Self.path)/\(sid)/Recordings.json").json["recordings"]?.array ?? []
        #expect(recordings.first?["source"] == "Conference" && recordings.first?["conference_sid"]?.string == sid)
    }

    @Test("callbacks of a conference are signed")
    func signed() throws {
        let bench = try Self.bench()
        Self.invite(bench, "+447700900142")
        bench.pass(5000)
        let hook = try #require(bench.hooks.first { $0.request.url == Self.hook })
        let form = hook.form.fields.map { ($0.name, $0.value) }
        let wanted = WebhookSigner.signature(url: Self.hook, form: form, key: "token", algorithm: .sha1)
        #expect(hook.request.headers[first: "X-Twilio-Signature"] == wanted)
    }
}
