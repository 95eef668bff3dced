import Arguments
import JSON

/// `gateway version`.
struct VersionCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) -> Int32 {
        if parsed.value("output") == "json" {
            context.print(.object(JSONObject(ProgramVersion.all.map { ($0.name, .string($0.version)) })))
        } else {
            for (name, version) in ProgramVersion.all { context.print("\(name) \(version)") }
        }
        return 0
    }
}
