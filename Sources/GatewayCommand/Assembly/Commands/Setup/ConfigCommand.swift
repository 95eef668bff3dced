import Arguments
import Gateway

/// `gateway config print`.
struct ConfigCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let file = parsed.value("config") ?? CommandTree.defaultConfiguration
        let configuration = try Self.configuration(file, context)
        let value = ConfigurationView.value(of: configuration)
        if parsed.value("output") == "json" {
            context.print(value)
        } else {
            context.output.write(YAMLText.text(of: value))
        }
        return 0
    }

    /// The configuration of a file without errors; warnings go to the person.
    static func configuration(
        _ file: String, _ context: CommandContext
    ) throws(CommandFailure) -> GatewayConfiguration {
        let reading = try readConfiguration(file: file, environment: context.environment)
        guard let configuration = reading.configuration else {
            throw CommandFailure(
                "configuration",
                "the configuration has errors\n" + reading.diagnostics.map(\.text).joined(separator: "\n"))
        }
        for finding in reading.diagnostics { context.errors.write(PlainText.line(finding.text) + "\n") }
        return configuration
    }
}
