import Gateway
import JSON
import Testing

@testable import Assembly

@Suite("check")
struct CheckTests {
    static let good = TestFolder.fixture("good.yaml")
    static let warning = TestFolder.fixture("warning.yaml")
    static let broken = TestFolder.fixture("broken.yaml")

    @Test("a good file shows the bounds of its policies and exits with 0")
    func clean() {
        let run = TestRun()
        #expect(run.run("check", Self.good) == 0)
        let lines = run.output.text.replacing(Self.good, with: "good.yaml")
        #expect(
            lines == """
                good.yaml: policy 'urgent': the steps take at most 43m25s (critical 40m25s), it expires after 6h; \
                a delivery costs at most 0.10 USD (DE), without a price for voice
                good.yaml: policy 'plain': the steps take at most 15m25s (critical 13m55s), it expires after 24h; \
                a delivery costs at most 0.30 USD (DE)
                good.yaml: costs are for values of 60 characters and texts of 459
                good.yaml: ok

                """)
    }

    @Test(
        "warnings count with --strict alone, errors always",
        arguments: [
            ([warning], 0), ([warning, "--strict"], 1), ([good, "--strict"], 0), ([broken], 1), ([good, broken], 1),
            ([], 2), ([good, "-o", "xml"], 2),
        ] as [([String], Int32)])
    func status(arguments: [String], status: Int32) {
        #expect(TestRun().run(["check"] + arguments) == status)
    }

    @Test("findings are lines that editors understand, with a summary")
    func findings() {
        let run = TestRun()
        #expect(run.run("check", Self.broken) == 1)
        let lines = run.output.lines.map { $0.replacing(Self.broken, with: "b.yaml") }
        #expect(lines.count == 3)
        #expect(
            lines.first == "b.yaml:5:70: error: '0/s' is no value for 'rate'; write a rate such as 1/s [invalid_value]")
        #expect(lines.dropFirst().first?.hasPrefix("b.yaml:6:44: error: nothing defines the channel 'smms'") == true)
        #expect(lines.last == "b.yaml: 2 errors, 0 warnings")
    }

    @Test("a file that is not there is an error of that file, and the others are checked")
    func missing() {
        let run = TestRun()
        #expect(run.run("check", "/no/such.yaml", Self.good) == 1)
        #expect(
            run.output.lines.first == "/no/such.yaml:1:1: error: /no/such.yaml: No such file or directory [cannot_read]"
        )
        #expect(run.output.text.hasSuffix(": ok\n"))
    }

    @Test("-o json holds findings, bounds and sums")
    func json() throws {
        let run = TestRun()
        #expect(run.run("check", Self.good, Self.warning, Self.broken, "-o", "json") == 1)
        let value = try run.json()
        #expect(value["errors"] == 2)
        #expect(value["warnings"] == 1)
        #expect(value["files"]?[0]?["usable"] == true)
        #expect(value["files"]?[0]?["policies"]?[0]?["duration_bound"] == "43m25s")
        #expect(value["files"]?[0]?["policies"]?[0]?["cost_bound"] == ["amount": "0.10", "currency": "USD"])
        #expect(value["files"]?[1]?["findings"]?[0]?["code"] == "no_approved_template")
        #expect(value["files"]?[1]?["findings"]?[0]?["severity"] == "warning")
        #expect(value["files"]?[2]?["usable"] == false)
        #expect(value["files"]?[2]?["policies"] == [])
    }

    @Test("-o sarif has one result for each finding, at its place")
    func sarif() throws {
        let run = TestRun()
        #expect(run.run("check", Self.warning, Self.broken, "-o", "sarif") == 1)
        let value = try run.json()
        #expect(value["version"] == "2.1.0")
        let log = value["runs"]?[0]
        #expect(
            log?["tool"]?["driver"]?["rules"]?.array?.compactMap { $0["id"]?.string }
                == ["invalid_value", "no_approved_template", "unknown_channel"])
        let results = log?["results"]?.array ?? []
        #expect(
            results.compactMap { $0["ruleId"]?.string } == ["no_approved_template", "invalid_value", "unknown_channel"])
        #expect(results.compactMap { $0["ruleIndex"]?.int } == [1, 0, 2])
        #expect(results.compactMap { $0["level"]?.string } == ["warning", "error", "error"])
        let place = results.last?["locations"]?[0]?["physicalLocation"]
        #expect(place?["region"] == ["startLine": 6, "startColumn": 44])
        #expect(place?["artifactLocation"]?["uri"]?.string?.hasPrefix("file:///") == true)
    }

    @Test(
        "paths become URI references",
        arguments: [
            ("channels.yaml", "channels.yaml"), ("a b/ü.yaml", "a%20b/%C3%BC.yaml"), ("/x/c.yaml", "file:///x/c.yaml"),
            ("../c.yaml", "../c.yaml"),
        ])
    func uris(path: String, uri: String) {
        #expect(SARIFReport.uri(path) == uri)
    }

    @Test("a file name cannot command the terminal")
    func hostileName() {
        let finding = Diagnostic(severity: .error, code: "c", file: "\u{1B}[2J", line: 1, column: 1, message: "m\u{7}")
        let text = CheckReport.text([CheckedFile(file: "\u{1B}[2J", diagnostics: [finding])], .off)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
    }

    @Test("the shipped configuration is clean, also strictly")
    func shipped() {
        #expect(TestRun().run("check", "--strict", TestFolder.root.appending(path: "channels.yaml").path) == 0)
    }

    @Test(
        "values of templates are taken to be long",
        arguments: [
            ("plain", 5), ("{{ a }}", 60), ("x{{ a | date }}y{{b}}", 122), (#"\{{ a }}"#, 7), ("{{ open", 7), ("", 0),
        ])
    func filled(text: String, length: Int) {
        #expect(PolicyBound.filled(text).count == length)
    }
}
