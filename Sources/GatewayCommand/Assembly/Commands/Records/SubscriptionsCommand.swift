import Arguments
import JSON

/// `gateway subscriptions`.
struct SubscriptionsCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let (page, path) = (try page(parsed), "/v1/subscriptions/" + APIAccess.part(parsed.value("ID") ?? ""))
        let api = try context.connect(try APIAccess(parsed, context))
        switch parsed.path.last {
        case "list": table.list(try api.value("GET", "/v1/subscriptions" + page), parsed)
        case "get": table.show(try api.value("GET", path), parsed)
        case "create": created(try api.value("POST", "/v1/subscriptions", body: wish(parsed)), parsed)
        case "deliveries": letters.list(try api.value("GET", path + "/deliveries" + page), parsed)
        case "stream": stream.show(try api.value("GET", "/v1/events/stream"), parsed)
        case "replay": context.print(try api.value("POST", path + "/replay", body: replay(parsed)).text)
        default:
            _ = try api.value("DELETE", path)
            context.print("deleted \(PlainText.line(parsed.value("ID") ?? ""))")
        }
        return 0
    }

    private func page(_ parsed: ParsedCommand) throws(CommandFailure) -> String {
        ["list", "deliveries"].contains(parsed.path.last) ? try RecordTable.query(parsed) : ""
    }

    private func wish(_ parsed: ParsedCommand) -> JSONValue {
        var out: JSONObject = ["url": .string(parsed.value("URL") ?? "")]
        let types = parsed.values("type")
        if !types.isEmpty { out["types"] = .array(types.map(JSONValue.string)) }
        for (field, option) in [("subject", "subject"), ("after", "after"), ("max_age", "max-age")] {
            out[field] = parsed.value(option).map(JSONValue.string)
        }
        if parsed.has("all-tenants") { out["all_tenants"] = true }
        return .object(out)
    }

    private func replay(_ parsed: ParsedCommand) -> JSONValue {
        parsed.value("after").map { ["after": .string($0)] } ?? [:]
    }

    // MARK: output

    /// The secret alone goes to the output, so that a script can take it.
    private func created(_ subscription: JSONValue, _ parsed: ParsedCommand) {
        guard parsed.value("output") != "json" else { return context.print(subscription) }
        context.print(PlainText.line(subscription["secret"]?.string ?? ""))
        let id = PlainText.line(subscription["id"]?.string ?? "")
        context.complain("this is the secret of subscription \(id); it is not shown again")
    }

    private var stream: RecordTable {
        RecordTable(context: context, header: ["STREAM", "STATE", "TOLD", "LAST", "AWAY SINCE", "REASON", "URL"]) {
            row in
            ["stream", "state"].map { row[$0]?.string ?? "" } + [row["told"]?.int.map(String.init) ?? ""]
                + ["last_id", "away_since", "reason", "url"].map { row[$0]?.string ?? "" }
        }
    }

    private var table: RecordTable {
        let header = ["ID", "STATE", "TOLD", "TRIES", "STATUS", "TYPES", "URL"]
        return RecordTable(context: context, header: header) { row in
            let types = (row["types"]?.array ?? []).compactMap(\.string)
            return [
                row["id"]?.string ?? "", row["state"]?.string ?? "", row["told"]?.int.map(String.init) ?? "",
                row["tries"]?.int.map(String.init) ?? "", row["status"]?.int.map(String.init) ?? "",
                types.isEmpty ? "*" : types.joined(separator: ","), row["url"]?.string ?? "",
            ]
        }
    }

    private var letters: RecordTable {
        RecordTable(context: context, header: ["AT", "EVENT", "TYPE", "SUBJECT", "STATUS", "TRIES", "STATE"]) { row in
            [
                row["at"]?.string ?? "", row["event"]?.string ?? "", row["type"]?.string ?? "",
                row["subject"]?.string ?? "", row["status"]?.int.map(String.init) ?? "",
                row["tries"]?.int.map(String.init) ?? "", row["state"]?.string ?? "",
            ]
        }
    }
}
