import Arguments
import Testing

@testable import Assembly

@Suite("Command line")
struct CommandRunnerTests {
    /// The words of every command.
    static let paths: [[String]] = {
        var paths: [[String]] = []
        func collect(_ command: CommandSpec, _ path: [String]) {
            paths.append(path)
            for inner in command.subcommands { collect(inner, path + [inner.name]) }
        }
        collect(CommandTree.program, [])
        return paths
    }()

    @Test("no arguments show the help as an error and exit with 2")
    func noArguments() {
        let run = TestRun()
        #expect(run.run([]) == 2)
        #expect(run.output.text.isEmpty)
        #expect(run.errors.text.hasPrefix("Usage: gateway COMMAND\n"))
    }

    @Test("every command has help on standard output", arguments: paths)
    func help(path: [String]) {
        let run = TestRun()
        #expect(run.run(path + ["--help"]) == 0)
        #expect(run.output.text.hasPrefix("Usage: " + (["gateway"] + path).joined(separator: " ")))
        #expect(run.errors.text.isEmpty)
    }

    @Test("a command of another version is named as such and exits with 2", arguments: CommandTree.later.sorted())
    func later(command: String) {
        let run = TestRun()
        #expect(run.run(command, "anything", "--at-all") == 2)
        #expect(run.errors.text == "gateway: the command '\(command)' is not in this version\n")
    }

    @Test("commands of other versions are in no help and no completion")
    func laterIsHidden() {
        let names = Set(CommandTree.program.subcommands.map(\.name))
        #expect(names.isDisjoint(with: CommandTree.later))
        #expect(names.count == 26)
    }

    @Test("an unknown command is answered with the nearest one")
    func unknownCommand() {
        let run = TestRun()
        #expect(run.run("chekc", "x.yaml") == 2)
        #expect(
            run.errors.text == """
                gateway: there is no command 'chekc'; did you mean 'check'?
                Try 'gateway --help'.

                """)
    }

    @Test("a wrong option names the help of its own command")
    func wrongOption() {
        let run = TestRun()
        #expect(run.run("contacts", "list", "--limmit", "3") == 2)
        #expect(run.errors.text.contains("did you mean '--limit'?"))
        #expect(run.errors.text.contains("Try 'gateway contacts list --help'."))
    }

    @Test("a group without its command exits with 2", arguments: ["contacts", "keys", "config"])
    func missingSubcommand(command: String) {
        let run = TestRun()
        #expect(run.run(command) == 2)
        #expect(run.errors.text.contains("needs a command"))
    }

    @Test("completions for every shell name the commands", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) {
        let run = TestRun()
        #expect(run.run("completions", shell) == 0)
        #expect(run.output.text.contains("explain"))
        #expect(!run.output.text.contains("restore"))
    }

    @Test("an unknown shell is refused with those that are known")
    func unknownShell() {
        let run = TestRun()
        #expect(run.run("completions", "tcsh") == 2)
        #expect(run.errors.text.contains("bash, zsh, fish"))
    }
}
