import Forms
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Faults")
struct FaultTests {
    static let form = MessageLifeCycleTests.sms

    static func bench(_ faults: JSONValue, seed: JSONValue = 1) throws -> SimulatorBench {
        let bench = try SimulatorBench(["seed": seed, "senders": ["+41791234567": ["rate": "100000/s"]]])
        #expect(bench.control("PUT", "faults", ["faults": faults]).status == 200)
        return bench
    }

    static func count(_ bench: SimulatorBench) -> Int? {
        bench.send("GET", SimulatorBench.account + "/Messages.json").json["messages"]?.array?.count
    }

    @Test("an error before accepting leaves nothing, one after accepting leaves the message", arguments: [false, true])
    func status(isAfter: Bool) throws {
        let bench = try Self.bench([
            [
                "path": "Messages", "method": "POST", "kind": "status", "status": 503,
                "after_accepting": .bool(isAfter),
                "times": 1, "retry_after": "1500ms",
            ]
        ])
        let answer = bench.message(Self.form)
        #expect(answer.status == 503 && answer.json["code"]?.int == 20503)
        #expect(answer.headers[first: "Retry-After"] == "2")
        #expect(Self.count(bench) == (isAfter ? 1 : 0))
        #expect(bench.message(Self.form).status == 201)
    }

    @Test("a cut connection after accepting: no answer, but callbacks")
    func cut() throws {
        let bench = try Self.bench([["kind": "cut", "after_accepting": true, "times": 1]])
        #expect(bench.message(Self.form).disposition == .cut)
        bench.settle()
        #expect(bench.values("MessageStatus", to: MessageLifeCycleTests.callback).last == "delivered")
    }

    @Test("a share of failures is the same for the same seed and another for another")
    func seeded() throws {
        func pattern(_ seed: JSONValue) throws -> [Int] {
            let bench = try Self.bench([["kind": "status", "status": 429, "probability": 0.5]], seed: seed)
            return (0..<40).map { _ in bench.message(Self.form).status }
        }
        let first = try pattern(7)
        #expect(try first == pattern(7))
        #expect(try first != pattern(8))
        #expect((8...32).contains(first.count { $0 == 429 }))
    }

    @Test("latency delays the answer, and what the request starts")
    func latency() throws {
        let bench = try Self.bench([["kind": "latency", "latency": "300ms..400ms"]])
        let start = bench.now
        bench.message(Self.form)
        #expect((300...400).contains(bench.now - start))
        #expect(bench.hooks.allSatisfy { $0.time >= bench.now })
    }

    @Test("callbacks are lost, doubled, overtaken or early", arguments: ["lost", "doubled", "reordered", "early"])
    func callbacks(what: String) throws {
        let bench = try Self.bench([["kind": "callback", "path": "Messages", "what": .string(what), "times": 1]])
        let id = bench.begin("POST", SimulatorBench.account + "/Messages.json", Form(Self.form).encode())
        bench.settle()
        let statuses = bench.values("MessageStatus", to: MessageLifeCycleTests.callback)
        switch what {
        case "lost": #expect(statuses == ["sent", "delivered"])
        case "doubled": #expect(statuses.count == 4 && statuses.count { $0 == "queued" } == 2)
        case "reordered": #expect(statuses.first == "sent" && statuses.contains("queued"))
        default:
            let answer = try #require(bench.answers[id]?.time)
            #expect(try #require(bench.hooks.first).time < answer)
        }
    }

    @Test("lists lag, fetches do not")
    func listLag() throws {
        let bench = try Self.bench([["kind": "list_lag", "path": "Messages", "lag": "10s"]])
        let sid = bench.message(Self.form).json["sid"]?.string ?? ""
        #expect(Self.count(bench) == 0)
        #expect(bench.send("GET", SimulatorBench.account + "/Messages/\(sid).json").status == 200)
        bench.pass(11_000)
        #expect(Self.count(bench) == 1)
    }

    @Test("faults are shown and taken away")
    func control() throws {
        let bench = try Self.bench([["kind": "idle_close"]])
        #expect(bench.message(Self.form).disposition == .closeAfter)
        #expect(bench.control("GET", "faults").json["faults"]?.array?.count == 1)
        #expect(bench.control("DELETE", "faults").status == 204)
        #expect(bench.message(Self.form).disposition == .normal)
        let bad = bench.control("PUT", "faults", ["faults": [["kind": "meteor"], ["kind": "status", "status": 99]]])
        #expect(bad.status == 422)
        #expect(bad.json["errors"]?.array?.map { $0["pointer"]?.string } == ["/faults/0/kind", "/faults/1/status"])
    }
}
