import Arguments
import JSON

/// `gateway keys`.
struct KeysCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let body = parsed.path.last == "create" ? try wish(parsed) : nil
        let api = try context.connect(try APIAccess(parsed, context))
        switch parsed.path.last {
        case "list": list(try api.value("GET", "/v1/keys"), parsed)
        case "create": created(try api.value("POST", "/v1/keys", body: body), parsed)
        default:
            let id = parsed.value("ID") ?? ""
            _ = try api.value("DELETE", "/v1/keys/" + APIAccess.part(id))
            context.print("revoked \(PlainText.line(id))")
        }
        return 0
    }

    private func wish(_ parsed: ParsedCommand) throws(CommandFailure) -> JSONValue {
        let scopes = parsed.values("scope")
        guard let name = parsed.value("name"), !scopes.isEmpty else {
            throw CommandFailure(
                "no_key_wish", "a key needs --name and at least one --scope", exit: UsageError.exitCode)
        }
        var object: JSONObject = ["name": .string(name), "scopes": .array(scopes.map(JSONValue.string))]
        object["tenant"] = parsed.value("tenant").map(JSONValue.string)
        object["daily_spend"] = parsed.value("daily-spend").map(JSONValue.string)
        do throws(UsageError) {
            object["daily_calls"] = try parsed.integer("daily-calls", in: 0...1_000_000_000).map { .integer(Int64($0)) }
        } catch {
            throw CommandFailure(error.code.rawValue, error.message, exit: UsageError.exitCode)
        }
        return .object(object)
    }

    // MARK: output

    private func list(_ answer: JSONValue, _ parsed: ParsedCommand) {
        guard parsed.value("output") != "json" else { return context.print(answer) }
        var table = TextTable(["ID", "NAME", "SCOPES", "TENANT", "CREATED", "REVOKED"])
        for key in answer["data"]?.array ?? [] {
            let scopes = (key["scopes"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            table.add(
                [key["id"]?.string ?? "", key["name"]?.string ?? "", scopes]
                    + ["tenant", "created", "revoked"].map { key[$0]?.string ?? "" })
        }
        context.output.write(table.text(context.paint))
    }

    /// The text alone goes to the output, so that a script can take it.
    private func created(_ key: JSONValue, _ parsed: ParsedCommand) {
        guard parsed.value("output") != "json" else { return context.print(key) }
        context.print(PlainText.line(key["key"]?.string ?? ""))
        context.complain("this is key \(PlainText.line(key["id"]?.string ?? "")); its text is not shown again")
    }
}
