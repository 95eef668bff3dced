import Testing

@testable import Arguments

let program = CommandSpec(
    "gateway", "Routes messages.",
    options: [
        .value("output", short: "o", "FORMAT", "How results are shown.", default: "text", choices: ["text", "json"])
    ],
    subcommands: [
        CommandSpec(
            "check", "Check configurations.",
            options: [
                .flag("strict", short: "s", "Warnings count."), .flag("quiet", short: "q", "Say nothing."),
                .value("label", short: "l", "K=V", "A label.", repeatable: true),
                .value("runs", "N", "How often."),
            ],
            positionals: [PositionalSpec("FILE", .several, "The files.", completion: .files)]),
        CommandSpec("config", "The configuration.", subcommands: [CommandSpec("print", "Show it.")]),
        CommandSpec("timeline", "Show one.", positionals: [PositionalSpec("ID", .one, "The message.")]),
        CommandSpec("secret", "Not for everybody.", hidden: true),
    ])

@Suite("Command lines")
struct CommandLineParserTests {
    private let parser = CommandLineParser(program)

    private func failure(_ arguments: String...) -> UsageError? {
        do throws(UsageError) {
            _ = try parser.parse(arguments)
            return nil
        } catch {
            return error
        }
    }

    @Test("options, flags and files may stand in any order")
    func anyOrder() throws {
        let parsed = try parser.parse(["check", "a.yaml", "--strict", "-o", "json", "b.yaml"])
        #expect(parsed.path == ["check"])
        #expect(parsed.values("FILE") == ["a.yaml", "b.yaml"])
        #expect(parsed.has("strict"))
        #expect(!parsed.has("quiet"))
        #expect(parsed.value("output") == "json")
    }

    @Test(
        "a value may follow its option or be joined to it",
        arguments: [["--output", "json"], ["--output=json"], ["-o", "json"], ["-ojson"], ["-o=json"], ["-sqojson"]])
    func spellings(_ words: [String]) throws {
        #expect(try parser.parse(["check", "f"] + words).value("output") == "json")
    }

    @Test("a default holds where nothing is given, and is not taken for given")
    func defaults() throws {
        let parsed = try parser.parse(["check", "f"])
        #expect(parsed.value("output") == "text")
        #expect(!parsed.has("output"))
        #expect(parsed.value("runs") == nil)
    }

    @Test("a repeatable option keeps all values in their order")
    func repeated() throws {
        let parsed = try parser.parse(["check", "-l", "a=1", "--label=b=2", "f", "--label="])
        #expect(parsed.values("label") == ["a=1", "b=2", ""])
    }

    @Test("after two dashes everything is an argument")
    func dashes() throws {
        #expect(try parser.parse(["check", "--", "--strict", "-h", "--"]).values("FILE") == ["--strict", "-h", "--"])
    }

    @Test("a single dash is an argument, and a value may look like an option")
    func dashLike() throws {
        let parsed = try parser.parse(["check", "-", "--label", "-h"])
        #expect(parsed.values("FILE") == ["-"])
        #expect(parsed.values("label") == ["-h"])
        #expect(!parsed.wantsHelp)
    }

    @Test("help is found wherever it stands")
    func help() throws {
        #expect(try parser.parse(["--help"]).wantsHelp)
        #expect(try parser.parse(["check", "--nonsense", "-h"]).path == ["check"])
        #expect(try parser.parse(["config", "--help", "print"]).path == ["config", "print"])
        let parsed = try parser.parse(["help", "check"])
        #expect(parsed.wantsHelp && parsed.path == ["check"])
    }

    @Test("every mistake has its code and names the nearest valid word")
    func mistakes() {
        #expect(failure("chekc")?.message == "there is no command 'chekc'; did you mean 'check'?")
        #expect(failure("chekc")?.code == .unknownCommand)
        #expect(failure("check", "f", "--srtict")?.message == "there is no option '--srtict'; did you mean '--strict'?")
        #expect(failure("check", "f", "-x")?.code == .unknownOption)
        #expect(failure("check", "f", "--=x")?.code == .unknownOption)
        #expect(failure("check", "f", "-o")?.code == .missingValue)
        #expect(failure("check", "f", "--strict=yes")?.code == .unexpectedValue)
        #expect(failure("check", "f", "-o", "jsn")?.message.hasSuffix("did you mean 'json'?") == true)
        #expect(failure("check", "f", "-o", "text", "-o", "json")?.code == .repeatedOption)
        #expect(failure("check")?.code == .missingArgument)
        #expect(failure("timeline", "a", "b")?.code == .unexpectedArgument)
        #expect(failure("config")?.code == .missingCommand)
        #expect(failure()?.code == .missingCommand)
        #expect(failure("secre")?.message == "there is no command 'secre'")
        #expect(UsageError.exitCode == 2)
    }

    @Test("a whole number is checked against its range")
    func integers() throws {
        #expect(try parser.parse(["check", "f", "--runs", "12"]).integer("runs", in: 1...100) == 12)
        #expect(try parser.parse(["check", "f"]).integer("runs", in: 1...100) == nil)
        for bad in ["0", "101", "x", "99999999999999999999", ""] {
            let parsed = try parser.parse(["check", "f", "--runs", bad])
            #expect(throws: UsageError.self) { try parsed.integer("runs", in: 1...100) }
        }
    }

    @Test("no command line crashes the parser")
    func noCrash() {
        let words = [
            "", "-", "--", "---", "-=", "--=", "-o", "check", "config", "--output=", "=", "-é", "--help=", "f",
        ]
        var state: UInt64 = 7
        for _ in 0..<5000 {
            var line: [String] = []
            for _ in 0..<5 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                line.append(words[Int(state >> 33) % words.count])
            }
            do throws(UsageError) {
                let parsed = try parser.parse(line)
                #expect(parsed.path.count <= 2)
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }
}
