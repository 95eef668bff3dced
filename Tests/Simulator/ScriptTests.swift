import JSON
import Testing
import YAML

@testable import Simulator

@Suite("Scripts")
struct ScriptTests {
    static let example = """
        seed: 1
        latency: 20ms..80ms
        content: { HX00000000000000000000000000000001: { text: "{{1}}: warranty until {{2}}. {{3}}", status: approved } }
        phones:
            "+447700900142": { whatsapp: { fail: 63024 }, sms: { undelivered: 30003 }, voice: { ring: 2s, answer: human, do: [ { hear: 3s }, { press: "1" } ] } }
            "+4477*":        { sms: { deliver: 2s } }
            "+44*":          { sms: { deliver: 3s }, voice: { outcome: busy } }
            default:         { whatsapp: { deliver: 1s, read: 5s }, sms: { deliver: 1s }, voice: { ring: 20s, outcome: no_answer } }
        """

    static func script(_ yaml: String) throws -> SimulatorScript {
        try SimulatorScript(yaml: YAMLNode.parse(Array(yaml.utf8)))
    }

    @Test("the exact number counts, else the longest prefix, else the default; part by part")
    func lookup() throws {
        let script = try Self.script(Self.example)
        #expect(script.latency == 20...80)
        #expect(script.phone("+447700900142") { $0.sms }?.outcome == .undelivered(30003))
        #expect(script.phone("+447700900143") { $0.sms }?.outcome == .delivered(after: 2000, read: nil))
        #expect(script.phone("+442000000000") { $0.sms }?.outcome == .delivered(after: 3000, read: nil))
        #expect(script.phone("+447700900143") { $0.voice }?.outcome == .busy)
        #expect(script.phone("+41791111111") { $0.whatsapp }?.outcome == .delivered(after: 1000, read: 5000))
        let voice = try #require(script.phone("+447700900142") { $0.voice })
        #expect(voice.ring == 2000 && voice.outcome == .human)
        #expect(voice.steps == [.hear(3000), .press("1")])
    }

    @Test("YAML and JSON give the same document")
    func sameDocument() throws {
        let script = try Self.script(Self.example)
        let again = try SimulatorScript(json: script.document)
        #expect(again == script)
        #expect(again.phone("+447700900142") { $0.voice } == script.phone("+447700900142") { $0.voice })
        #expect(script.document["phones"]?["default"]?["sms"]?["deliver"]?.string == "1s")
    }

    @Test(
        "each mistake is told with its code and its place",
        arguments: [
            ("latency: soon", "duration", "/latency", 1, 10), ("colour: red", "unknown_key", "/colour", 1, 9),
            ("seed: -1", "number", "/seed", 1, 7), ("phones: { +44: { sms: {} } }", "value", "/phones/+44", 1, 16),
            ("phones: { default: { sms: maybe } }", "value", "/phones/default/sms", 1, 27),
            ("phones: { default: { sms: { fail: no } } }", "error_code", "/phones/default/sms/fail", 1, 35),
            ("phones: { default: { sms: { fail: 1, deliver: 1s } } }", "conflict", "/phones/default/sms", 1, 27),
            ("phones: { default: { sms: { reply: {} } } }", "missing", "/phones/default/sms/reply", 1, 36),
            ("phones: { default: { voice: { answer: cat } } }", "value", "/phones/default/voice/answer", 1, 39),
            (
                "phones: { default: { voice: { answer: human, outcome: busy } } }", "conflict", "/phones/default/voice",
                1, 29
            ),
            (
                "phones: { default: { voice: { do: [ { press: x } ] } } }", "value", "/phones/default/voice/do/0/press",
                1, 46
            ),
            ("phones: { default: { voice: { do: { press: 1 } } } }", "type", "/phones/default/voice/do", 1, 35),
            ("content: { HX1: { text: a } }", "value", "/content/HX1", 1, 17),
            (
                "content: { HX00000000000000000000000000000001: {} }", "missing",
                "/content/HX00000000000000000000000000000001", 1, 48
            ),
            ("senders: { a: { rate: fast } }", "rate", "/senders/a/rate", 1, 23),
            ("faults: [ { status: 503 } ]", "missing", "/faults/0", 1, 11),
            ("faults: [ { kind: callback } ]", "missing", "/faults/0", 1, 11),
            ("- 1", "type", "", 1, 1),
        ] as [(String, String, String, Int, Int)])
    func mistakes(yaml: String, code: String, pointer: String, line: Int, column: Int) throws {
        let error = #expect(throws: SimulatorScriptError.self) { try Self.script(yaml) }
        let first = try #require(error?.problems.first)
        #expect(first.code == code && first.pointer == pointer)
        #expect(first.line == line && first.column == column)
        #expect(error?.problems.count == 1)
    }

    @Test("all mistakes are told, not the first alone")
    func all() {
        let error = #expect(throws: SimulatorScriptError.self) {
            try Self.script("seed: x\nlatency: y\nphones: { default: { voice: { ring: z } } }")
        }
        #expect(error?.problems.map(\.line) == [1, 2, 3])
    }

    @Test("the control API takes and gives the script and single phones, and keeps the old one on a mistake")
    func control() throws {
        let bench = try SimulatorBench()
        let document: JSONValue = ["seed": 3, "phones": ["+447700900142": ["sms": ["fail": 30007]]]]
        #expect(bench.control("PUT", "script", document).status == 200)
        #expect(bench.control("GET", "script").json == document)
        let bad = bench.control("PUT", "script", ["seed": "x"])
        #expect(bad.status == 422 && bad.headers[first: "Content-Type"] == "application/problem+json")
        #expect(bad.json["errors"]?[0]?["pointer"]?.string == "/seed")
        #expect(bench.control("GET", "script").json == document)
        #expect(bench.control("PUT", "phones/447700900143", ["sms": ["refuse": 21610]]).status == 200)
        #expect(bench.control("GET", "phones/447700900143").json == ["sms": ["refuse": 21610]])
        #expect(bench.control("GET", "phones/447700900144").status == 404)
        #expect(bench.message([("To", "+447700900143"), ("From", "12345"), ("Body", "x")]).json["code"]?.int == 21610)
        bench.message(MessageLifeCycleTests.sms)
        bench.settle()
        #expect(bench.values("MessageStatus", to: MessageLifeCycleTests.callback).last == "failed")
    }

    @Test("the log has what was sent whole but the secret, and what was sent out")
    func log() throws {
        let bench = try SimulatorBench()
        bench.message(MessageLifeCycleTests.sms)
        bench.send("GET", SimulatorBench.account + "/Balance.json")
        bench.settle()
        let all = bench.control("GET", "requests").json
        #expect(all["total"]?.int == 2)
        let found = bench.control("GET", "requests?path=Messages").json["requests"]?.array ?? []
        #expect(found.count == 1)
        #expect(found.first?["form"]?[0] == ["To", "+447700900142"])
        let names = found.first?["headers"]?.array?.compactMap { $0[0]?.string } ?? []
        #expect(names.contains("X-Probe") && !names.contains("Authorization"))
        let hooks = bench.control("GET", "webhooks?resource=Messages").json["webhooks"]?.array ?? []
        #expect(hooks.map { $0["result"]?.int } == [204, 204, 204])
        #expect(bench.control("GET", "state").json["messages"]?.int == 1)
        #expect(bench.control("POST", "phones/+447700900142/hangup").status == 409)
        #expect(bench.control("GET", "nowhere").status == 404)
        #expect(bench.control("DELETE", "script").status == 405)
    }
}
