import Testing

@testable import Assembly

@Suite("The command menu")
struct MenuCommandTests {
    private static let file = TestFolder.fixture("menus.yaml")

    private func run(_ lines: [String], _ arguments: [String] = []) -> TestRun {
        let run = TestRun(lines: lines)
        #expect(run.run(["menu", "main", "-c", Self.file] + arguments) == 0, "\(run.errors.text)")
        return run
    }

    @Test("words lead to a dial that nobody takes, and on to a recording")
    func walk() {
        let run = run(["I need support", "n", ""])
        #expect(
            run.output.lines == [
                "says  en, Polly.Amy: Press 1, or say support.",
                "menu main  a key or words, 10 s; an empty line is silence, q ends",
                "dials  +41791234568, 30 s; does somebody take it? (y/n)",
                "records  up to 30 s; press return when it is spoken",
                "hangs up",
            ])
    }

    @Test("what cannot be chosen is told, and asked again; silence leads to the end")
    func silence() {
        let run = run(["", "1"])
        #expect(run.output.lines.suffix(3) == ["says  en, Polly.Amy: Goodbye.", "hangs up", "review  silent"])
    }

    @Test("a search is named, and the menu behind it is asked")
    func search() {
        let run = run(["1", "q"], ["--at", "2026-11-23T22:30:00Z"])
        #expect(run.output.text.contains("looks up  documents of type warranty\n"))
        #expect(run.output.text.contains("menu other  a key, 10 s"))
    }

    @Test("a chart has every menu that can be reached, and its texts cannot break it")
    func chart() {
        let run = run([], ["-o", "mermaid"])
        #expect(run.output.lines.first == "flowchart TD")
        #expect(run.output.text.contains("  m_main -->|\"2\"| m_main__2{{\"dial +41791234568\"}}\n"))
        let nobody = "  m_main__2 -->|\"nobody\"| m_main__2_2e_1([\"voicemail, review voicemail\"])\n"
        #expect(run.output.text.contains(nobody))
        #expect(run.output.text.contains("  m_main__1 --> m_other\n"))
        #expect(run.output.text.contains("  m_other -->|\"9\"| m_main\n"))
    }

    @Test("a menu that is not there is named with those that are")
    func unknown() {
        let run = TestRun()
        #expect(run.run("menu", "mian", "-c", Self.file) == 2)
        #expect(run.errors.text.contains("menus.yaml has no menu 'mian'; it has main, other"))
        #expect(run.run("menu", "main", "-c", Self.file, "--at", "noon") == 2)
    }
}
