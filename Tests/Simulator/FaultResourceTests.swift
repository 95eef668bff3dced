import Forms
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Faults of calls and rooms, and the pace of senders")
struct FaultResourceTests {
    /// A kind of resource that an application creates.
    enum Resource: String, CaseIterable, Sendable {
        case messages = "Messages"
        case calls = "Calls"
        case rooms = "Rooms"

        static let callback = "https://app.example/status"

        var path: String {
            self == .rooms ? "/video/v1/Rooms" : SimulatorBench.account + "/" + rawValue + ".json"
        }

        /// The field of a callback that names its event.
        var event: String {
            switch self {
            case .messages: "MessageStatus"
            case .calls: "CallStatus"
            case .rooms: "StatusCallbackEvent"
            }
        }

        var form: [(String, String)] {
            let addresses = [("To", "+447700900142"), ("From", "+41791234567")]
            let callback = [("StatusCallback", Self.callback)]
            switch self {
            case .messages: return addresses + callback + [("Body", "x")]
            case .calls:
                let events = ["initiated", "ringing", "answered", "completed"].map { ("StatusCallbackEvent", $0) }
                return addresses + callback + events + [("Twiml", "<Response><Hangup/></Response>")]
            case .rooms: return callback + [("UniqueName", "survey")]
            }
        }
    }

    private func bench(_ fault: JSONValue) throws -> SimulatorBench {
        let bench = try SimulatorBench([
            "senders": ["+41791234567": ["rate": "100000/s"]],
            "phones": ["default": ["voice": ["ring": "1s", "answer": "human"]]],
        ])
        #expect(bench.control("PUT", "faults", ["faults": [fault]]).status == 200)
        return bench
    }

    private func count(_ bench: SimulatorBench, _ resource: Resource) -> Int? {
        bench.send("GET", resource.path).json[resource.rawValue.lowercased()]?.array?.count
    }

    @Test(
        "an error before accepting leaves nothing, one after accepting leaves what was asked for",
        arguments: Resource.allCases, [(429, false), (500, false), (503, false), (429, true), (500, true), (503, true)])
    func status(_ resource: Resource, _ fault: (status: Int64, isAfter: Bool)) throws {
        let bench = try bench([
            "kind": "status", "method": "POST", "path": .string(resource.rawValue), "status": .integer(fault.status),
            "after_accepting": .bool(fault.isAfter), "times": 1,
        ])
        let answer = bench.send("POST", resource.path, resource.form)
        #expect(answer.status == Int(fault.status))
        #expect(answer.json["code"]?.int == 20_000 + fault.status)
        #expect(count(bench, resource) == (fault.isAfter ? 1 : 0))
        bench.pass(60_000)
        #expect(bench.values(resource.event, to: Resource.callback).isEmpty == !fault.isAfter)
    }

    @Test("a cut connection before accepting leaves nothing, one after it leaves all", arguments: Resource.allCases)
    func cut(_ resource: Resource) throws {
        for isAfter in [false, true] {
            let bench = try bench(["kind": "cut", "method": "POST", "after_accepting": .bool(isAfter), "times": 1])
            #expect(bench.send("POST", resource.path, resource.form).disposition == .cut)
            #expect(count(bench, resource) == (isAfter ? 1 : 0))
        }
    }

    @Test("callbacks are lost, doubled, overtaken or early", arguments: Resource.allCases)
    func callbacks(_ resource: Resource) throws {
        func run(_ what: String) throws -> (events: [String?], isEarly: Bool) {
            let bench = try bench([
                "kind": "callback", "path": .string(resource.rawValue), "what": .string(what), "times": 1,
            ])
            let id = bench.begin("POST", resource.path, Form(resource.form).encode())
            _ = bench.finish(id)
            bench.pass(60_000)
            let hooks = bench.hooks.filter { $0.request.url == Resource.callback }
            let answer = try #require(bench.answers[id]?.time)
            return (hooks.map { $0.form[resource.event] }, hooks.first.map { $0.time < answer } ?? false)
        }
        let lost = try run("lost").events
        let doubled = try run("doubled").events
        let early = try run("early")
        let all = early.events
        #expect(early.isEarly && all.count >= 1)
        #expect(try !run("lost").isEarly)
        #expect(lost == Array(all.dropFirst()))
        #expect(doubled.count == all.count + 1 && doubled.count { $0 == all[0] } == 2)
        let reordered = try run("reordered").events
        #expect(reordered.count == all.count && reordered.contains(all[0]))
    }

    @Test("lists do not show what is young, fetches do", arguments: Resource.allCases)
    func lag(_ resource: Resource) throws {
        let bench = try bench(["kind": "list_lag", "path": .string(resource.rawValue), "lag": "10s"])
        let sid = bench.send("POST", resource.path, resource.form).json["sid"]?.string ?? ""
        #expect(count(bench, resource) == 0)
        let single = resource == .rooms ? resource.path + "/" + sid : resource.path.dropLast(5) + "/\(sid).json"
        #expect(bench.send("GET", single).json["sid"]?.string == sid)
        bench.pass(11_000)
        #expect(count(bench, resource) == 1)
    }

    @Test("rooms are listed by day, name and status, page by page")
    func rooms() throws {
        let bench = try SimulatorBench()
        for name in ["a", "b", "c"] { bench.send("POST", "/video/v1/Rooms", [("UniqueName", name)]) }
        func names(_ query: String) -> [String?] {
            bench.send("GET", "/video/v1/Rooms?" + query).json["rooms"]?.array?.map { $0["unique_name"]?.string } ?? []
        }
        #expect(names("UniqueName=b") == ["b"])
        #expect(names("DateCreatedAfter=2025-12-31") == ["c", "b", "a"])
        #expect(names("DateCreatedAfter=2026-01-02") == [])
        #expect(names("DateCreatedBefore=2026-01-02") == ["c", "b", "a"])
        #expect(names("DateCreatedBefore=2025-12-31") == [])
        #expect(bench.send("GET", "/video/v1/Rooms?DateCreatedAfter=soon").status == 400)
        let page = bench.send("GET", "/video/v1/Rooms?PageSize=2").json
        #expect(page["rooms"]?.array?.map { $0["unique_name"]?.string } == ["c", "b"])
        let next = page["meta"]?["next_page_url"]?.string ?? ""
        let rest = bench.send("GET", next.replacing("http://127.0.0.1:8082", with: "")).json
        #expect(rest["rooms"]?.array?.map { $0["unique_name"]?.string } == ["a"])
        #expect(rest["meta"]?["next_page_url"] == .null)
    }

    @Test(
        "each kind of sender lets its rate pass",
        arguments: [("+41791234567", 1000.0), ("+18005551234", 333.3), ("12345", 10.0), ("NaviDocs", 100.0)])
    func rates(_ from: String, _ gap: Double) throws {
        let bench = try SimulatorBench(["latency": "0ms..0ms"])
        // As many as take three seconds: what a single message takes by itself does not count then.
        let count = 1 + Int((3_000 / gap).rounded())
        for _ in 0..<count {
            bench.message([
                ("To", "+447700900142"), ("From", from), ("Body", "x"), ("StatusCallback", Resource.callback),
            ])
        }
        bench.settle()
        let sent = bench.hooks.filter { $0.form["MessageStatus"] == "sent" }.map(\.time).sorted()
        #expect(sent.count == count)
        let span = Double((sent.last ?? 0) - (sent.first ?? 0))
        #expect((2_850...3_150).contains(span), "\(span)")
    }
}
