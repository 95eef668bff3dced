import FoundationEssentials
import JSON
import Telemetry
import Testing

@testable import Assembly

@Suite("Commands beside a running gateway", .serialized)
struct RunningGatewayTests {
    /// A gateway with the shipped configuration on free ports, its data in a temporary folder.
    final class Running: Sendable {
        let folder: String
        let runtime: GatewayRuntime

        init(config: String = TestFolder.root.appending(path: "channels.yaml").path) throws {
            folder = "/tmp/gateway-commands-\(UUID().uuidString)"
            let file = ConfigurationFile(path: config, environment: [:])
            let log = Log(minimumLevel: .error, format: .json, clock: { 0 })
            runtime = try GatewayRuntime(RuntimeOptions(file: file, data: folder, usesFreePorts: true), log: log)
            runtime.begin()
        }

        deinit {
            runtime.stop()
            try? FileManager.default.removeItem(atPath: folder)
        }

        /// Runs a command with the data folder of the gateway.
        func command(_ arguments: String...) -> (status: Int32, output: CollectingSink, errors: CollectingSink) {
            let output = CollectingSink()
            let errors = CollectingSink()
            var context = CommandContext.process()
            context.environment = [:]
            context.output = output
            context.errors = errors
            context.paint = .off
            return (CommandRunner.run(arguments + ["--data", folder], context), output, errors)
        }
    }

    @Test("contacts, keys, messages and timelines go through its API")
    func roundTrip() throws {
        let running = try Running()
        let put = running.command("contacts", "put", "anna", "--name", "Anna", "--phone", "+41791234567")
        #expect(put.status == 0, "\(put.errors.text)")
        #expect(running.command("contacts", "list").output.text.contains("anna  Anna"))

        let send = running.command("send", "--to", "contact:anna", "--text", "The survey is at nine.", "-o", "json")
        #expect(send.status == 0, "\(send.errors.text)")
        let id = try #require(try JSONValue(parsing: send.output.text)["id"]?.string)
        let timeline = running.command("timeline", id)
        #expect(timeline.status == 0)
        #expect(timeline.output.lines.first?.hasPrefix(id + " began at ") == true)
        #expect(timeline.output.lines.dropFirst().first == "    +0.000s              stored")

        #expect(running.command("contacts", "delete", "anna").status == 0)
        #expect(running.command("contacts", "get", "anna").status == 1)
    }

    @Test("a key may do what its scopes say until it is revoked")
    func keys() throws {
        let running = try Running()
        let created = running.command("keys", "create", "--name", "reader", "--scope", "contacts:read")
        #expect(created.status == 0, "\(created.errors.text)")
        let key = try #require(created.output.lines.first)
        #expect(running.command("contacts", "list", "--key", key).status == 0)
        let refused = running.command("send", "--to", "+41791234567", "--text", "x", "--key", key)
        #expect(refused.status == 1)
        #expect(refused.errors.text.contains("lacks the scope messages:write"))
        #expect(!refused.errors.text.contains(key))

        let id = String(key.split(separator: "_")[1])
        #expect(running.command("keys", "list").output.text.contains(id))
        #expect(running.command("keys", "revoke", id).status == 0)
        #expect(running.command("contacts", "list", "--key", key).status == 1)
    }

    @Test("content that was read before is not read again unless somebody asks for it")
    func sameContent() throws {
        let config = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: config) }
        let shipped = try TestFolder.text(ofRepositoryFile: "channels.yaml")
        func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: config)) }
        try write(shipped)
        let running = try Running(config: config)
        defer { withExtendedLifetime(running) {} }
        let runtime = running.runtime
        var directory = runtime.privateEndpoint.runningDirectory
        /// Whether another configuration runs than when this was asked last.
        func isAnother() -> Bool {
            defer { directory = runtime.privateEndpoint.runningDirectory }
            return directory !== runtime.privateEndpoint.runningDirectory
        }
        runtime.reloadIfChanged()
        #expect(!isAnother())
        #expect(runtime.reload().isAccepted)
        #expect(isAnother())
        try write(shipped + "\n# a remark\n")
        runtime.reloadIfChanged()
        #expect(isAnother())
        runtime.reloadIfChanged()
        #expect(!isAnother())
        try write("version: 1\nnonsense: true\n")
        runtime.reloadIfChanged()
        #expect(!isAnother())
        #expect(!runtime.reload().isAccepted)
        try write(shipped)
        runtime.reloadIfChanged()
        #expect(isAnother())
    }

    @Test("a rule's refusal and a wrong message are told with their reasons")
    func refusals() throws {
        let running = try Running()
        let card = running.command("send", "--to", "+41791234567", "--text", "4111 1111 1111 1111")
        #expect(card.status == 1)
        #expect(card.errors.text.contains("card numbers are never sent"))
        #expect(card.errors.text.contains("rule: no card numbers"))
        let country = running.command("send", "--to", "+81312345678", "--text", "x")
        #expect(country.status == 1)
        #expect(country.errors.text.contains("/to: "))
    }
}
