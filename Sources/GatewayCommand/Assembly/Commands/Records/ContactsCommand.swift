import Arguments
import JSON

/// `gateway contacts`.
struct ContactsCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let id = parsed.value("ID") ?? ""
        let path = "/v1/contacts/" + APIAccess.part(id)
        let body = parsed.path.last == "put" ? try contact(parsed, id) : nil
        if parsed.path.last == "merge", parsed.value("from") == nil {
            throw CommandFailure("no_contact", "name the other contact with --from", exit: UsageError.exitCode)
        }
        if parsed.has("set"), parsed.has("remove") {
            throw CommandFailure("two_actions", "a PIN is set or removed, not both", exit: UsageError.exitCode)
        }
        let query = parsed.path.last == "list" ? try RecordTable.query(parsed) : ""
        let api = try context.connect(try APIAccess(parsed, context))
        switch parsed.path.last {
        case "list": table.list(try api.value("GET", "/v1/contacts" + query), parsed)
        case "get": table.show(try api.value("GET", path), parsed)
        case "consents": try showConsents(path + "/consents", parsed, api)
        case "merge":
            let body: JSONValue = ["from": .string(parsed.value("from") ?? "")]
            table.show(try api.value("POST", path + "/merge", body: body), parsed)
        case "pin": try changePIN(path + "/pin", parsed, api)
        case "import": return try ContactFile(parsed, context).send(over: api)
        case "put": table.show(try api.value("PUT", path, body: body), parsed)
        default:
            _ = try api.value("DELETE", path)
            context.print("deleted \(PlainText.line(id))")
        }
        return 0
    }

    /// From standard input, so that it is in no list of processes and no history of a shell.
    private func changePIN(
        _ path: String, _ parsed: ParsedCommand, _ api: any GatewayAPI
    ) throws(CommandFailure) {
        let answer: JSONValue
        if parsed.has("remove") {
            answer = try api.value("DELETE", path)
        } else if parsed.has("set") {
            let text = String(decoding: try context.readFile("-"), as: UTF8.self)
            let line = text.prefix { !$0.isNewline }
            answer = try api.value("PUT", path, body: ["pin": .string(String(line))])
        } else {
            answer = try api.value("GET", path)
        }
        if parsed.value("output") == "json" { return context.print(answer) }
        let since = answer["since"]?.string.map { "set on \($0)" }
        context.print(PlainText.line(parsed.value("ID") ?? "") + ": " + (since ?? "no PIN"))
    }

    private func showConsents(
        _ path: String, _ parsed: ParsedCommand, _ api: any GatewayAPI
    ) throws(CommandFailure) {
        let plain = ["address", "sender", "state", "since"]
        guard parsed.has("history") else {
            let table = RecordTable(context: context, header: ["ADDRESS", "SENDER", "STATE", "SINCE"]) { consent in
                plain.map { consent[$0]?.string ?? "" }
            }
            return table.list(try api.value("GET", path), parsed)
        }
        let query = try RecordTable.query(parsed, [("history", "true")])
        let header = ["AT", "ADDRESS", "SENDER", "STATE", "SINCE", "SOURCE"]
        let table = RecordTable(context: context, header: header) { statement in
            let origin = ["source", "key", "provider_id", "delivery"].compactMap { statement[$0]?.string }
            let note = statement["ignored"]?.bool == true ? ["(ignored)"] : []
            return (["at"] + plain).map { statement[$0]?.string ?? "" } + [(origin + note).joined(separator: " ")]
        }
        table.list(try api.value("GET", path + query), parsed)
    }

    private func contact(_ parsed: ParsedCommand, _ id: String) throws(CommandFailure) -> JSONValue {
        var object = JSONObject()
        for name in ["name", "phone", "locale", "time-zone"] {
            guard let value = parsed.value(name) else { continue }
            object[name == "time-zone" ? "time_zone" : name] = .string(value)
        }
        guard let file = parsed.value("file") else {
            guard object["name"] != nil else {
                throw CommandFailure("no_name", "a contact needs --name, or --file", exit: UsageError.exitCode)
            }
            return .object(object)
        }
        guard object.isEmpty else {
            throw CommandFailure(
                "two_contacts", "--file holds the whole contact; leave the other options out", exit: UsageError.exitCode
            )
        }
        return try JSONFile.read(file, context)
    }

    // MARK: output

    private var table: RecordTable {
        RecordTable(context: context, header: ["ID", "NAME", "LOCALE", "TIME ZONE", "ADDRESSES"]) { contact in
            let addresses = (contact["addresses"]?.array ?? []).map { address in
                (address["value"]?.string ?? "") + (address["verified"]?.bool == true ? " (verified)" : "")
            }
            return ["id", "name", "locale", "time_zone"].map { contact[$0]?.string ?? "" }
                + [addresses.joined(separator: ", ")]
        }
    }
}
