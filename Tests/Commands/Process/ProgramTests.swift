import JSON
import Testing

@Suite("The built program")
struct ProgramTests {
    @Test("version prints data on standard output")
    func version() throws {
        let outcome = try BuiltProgram.run(["version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("gateway "))
        #expect(outcome.errors.isEmpty)
    }

    @Test("check exits with 0, 1 and 2", arguments: [("good.yaml", 0), ("broken.yaml", 1)] as [(String, Int32)])
    func check(fixture: String, status: Int32) throws {
        let outcome = try BuiltProgram.run(["check", TestFolder.fixture(fixture)])
        #expect(outcome.status == status)
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(outcome.errors.isEmpty)
        #expect(try BuiltProgram.run(["check"]).status == 2)
    }

    @Test("check reads the environment")
    func environment() throws {
        let run = try BuiltProgram.run(
            ["config", "print", "-c", TestFolder.fixture("good.yaml")],
            environment: ["TEST_ACCOUNT": "AC77", "TEST_TOKEN": "verysecret"])
        #expect(run.output.contains("AC77"))
        #expect(!run.output.contains("verysecret"))
    }

    @Test("explain works without a server")
    func explain() throws {
        let outcome = try BuiltProgram.run([
            "explain", "-c", TestFolder.fixture("good.yaml"), "-e", TestFolder.fixture("message.json"), "-o", "json",
        ])
        #expect(outcome.status == 0)
        #expect(try JSONValue(parsing: outcome.output)["recipients"]?[0]?["policy"] == "urgent")
    }

    @Test("no arguments, an unknown command and a later one exit with 2", arguments: [[], ["nope"], ["replay", "1"]])
    func usage(arguments: [String]) throws {
        let outcome = try BuiltProgram.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test("a command that needs a gateway says so when there is none")
    func noGateway() throws {
        let outcome = try BuiltProgram.run(["timeline", "msg_1", "--data", "/does/not/exist"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("gateway serve"))
    }
}
