import Testing

@Suite("house rules")
struct HouseRuleTests {
    /// Read once for all rules.
    private static let sources = texts(below: "Sources")
    private static let tests = texts(below: "Tests")

    private static func texts(below folder: String) -> [(path: String, code: CodeText)] {
        ProjectTree.swift(below: folder).map { ($0, CodeText(ProjectTree.text(of: $0))) }
    }

    @Test("every source, and every test where it holds there, keeps the rule", arguments: HouseRule.all)
    func everySourceKeeps(_ rule: HouseRule) {
        let files = Self.sources + (rule.holdsInTests ? Self.tests : [])
        for (path, code) in files where rule.exempt.map(path.hasPrefix) != true {
            let lines = rule.violations(in: code)
            #expect(lines.isEmpty, "\(path):\(lines): \(rule.why)")
        }
    }

    @Test("the rule finds what breaks it, and nothing in what keeps it", arguments: HouseRule.all)
    func ruleWorks(_ rule: HouseRule) {
        #expect(!rule.violations(in: CodeText(rule.sample)).isEmpty)
        #expect(rule.violations(in: CodeText(rule.lawful)).isEmpty)
        #expect(rule.violations(in: CodeText("// " + rule.sample)).isEmpty)
        #expect(rule.violations(in: CodeText("let text = #\"\(rule.sample)\"#")).isEmpty)
    }

    @Test("an interpolation is code, the text around it is not")
    func interpolationIsCode() {
        let code = CodeText(#"let a = "try! \(try! read("try!")) try!"; let b = try! c"#)
        #expect(code.lines(matching: /try!/).count == 2)
        #expect(CodeText("/* a /* b */ try! */\n\"\"\"\n try! \"\n\"\"\"\ntry! x").lines(matching: /try!/) == [5])
    }

    @Test("nothing is put off with a marker in a source")
    func noMarkers() {
        for path in ProjectTree.swift(below: "Sources") {
            let text = ProjectTree.text(of: path)
            for marker in ["TO" + "DO", "FIX" + "ME", "XX" + "X:"] {
                #expect(!text.contains(marker), "\(path): \(marker)")
            }
        }
    }

    @Test("no file has more than 600 lines")
    func noLongFile() {
        let files = ProjectTree.swift(below: "Sources") + ProjectTree.swift(below: "Tests")
        #expect(files.count > 300)
        for path in files {
            let lines = ProjectTree.bytes(of: path).count { $0 == UInt8(ascii: "\n") }
            #expect(lines <= 600, "\(path): \(lines) lines")
        }
    }
}
