import JSON
import Testing
import YAML

@testable import Assembly

@Suite("config print and version")
struct ConfigPrintTests {
    static let environment = ["TEST_ACCOUNT": "AC0123", "TEST_TOKEN": "verysecret"]

    static func print(_ format: String) -> TestRun {
        let run = TestRun(environment: environment)
        #expect(run.run("config", "print", "--config", TestFolder.fixture("good.yaml"), "-o", format) == 0)
        return run
    }

    @Test("secrets are only said to be set", arguments: ["text", "json"])
    func secrets(format: String) {
        let text = Self.print(format).output.text
        #expect(text.contains("AC0123"))
        #expect(text.contains("(set)"))
        #expect(!text.contains("verysecret"))
    }

    @Test("defaults and rules are there, and nothing is null")
    func contents() throws {
        let value = try Self.print("json").json()
        #expect(value["gateway"]?["listen"]?["private"]?.string?.isEmpty == false)
        #expect(value["channels"]?["sms"]?["rate"] == "1/s")
        #expect(value["channels"]?["voice"]?["concurrency"] == 5)
        #expect(value["times"]?["nights"]?[0] == ["hours": "22:00-07:00"])
        #expect(value["rules"]?["outbound"]?[0]?["reject"] == "card numbers are never sent")
        #expect(value["rules"]?["outbound"]?[1]?["when"]?["topic"] == "warranty.*")
        #expect(value["hash"]?.string?.count == 64)
        #expect(!value.text.contains("null"))
    }

    @Test("the shipped configuration is printed without gaps")
    func shipped() throws {
        let run = TestRun()
        #expect(run.run("config", "print", "-c", TestFolder.root.appending(path: "channels.yaml").path) == 0)
        #expect(!run.output.text.contains("null"))
        #expect(run.output.text.contains("\n        - search:\n"))
    }

    @Test("the text is YAML with the same contents as the JSON")
    func yaml() throws {
        let node = try YAMLNode.parse(Array(Self.print("text").output.text.utf8))
        #expect(Self.flat(node) == Self.flat(try Self.print("json").json()))
    }

    @Test(
        "scalars that YAML would take for something else are quoted",
        arguments: [
            ("no", #""no""#), ("Yes", #""Yes""#), ("null", #""null""#), ("12", #""12""#), ("a: b", #""a: b""#),
            ("-", #""-""#), ("", #""""#), ("a #b", #""a #b""#), ("plain text", "plain text"), ("end ", #""end ""#),
            ("ü", #""ü""#), ("a\nb", #""a\nb""#),
            ("\u{9B}1m", #""\u009b1m""#), ("a\u{202E}b\u{7F}", #""a\u202eb\u007f""#),
            ("\u{FEFF}\u{FFFF}", #""\ufeff\uffff""#),
        ])
    func scalars(text: String, written: String) {
        #expect(YAMLText.text(of: ["key": .string(text)]) == "key: " + written + "\n")
    }

    @Test("lists and empty values have their forms")
    func lists() {
        let value: JSONValue = ["a": [["b": 1, "c": ["x"]], [["z"]], []], "d": [:], "e": nil, "f": true]
        #expect(
            YAMLText.text(of: value)
                == """
                a:
                  - b: 1
                    c:
                      - x
                  - - - z
                  - []
                d: {}
                e: null
                f: true

                """)
    }

    @Test("a configuration with errors is not printed")
    func broken() {
        let run = TestRun()
        #expect(run.run("config", "print", "-c", TestFolder.fixture("broken.yaml")) == 1)
        #expect(run.output.text.isEmpty)
    }

    @Test("version names the program and its libraries", arguments: ["version", "--version"])
    func version(word: String) {
        let run = TestRun()
        #expect(run.run(word) == 0)
        #expect(
            run.output.lines.map { $0.split(separator: " ").first } == [
                "gateway", "swift", "sqlite", "openssl", "libyaml",
            ])
        #expect(run.output.lines.allSatisfy { $0.split(separator: " ").last?.first?.isNumber == true })
    }

    // MARK: comparing

    private static func flat(_ value: JSONValue, _ path: String = "") -> [String] {
        switch value {
        case .object(let object): object.members.flatMap { flat($0.value, path + "/" + $0.key) }
        case .array(let elements): elements.enumerated().flatMap { flat($0.element, path + "/\($0.offset)") }
        default: [path + "=" + (value.string ?? value.text)]
        }
    }

    private static func flat(_ node: YAMLNode, _ path: String = "") -> [String] {
        switch node.kind {
        case .mapping(let pairs):
            pairs.flatMap { pair in
                if case .scalar(let key, _) = pair.key.kind { return flat(pair.value, path + "/" + key) }
                return []
            }
        case .sequence(let items): items.enumerated().flatMap { flat($0.element, path + "/\($0.offset)") }
        case .scalar(let text, _): [path + "=" + text]
        }
    }
}
