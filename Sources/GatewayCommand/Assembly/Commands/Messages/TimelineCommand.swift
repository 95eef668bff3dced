import Arguments
import JSON

/// `gateway timeline ID`.
struct TimelineCommand {
    let context: CommandContext

    /// How often a followed timeline is asked for.
    static let interval = Duration.milliseconds(300)

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let api = try context.connect(try APIAccess(parsed, context))
        let id = parsed.value("ID") ?? ""
        let isJSON = parsed.value("output") == "json"
        guard !parsed.has("follow") else { return try follow(id, api, isJSON: isJSON) }
        let timeline = try timeline(id, api)
        if isJSON {
            context.print(timeline)
        } else {
            var printer = TimelinePrinter(paint: context.paint)
            for line in printer.lines(timeline) { context.print(line) }
        }
        return 0
    }

    /// Writes entries as they come, in JSON one a line, until every delivery has ended.
    func follow(_ id: String, _ api: any GatewayAPI, isJSON: Bool) throws(CommandFailure) -> Int32 {
        var printer = TimelinePrinter(paint: context.paint)
        while true {
            let timeline = try timeline(id, api)
            if isJSON {
                for entry in printer.fresh(timeline) { context.print(entry.text) }
            } else {
                for line in printer.lines(timeline) { context.print(line) }
            }
            if printer.isDone { return 0 }
            context.pause(Self.interval)
        }
    }

    private func timeline(_ id: String, _ api: any GatewayAPI) throws(CommandFailure) -> JSONValue {
        try api.value("GET", "/v1/messages/\(APIAccess.part(id))/timeline")
    }
}
