import Arguments
import Gateway
import JSON
import MemoryStore
import Server

/// `gateway explain`: what the rules make of a message, from the configuration alone or by a running gateway.
struct ExplainCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let body = try MessageOptions.body(parsed, context)
        let file = parsed.value("config") ?? CommandTree.defaultConfiguration
        let configuration = try ConfigCommand.configuration(file, context)
        let explanation =
            parsed.has("running")
            ? try context.connect(try APIAccess(parsed, context)).value("POST", "/v1/explain", body: body)
            : try explain(try Self.envelope(body), configuration)
        if parsed.value("output") == "json" {
            context.print(explanation)
        } else {
            context.output.write(ExplanationText(configuration, context.paint).text(explanation))
        }
        return 0
    }

    /// The message as the API reads it.
    /// - Throws: all faults with their places.
    static func envelope(_ body: JSONValue) throws(CommandFailure) -> Envelope {
        do throws(Problem) {
            return try EnvelopeReader.read(body, tenant: "default")
        } catch {
            let faults = error.errors.map { "  \($0.pointer): \($0.detail)" }
            throw CommandFailure("invalid_message", "the message has faults\n" + faults.joined(separator: "\n"))
        }
    }

    /// As `POST /v1/explain` answers.
    private func explain(
        _ envelope: Envelope, _ configuration: GatewayConfiguration
    ) throws(CommandFailure) -> JSONValue {
        let directory = try makeDirectory(
            configuration, publicURL: configuration.gateway.publicURL ?? Self.nowhere, simulatorBase: Self.nowhere)
        do throws(Problem) {
            let acceptance = Acceptance(records: InMemoryStore(), clock: context.clock, highest: nil)
            return try acceptance.explain(envelope, directory, knowsCosts: false)
        } catch {
            let hint = Self.unknownPeople.contains(error.code) ? " Without a running gateway, name a number." : ""
            throw CommandFailure(error.code, error.message + hint)
        }
    }

    /// Nothing is asked of any address; links in texts begin with it.
    private static let nowhere = "http://127.0.0.1"
    private static let unknownPeople: Set<String> = ["unknown_contact", "unknown_boat"]
}
