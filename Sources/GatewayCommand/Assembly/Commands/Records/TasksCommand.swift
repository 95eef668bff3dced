import Arguments
import JSON

/// `gateway tasks`.
struct TasksCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let path = "/v1/tasks/" + APIAccess.part(parsed.value("ID") ?? "")
        let verb = parsed.path.last ?? ""
        let filters = ["queue", "worker", "contact", "state"].map { ($0, parsed.value($0)) }
        let query = verb == "list" ? try RecordTable.query(parsed, filters) : ""
        var body = JSONObject()
        if verb == "accept" {
            guard let worker = parsed.value("worker"), !worker.isEmpty else {
                throw CommandFailure("missing_option", "tasks accept needs --worker", exit: UsageError.exitCode)
            }
            body["worker"] = .string(worker)
        }
        if verb == "transfer", (parsed.value("queue") == nil) == (parsed.value("to") == nil) {
            throw CommandFailure(
                "missing_option", "tasks transfer needs --queue or --to, one of them", exit: UsageError.exitCode)
        }
        if verb != "list" {
            for field in ["worker", "queue", "to"] { body[field] = parsed.value(field).map(JSONValue.string) }
        }
        body["reason"] = parsed.value("reason").map(JSONValue.string)
        let api = try context.connect(try APIAccess(parsed, context))
        switch verb {
        case "list": table.list(try api.value("GET", "/v1/tasks" + query), parsed)
        case "get": table.show(try api.value("GET", path), parsed)
        default: table.show(try api.value("POST", path + "/" + verb, body: .object(body)), parsed)
        }
        return 0
    }

    private var table: RecordTable {
        RecordTable(
            context: context, header: ["ID", "QUEUE", "PRIORITY", "STATE", "WORKER", "CREATED", "ABOUT"]
        ) { task in
            let attributes = task["attributes"]
            let text = attributes?["text"]?.string ?? ""
            let line = text.prefix(40) + (text.count > 40 ? "…" : "")
            let about = [attributes?["from"]?.string ?? "", String(line)].filter { !$0.isEmpty }
            return ["id", "queue"].map { task[$0]?.string ?? "" } + [task["priority"]?.int.map(String.init) ?? ""]
                + ["state", "worker", "created"].map { task[$0]?.string ?? "" } + [about.joined(separator: ": ")]
        }
    }
}
