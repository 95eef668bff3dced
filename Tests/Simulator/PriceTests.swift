import JSON
import Testing

@testable import Simulator

@Suite("Prices")
struct PriceTests {
    private static let owner = "+447700900142"
    private static let sender = "+41791234567"

    private func bench(_ prices: JSONValue = [:], sms: JSONValue = ["deliver": "2s"]) throws -> SimulatorBench {
        let phone: JSONValue = ["sms": sms, "whatsapp": ["deliver": "1s"], "window": "open"]
        return try SimulatorBench(["phones": .object([Self.owner: phone]), "prices": prices])
    }

    /// Makes a message and answers its resource's path.
    private func send(_ bench: SimulatorBench, _ fields: [(String, String)], channel: String = "") -> String {
        let form = [("To", channel + Self.owner), ("From", channel + Self.sender)] + fields
        let answer = bench.message(form)
        #expect(answer.status == 201)
        #expect(answer.json["price"] == .null)
        return SimulatorBench.account + "/Messages/\(answer.json["sid"]?.string ?? "").json"
    }

    private func price(_ bench: SimulatorBench, _ path: String) -> String? {
        bench.send("GET", path).json["price"]?.string
    }

    @Test("a message's price is unknown until two minutes after it was sent, in the resource and in lists")
    func later() throws {
        let bench = try bench()
        let path = send(bench, [("Body", "a")])
        bench.pass(119_000)
        #expect(bench.send("GET", path).json["status"]?.string == "delivered")
        #expect(price(bench, path) == nil)
        bench.pass(2_000)
        #expect(price(bench, path) == "-0.00750")
        let list = bench.send("GET", SimulatorBench.account + "/Messages.json").json
        #expect(list["messages"]?[0]?["price"]?.string == "-0.00750")
    }

    @Test(
        "the script says when, and what segments, MMS and WhatsApp cost",
        arguments: [
            ("", [("Body", String(repeating: "a", count: 200))], "-0.02460"),
            ("", [("MediaUrl", "https://example.org/a.jpg")], "-1.50000"),
            ("whatsapp:", [("Body", String(repeating: "a", count: 200))], "0.00000"),
        ] as [(String, [(String, String)], String)])
    func scripted(channel: String, fields: [(String, String)], text: String) throws {
        let bench = try bench([
            "after": "1h", "sms": ["out": "0.0123"], "mms": ["out": "1.5"], "whatsapp": ["out": 0],
        ])
        let path = send(bench, fields, channel: channel)
        bench.pass(3_599_000)
        #expect(price(bench, path) == nil)
        bench.pass(2_000)
        #expect(price(bench, path) == text)
    }

    @Test("what was never sent has no price")
    func failed() throws {
        let bench = try bench(sms: ["fail": 30007])
        let path = send(bench, [("Body", "a")])
        bench.pass(86_400_000)
        #expect(price(bench, path) == nil)
    }

    @Test("a call costs its started minutes some time after its end, one from a person its own price")
    func calls() throws {
        let bench = try CallLifeCycleTests.bench(["ring": "2s", "answer": "human"])
        let path = SimulatorBench.account + "/Calls/\(CallLifeCycleTests.place(bench)).json"
        bench.pass(20_000)
        #expect(bench.send("GET", path).json["status"]?.string == "completed")
        #expect(price(bench, path) == nil)
        bench.pass(120_000)
        #expect(price(bench, path) == "-0.01300")
        let inbound = PriceScript().price(of: .voice, isInbound: true, count: 3, at: 0)
        #expect(inbound?.text(at: 119_999) == nil)
        #expect(inbound?.text(at: 120_000) == "-0.02250")
        #expect(PriceScript().price(of: .sms, isInbound: true, count: 1, at: 0) == nil)
    }

    @Test(
        "a mistake in the prices is told with its place",
        arguments: [
            ("prices: { after: soon }", "duration"), ("prices: { fax: { out: 1 } }", "unknown_key"),
            ("prices: { sms: { up: 1 } }", "unknown_key"), ("prices: { sms: { out: -1 } }", "price"),
            ("prices: { sms: { out: 0.0000001 } }", "price"), ("prices: { sms: { out: 1000 } }", "price"),
            ("prices: { sms: { out: 1. } }", "price"), ("prices: { sms: { out: .5 } }", "price"),
            ("prices: { sms: { out: 1e2 } }", "price"),
        ])
    func mistakes(yaml: String, code: String) throws {
        let error = #expect(throws: SimulatorScriptError.self) { try ScriptTests.script(yaml) }
        #expect(error?.problems.map(\.code) == [code])
    }
}
