import Testing

@testable import Assembly

@Suite("Console")
struct ConsoleTests {
    @Test(
        "colours need a terminal, and NO_COLOR and TERM=dumb turn them off",
        arguments: [
            (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
            (true, ["TERM": "dumb"], false), (true, ["TERM": "xterm"], true),
        ] as [(Bool, [String: String], Bool)])
    func colours(isTerminal: Bool, environment: [String: String], isOn: Bool) {
        #expect(Paint(isTerminal: isTerminal, environment: environment).isOn == isOn)
    }

    @Test("a painted text is wrapped in one sequence and a reset")
    func painted() {
        #expect(Paint(isOn: true)(.bad, "no") == "\u{1B}[31mno\u{1B}[0m")
        #expect(Paint(isOn: true)(.plain, "no") == "no")
        #expect(Paint(isOn: true)(.bad, "").isEmpty)
        #expect(Paint.off(.bad, "no") == "no")
    }

    @Test(
        "what could command a terminal is replaced",
        arguments: [
            ("\u{1B}[2Jgone", "\u{FFFD}[2Jgone"), ("a\rb", "a b"), ("a\r\nb", "a  b"), ("a\u{9B}1mb", "a\u{FFFD}1mb"),
            ("a\u{202E}b", "a\u{FFFD}b"), ("\u{7F}", "\u{FFFD}"), ("für Zürich 👍", "für Zürich 👍"),
        ])
    func plainText(text: String, clean: String) {
        #expect(PlainText.line(text) == clean)
    }

    @Test("lines are kept apart")
    func lines() {
        #expect(PlainText.lines("a\n\nb\r\nc") == ["a", "", "b", "c"])
    }

    @Test("columns are as wide as their widest cell and lines end without blanks")
    func table() {
        var table = TextTable(["ID", "NAME", "NOTE"])
        #expect(table.isEmpty)
        table.add(["a", "Zoë", "x"])
        table.add(["long-id", "B\u{1B}"])
        #expect(
            table.text(.off) == """
                ID       NAME  NOTE
                a        Zoë   x
                long-id  B\u{FFFD}

                """)
    }
}
