import Arguments
import Testing

@testable import Assembly

@Suite("docs/command-line.md")
struct DocumentationTests {
    @Test("it explains every command", arguments: CommandRunnerTests.paths.filter { !$0.isEmpty })
    func commands(path: [String]) throws {
        let page = try TestFolder.text(ofRepositoryFile: "docs/command-line.md")
        #expect(page.contains("gateway " + path.joined(separator: " ")))
    }

    @Test("it explains every option")
    func options() throws {
        let page = try TestFolder.text(ofRepositoryFile: "docs/command-line.md")
        func check(_ command: CommandSpec) {
            for option in command.options { #expect(page.contains("--" + option.name), "\(command.name)") }
            for inner in command.subcommands { check(inner) }
        }
        check(CommandTree.program)
    }
}
