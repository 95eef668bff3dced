import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Life of a call")
struct CallLifeCycleTests {
    static let status = "https://app.example/status"
    static let twiml = "https://app.example/twiml"
    static let amd = "https://app.example/amd"
    static let calls = SimulatorBench.account + "/Calls.json"
    static let form =
        [
            ("To", "+447700900142"), ("From", "+41791234567"), ("Url", twiml), ("StatusCallback", status),
        ] + ["initiated", "ringing", "answered", "completed"].map { ("StatusCallbackEvent", $0) }

    static func bench(_ voice: JSONValue, verbs: String = "<Say>one two three</Say>") throws -> SimulatorBench {
        let bench = try SimulatorBench(["calls": "100/s", "phones": ["+447700900142": ["voice": voice]]])
        bench.application = { hook in
            (0, .success(hook.request.url == twiml ? .twiml(verbs) : HTTPResponse(status: 204)))
        }
        return bench
    }

    static func place(_ bench: SimulatorBench, _ extra: [(String, String)] = []) -> String {
        bench.send("POST", calls, form + extra).json["sid"]?.string ?? ""
    }

    static func fetch(_ bench: SimulatorBench, _ sid: String) -> JSONValue {
        bench.send("GET", SimulatorBench.account + "/Calls/\(sid).json").json
    }

    @Test("an answered call rings, fetches its instructions, talks and is completed with its duration")
    func answered() throws {
        let bench = try Self.bench(["ring": "2s", "answer": "human"])
        let sid = Self.place(bench)
        #expect(Self.fetch(bench, sid)["status"]?.string == "queued")
        bench.pass(1000)
        #expect(Self.fetch(bench, sid)["status"]?.string == "ringing")
        bench.settle()
        #expect(bench.values("CallStatus", to: Self.status) == ["initiated", "ringing", "in-progress", "completed"])
        #expect(bench.values("SequenceNumber", to: Self.status) == ["0", "1", "2", "3"])
        let last = try #require(bench.hooks.last?.form)
        #expect(last["CallDuration"] == "2" && last["Duration"] == "1" && last["SipResponseCode"] == "200")
        #expect(last["CallbackSource"] == "call-progress-events")
        #expect(last["Timestamp"] == "Thu, 01 Jan 2026 00:00:03 +0000")
        let call = Self.fetch(bench, sid)
        #expect(call["status"]?.string == "completed" && call["duration"]?.string == "2")
        #expect(call["price"]?.string == "-0.01300")
        let request = try #require(bench.hooks.first { $0.request.url == Self.twiml }?.form)
        #expect(request["CallSid"] == sid && request["Direction"] == "outbound-api")
        #expect(request["CallStatus"] == "in-progress")
    }

    @Test(
        "each unanswered call ends with its status and SIP code",
        arguments: [
            (["outcome": "busy"], "busy", "486", false),
            (["outcome": "no_answer", "ring": "9s"], "no-answer", "480", true),
            (["outcome": "declined", "ring": "1s"], "busy", "603", true),
            (["outcome": "failed"], "failed", "404", false),
            (["answer": "human", "ring": "40s"], "no-answer", "487", true),
        ] as [(JSONValue, String, String, Bool)])
    func unanswered(voice: JSONValue, status: String, sip: String, rings: Bool) throws {
        let bench = try Self.bench(voice)
        let sid = Self.place(bench, [("Timeout", "30")])
        bench.settle()
        let seen = bench.values("CallStatus", to: Self.status)
        #expect(seen == (rings ? ["initiated", "ringing", status] : ["initiated", status]))
        #expect(bench.hooks.last?.form["SipResponseCode"] == sip)
        #expect(bench.hooks.last?.form["CallDuration"] == "0")
        #expect(Self.fetch(bench, sid)["price"] == .null)
    }

    @Test("without StatusCallbackEvent only the end is reported")
    func onlyCompleted() throws {
        let bench = try Self.bench(["ring": "1s", "answer": "human"])
        bench.send("POST", Self.calls, Array(Self.form.prefix(4)))
        bench.settle()
        #expect(bench.values("CallStatus", to: Self.status) == ["completed"])
    }

    @Test(
        "machine detection reports what the script says, when it can be known",
        arguments: [
            ("human", "Enable", nil, "human", 2000), ("machine", "Enable", nil, "machine_start", 4000),
            ("machine", "DetectMessageEnd", nil, "machine_end_beep", 9000), ("fax", "Enable", nil, "fax", 2000),
            ("human", "Enable", "machine", "machine_start", 2000), ("machine", "Enable", "human", "human", 4000),
        ] as [(String, String, String?, String, Int64)])
    func detection(answer: String, mode: String, detected: String?, answeredBy: String, after: Int64) throws {
        var voice: [(String, JSONValue)] = [("ring", "1s"), ("answer", .string(answer)), ("greeting", "9s")]
        if let detected { voice.append(("detected_as", .string(detected))) }
        for isAsync in [false, true] {
            let bench = try Self.bench(.object(JSONObject(voice)), verbs: "<Pause length=\"20\"/>")
            var extra = [("MachineDetection", mode)]
            if isAsync { extra += [("AsyncAmd", "true"), ("AsyncAmdStatusCallback", Self.amd)] }
            let sid = Self.place(bench, extra)
            bench.settle()
            let hook = try #require(bench.hooks.first { $0.request.url == (isAsync ? Self.amd : Self.twiml) })
            #expect(hook.form["AnsweredBy"] == answeredBy)
            #expect(hook.form["MachineDetectionDuration"] == String(after))
            #expect(hook.time - 1_767_225_600_000 == 1200 + after)
            #expect(Self.fetch(bench, sid)["answered_by"]?.string == answeredBy)
        }
    }

    @Test("nothing is left of a simulator that goes away in the middle of a call")
    func goesAway() throws {
        var bench: SimulatorBench? = try Self.bench(["ring": "1s", "answer": "human"], verbs: "<Pause length=\"60\"/>")
        weak let exchange = bench?.simulator.parts.exchange
        if let bench { _ = Self.place(bench) }
        bench?.pass(5000)
        #expect(exchange?.liveCount == 1)
        bench = nil
        #expect(exchange == nil)
    }

    @Test("a ringing call is taken back, a live one is hung up or redirected, one that is over refuses with 21220")
    func updates() throws {
        let bench = try Self.bench(["ring": "3s", "answer": "human"], verbs: "<Pause length=\"60\"/>")
        let first = Self.place(bench)
        bench.pass(1000)
        let path = SimulatorBench.account + "/Calls/"
        #expect(
            bench.send("POST", path + first + ".json", [("Status", "canceled")]).json["status"]?.string == "canceled")
        #expect(bench.values("CallStatus", to: Self.status).last == "canceled")
        #expect(bench.send("POST", path + first + ".json", [("Status", "completed")]).json["code"]?.int == 21220)
        let second = Self.place(bench)
        bench.pass(5000)
        bench.send("POST", path + second + ".json", [("Twiml", "<Response><Pause length=\"10\"/></Response>")])
        bench.settle()
        #expect(Self.fetch(bench, second)["duration"]?.string == "12")
        let third = Self.place(bench)
        bench.pass(5000)
        #expect(
            bench.send("POST", path + third + ".json", [("Status", "completed")]).json["status"]?.string == "completed")
    }

    @Test("calls leave at the account's rate and wait in the queue until then; the time limit ends them")
    func rate() throws {
        let bench = try SimulatorBench(["phones": ["default": ["voice": ["ring": "0s", "answer": "human"]]]])
        bench.application = { _ in (0, .success(.twiml("<Pause length=\"100\"/>"))) }
        let sids = (0..<3).map { _ in Self.place(bench, [("TimeLimit", "7")]) }
        bench.pass(1500)
        #expect(sids.map { Self.fetch(bench, $0)["status"]?.string } == ["in-progress", "in-progress", "queued"])
        bench.settle()
        #expect(sids.map { Self.fetch(bench, $0)["duration"]?.string } == ["7", "7", "7"])
        #expect(Self.fetch(bench, sids[2])["queue_time"]?.string == "2000")
        let list = bench.send("GET", Self.calls + "?Status=completed&PageSize=2").json
        #expect(list["calls"]?.array?.count == 2)
        #expect(list["next_page_uri"]?.string != nil)
    }

    @Test(
        "instructions that cannot be had or read end the call with the error's code",
        arguments: [
            (HTTPResponse.twiml("<Say>"), "12100"), (HTTPResponse(status: 500), "11217"),
            (HTTPResponse(status: 200, body: Array("<Response/>".utf8)), "12300"),
        ])
    func badInstructions(response: HTTPResponse, code: String) throws {
        let bench = try Self.bench(["ring": "1s", "answer": "human"])
        bench.application = { hook in
            (0, .success(hook.request.url == Self.twiml ? response : HTTPResponse(status: 204)))
        }
        _ = Self.place(bench)
        bench.settle()
        #expect(bench.values("CallStatus", to: Self.status).last == "completed")
        #expect(bench.values("ErrorCode", to: Self.status).last == code)
    }

    @Test(
        "each mistake in a create has the provider's code",
        arguments: [
            (["To": ""], 21201), (["From": ""], 21213), (["Url": ""], 21205), (["Url": "nonsense"], 21205),
            (["To": "123"], 21211), (["From": "+15005550001"], 21212), (["To": "+15005550001"], 21217),
            (["To": "+15005550002"], 21214), (["To": "+15005550003"], 21215), (["To": "+15005550004"], 21216),
            (["MachineDetection": "Enable", "AsyncAmd": "true"], 21262), (["Timeout": "601"], 20001),
        ] as [([String: String], Int64)])
    func mistakes(change: [String: String], code: Int64) throws {
        let bench = try Self.bench(["answer": "human"])
        let good = ["To": "+447700900142", "From": "+41791234567", "Url": Self.twiml]
        let form = good.merging(change) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        #expect(bench.send("POST", Self.calls, form).json["code"]?.int == code)
    }
}
