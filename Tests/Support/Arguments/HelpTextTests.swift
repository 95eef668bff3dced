import Foundation
import Testing

@testable import Arguments

@Suite("Help and completions")
struct HelpTextTests {
    @Test("the help of a command shows how it is called, its arguments and its options")
    func command() {
        let expected = """
            Usage: gateway check [OPTIONS] FILE…

            Check configurations.

            Arguments:
              FILE…  The files.

            Options:
              -s, --strict     Warnings count.
              -q, --quiet      Say nothing.
              -l, --label K=V  A label. May be repeated.
              --runs N         How often.
              -h, --help       Show this help.

            Options of every command:
              -o, --output text|json  How results are shown. Default: text.

            """
        #expect(HelpText.text(of: program, path: ["check"]) == expected)
    }

    @Test("a hidden command is in no help and no completion")
    func hidden() {
        #expect(!HelpText.text(of: program).contains("secret"))
        for shell in Shell.allCases {
            #expect(!CompletionScript.text(for: shell, of: program).contains("secret"))
            #expect(CompletionScript.text(for: shell, of: program).contains("timeline"))
        }
    }

    @Test("no line of a help is longer than 80 columns")
    func width() {
        let long = String(repeating: "words that go on ", count: 30)
        let command = CommandSpec(
            "x", long, discussion: long, options: [.value("an-option-with-a-very-long-name", "VALUE", long)],
            subcommands: [CommandSpec("sub", long)])
        let lines = HelpText.text(of: command).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.count > 25)
    }

    @Test(
        "bash completes commands, options, choices and files",
        arguments: [
            (["gateway", "ch"], "check"), (["gateway", "config", ""], "print"),
            (["gateway", "check", "--str"], "--strict"), (["gateway", "check", "--output", ""], "text json"),
            (["gateway", "-o", "j"], "json"), (["gateway", "config", "--out"], "--output"),
            (["gateway", "--output", "=", "j"], "json"), (["gateway", "--output", "="], "text json"),
        ])
    func bash(_ words: [String], _ expected: String) throws {
        let array = words.map { "'\($0)'" }.joined(separator: " ")
        let script =
            CompletionScript.text(for: .bash, of: program)
            + "COMP_WORDS=(\(array)); COMP_CWORD=\(words.count - 1); _gateway_complete; echo \"${COMPREPLY[*]}\"\n"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["--norc", "-c", script]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(String(decoding: data, as: UTF8.self) == expected + "\n")
    }
}
