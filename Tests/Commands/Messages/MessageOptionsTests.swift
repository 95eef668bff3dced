import JSON
import Testing

@testable import Assembly

@Suite("Message options")
struct MessageOptionsTests {
    /// What `send` posts for these arguments.
    static func body(_ arguments: [String], files: [String: String] = [:]) throws -> JSONValue? {
        let run = TestRun.online([(202, ["id": "msg_1"])], files: files)
        guard run.run(["send"] + arguments) == 0 else { return .string(run.errors.text) }
        return run.api.requests.first?.body
    }

    @Test("options become members of the request")
    func members() throws {
        let body = try Self.body([
            "--to", "boat:b1/broker", "--template", "due", "--topic", "a.b", "--priority", "high", "--class",
            "emergency",
            "--policy", "p", "--locale", "de", "--send-at", "2026-11-23T18:00:00Z", "--expires-in", "6h",
            "--dedupe-key",
            "k", "--media", "https://a.example/1", "--media", "https://a.example/2", "--label", "a=1", "--label",
            "b=x=y",
        ])
        let expected = """
            {"to":"boat:b1/broker","topic":"a.b","template":"due","priority":"high","class":"emergency","policy":"p",\
            "locale":"de","send_at":"2026-11-23T18:00:00Z","expires_in":"6h","dedupe_key":"k",\
            "media":["https://a.example/1","https://a.example/2"],"labels":{"a":"1","b":"x=y"}}
            """
        #expect(body?.text == expected)
    }

    @Test("a dotted variable becomes a nested object")
    func variables() throws {
        let body = try Self.body([
            "--to", "+1", "--template", "t", "--variable", "item=Pump", "--variable", "boat.length=12", "--variable",
            "boat.name=Sea", "--variable", "empty=",
        ])
        let expected = #"{"item":"Pump","boat":{"length":"12","name":"Sea"},"empty":""}"#
        #expect(body?["variables"]?.text == expected)
    }

    @Test("a whole message is read from a file, and from standard input")
    func envelope() throws {
        let message = #"{"to":"+41791234567","text":"x"}"#
        #expect(try Self.body(["--envelope", "m.json"], files: ["m.json": message])?.text == message)
        #expect(try Self.body(["-e", "-"], files: ["-": message])?.text == message)
    }

    @Test(
        "what makes no message is a usage error",
        arguments: [
            (["--text", "x"], "name the recipient with --to"), (["--to", "+1"], "--text or --template"),
            (["--to", "+1", "--text", "x", "--label", "a"], "'--label' needs NAME=VALUE"),
            (["--to", "+1", "--text", "x", "--variable", "=a"], "'--variable' needs NAME=VALUE"),
            (
                ["--to", "+1", "--text", "x", "--variable", "a=1", "--variable", "a.b=2"],
                "'--variable a.b' cannot be set"
            ),
            (["--to", "+1", "--text", "x", "--variable", "a..b=2"], "cannot be set"),
            (["--to", "+1", "--text", "x", "--priority", "urgnt"], "must be one of low, normal, high, critical"),
            (["--envelope", "m.json", "--to", "+1"], "leave the other options out"),
        ] as [([String], String)])
    func usage(arguments: [String], message: String) {
        let run = TestRun.online([(202, .null)])
        #expect(run.run(["send"] + arguments) == 2)
        #expect(run.errors.text.contains(message))
        #expect(run.api.requests.isEmpty)
    }

    @Test("a file that is no JSON object is refused with its place")
    func badFile() {
        let run = TestRun.online([(202, .null)], files: ["m.json": "{\n  nope"])
        #expect(run.run("send", "--envelope", "m.json") == 1)
        #expect(run.errors.text.hasPrefix("gateway: m.json:2:3: "))
        let list = TestRun.online([(202, .null)], files: ["m.json": "[]"])
        #expect(list.run("send", "--envelope", "m.json") == 1)
        #expect(list.errors.text == "gateway: m.json: must be a JSON object\n")
    }
}
