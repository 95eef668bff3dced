import Arguments
import JSON

/// `gateway conferences`.
struct ConferencesCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let verb = parsed.path.last ?? ""
        let path = "/v1/conferences/" + APIAccess.part(parsed.value("NAME") ?? "")
        let seat = path + "/participants/" + APIAccess.part(parsed.value("LABEL") ?? "")
        let filters = ["state", "boat", "name"].map { ($0, parsed.value($0)) }
        let query = verb == "list" ? try RecordTable.query(parsed, filters) : ""
        let api = try context.connect(try APIAccess(parsed, context))
        switch verb {
        case "list": conferences.list(try api.value("GET", "/v1/conferences" + query), parsed)
        case "show":
            let path = parsed.value("output") == "json" ? path : path + "/participants"
            let answer = try api.value("GET", path)
            if parsed.value("output") == "json" { people.show(answer, parsed) } else { people.list(answer, parsed) }
        case "invite":
            people.show(try api.value("POST", path + "/participants", body: .object(invitation(parsed))), parsed)
        case "mute":
            let isMuted = !parsed.has("off")
            people.show(try api.value("PATCH", seat, body: ["muted": .bool(isMuted)]), parsed)
        case "hold":
            let isHeld = !parsed.has("off")
            people.show(try api.value("PATCH", seat, body: ["hold": .bool(isHeld)]), parsed)
        case "remove": people.show(try api.value("DELETE", seat), parsed)
        case "announce":
            let url = JSONValue.string(parsed.value("URL") ?? "")
            conferences.show(try api.value("POST", path + "/announce", body: ["url": url]), parsed)
        default: conferences.show(try api.value("POST", path + "/end", body: [:]), parsed)
        }
        return 0
    }

    private func invitation(_ parsed: ParsedCommand) -> JSONObject {
        var body: JSONObject = ["to": .string(parsed.value("TO") ?? "")]
        for name in ["label", "role", "boat", "coach"] { body[name] = parsed.value(name).map(JSONValue.string) }
        if parsed.has("record") { body["record"] = true }
        return body
    }

    private var conferences: RecordTable {
        RecordTable(context: context, header: ["ID", "NAME", "STATE", "BOAT", "CREATED", "ENDED"]) { row in
            ["id", "name", "state", "boat", "created", "ended"].map { row[$0]?.string ?? "" }
        }
    }

    private var people: RecordTable {
        RecordTable(context: context, header: ["ID", "LABEL", "STATE", "TO", "CONTACT", "MAY", "JOINED", "REASON"]) {
            row in
            let flags = ["muted", "hold", "end_on_exit"].filter { row[$0]?.bool == true }
            let words = ["id", "label", "state", "to", "contact"].map { row[$0]?.string ?? "" }
            return words + [flags.joined(separator: " ")] + ["joined", "reason"].map { row[$0]?.string ?? "" }
        }
    }
}
