import Arguments
import Forms
import JSON

/// `gateway events`.
struct EventsCommand {
    let context: CommandContext

    /// How long one request of `--follow` waits for the next event: less than the client's own patience.
    static let wait = "20s"

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let query = try RecordTable.query(parsed, ["types", "subject"].map { (name: $0, value: parsed.value($0)) })
        let api = try context.connect(try APIAccess(parsed, context))
        guard parsed.has("follow") else {
            table.list(try api.value("GET", "/v1/events" + query), parsed)
            return 0
        }
        return try follow(api, query, parsed)
    }

    /// Writes events as they come, in JSON one a line, until it is interrupted or the gateway ends.
    private func follow(
        _ api: any GatewayAPI, _ query: String, _ parsed: ParsedCommand
    ) throws(CommandFailure) -> Int32 {
        let isJSON = parsed.value("output") == "json"
        // Without a cursor it begins with what happens from now on.
        var path = "/v1/events" + query + (parsed.value("cursor") == nil ? "&after=latest" : "")
        let filters = ["types", "subject"].compactMap { name in
            parsed.value(name).map { "&\(name)=" + PercentCoding.encode($0) }
        }
        while true {
            let page = try api.value("GET", path + "&wait=" + Self.wait)
            for event in page["data"]?.array ?? [] {
                context.print(isJSON ? event.text : row(event).map(PlainText.line).joined(separator: "  "))
            }
            guard let cursor = page["next_cursor"]?.string else { return 0 }
            path = "/v1/events?limit=500&after=" + PercentCoding.encode(cursor) + filters.joined()
        }
    }

    private var table: RecordTable {
        RecordTable(context: context, header: ["TIME", "TYPE", "SUBJECT", "ALIAS", "DATA"], row: row)
    }

    private func row(_ event: JSONValue) -> [String] {
        let type = event["type"]?.string ?? ""
        let isOurs = type.hasPrefix("com.gateway.") && type.hasSuffix(".v1")
        let short = isOurs ? String(type.dropFirst(12).dropLast(3)) : type
        let data = (event["data"]?.object?.members ?? []).compactMap { member in
            Self.shown.contains(member.key) ? member.value.string.map { "\(member.key)=\($0)" } : nil
        }
        return [
            event["time"]?.string ?? "", short, event["subject"]?.string ?? "", event["alias"]?.string ?? "",
            data.joined(separator: " "),
        ]
    }

    /// What of an event's data a person wants to see at once.
    private static let shown = ["channel", "status", "state", "reason", "contact", "event", "rule", "verdict"]
}
