import Arguments
import JSON

/// `gateway reviews`.
struct ReviewsCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let id = parsed.value("ID") ?? ""
        let all = parsed.has("all") ? "all" : nil
        let query = parsed.path.last == "list" ? try RecordTable.query(parsed, [("state", all)]) : ""
        let body = try body(of: parsed.path.last, parsed)
        let api = try context.connect(try APIAccess(parsed, context))
        switch parsed.path.last {
        case "list": table.list(try api.value("GET", "/v1/reviews" + query), parsed)
        case let verb:
            let path = "/v1/reviews/" + APIAccess.part(id) + "/" + (verb ?? "")
            let review = try api.value("POST", path, body: body)
            guard parsed.value("output") != "json" else {
                context.print(review)
                return 0
            }
            context.print("\(PlainText.line(review["verdict"]?.string ?? "")) \(PlainText.line(id))")
        }
        return 0
    }

    private func body(of verb: String?, _ parsed: ParsedCommand) throws(CommandFailure) -> JSONValue? {
        func needed(_ option: String) throws(CommandFailure) -> String {
            guard let value = parsed.value(option), !value.isEmpty else {
                throw CommandFailure(
                    "missing_option", "reviews \(parsed.path.last ?? "") needs --\(option)", exit: 2)
            }
            return value
        }
        func given(_ options: [String]) -> [(String, JSONValue)] {
            options.compactMap { option in parsed.value(option).map { (option, .string($0)) } }
        }
        switch verb {
        case "reply": return .object(JSONObject([("text", .string(try needed("text")))] + given(["policy"])))
        case "link":
            var body = JSONObject([("contact", .string(try needed("contact")))] + given(["name", "boat"]))
            if parsed.has("verified") { body["verified"] = true }
            if body["boat"] != nil { body["role"] = parsed.value("role").map(JSONValue.string) }
            return .object(body)
        default: return nil
        }
    }

    private var table: RecordTable {
        RecordTable(
            context: context, header: ["ID", "STATE", "REASON", "ABOUT", "CREATED", "VERDICT", "BY"]
        ) { review in
            ["id", "state", "reason", "about", "created", "verdict", "closed_by"].map { column in
                column == "about" ? Self.about(review) : review[column]?.string ?? ""
            }
        }
    }

    /// The delivery, or who wrote what.
    private static func about(_ review: JSONValue) -> String {
        guard let inbound = review["about"] else { return review["delivery"]?.string ?? "" }
        let text = inbound["text"]?.string ?? inbound["channel"]?.string ?? ""
        let line = text.prefix(40) + (text.count > 40 ? "…" : "")
        return (inbound["from"]?.string ?? "") + ": " + line
    }
}
