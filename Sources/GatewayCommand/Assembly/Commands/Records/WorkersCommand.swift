import Arguments
import JSON

/// `gateway workers`.
struct WorkersCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let path = "/v1/workers/" + APIAccess.part(parsed.value("NAME") ?? "")
        let activity = parsed.value("ACTIVITY") ?? ""
        let verb = parsed.path.last
        if verb == "set", !["available", "unavailable", "offline"].contains(activity) {
            throw CommandFailure(
                "bad_value", "the activity is available, unavailable or offline", exit: UsageError.exitCode)
        }
        let api = try context.connect(try APIAccess(parsed, context))
        switch verb {
        case "get": table.show(try api.value("GET", path), parsed)
        case "set":
            table.show(try api.value("POST", path + "/activity", body: ["activity": .string(activity)]), parsed)
        default: table.list(try api.value("GET", "/v1/workers"), parsed)
        }
        return 0
    }

    private var table: RecordTable {
        RecordTable(
            context: context, header: ["NAME", "ACTIVITY", "SINCE", "TASKS", "OFFERED", "CAPACITY", "SKILLS"]
        ) { worker in
            ["name", "activity", "since"].map { worker[$0]?.string ?? "" }
                + ["assigned", "reserved"].map { String(worker[$0]?.array?.count ?? 0) }
                + [
                    worker["capacity"]?.int.map(String.init) ?? "",
                    (worker["attributes"]?["skills"]?.array ?? []).compactMap(\.string).joined(separator: ", "),
                ]
        }
    }
}
