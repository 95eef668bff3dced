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
        let api = try context.connect(try APIAccess(parsed, context))
        switch parsed.path.last {
        case "list": table.list(try api.value("GET", "/v1/reviews" + query), parsed)
        case let verb:
            let review = try api.value("POST", "/v1/reviews/" + APIAccess.part(id) + "/" + (verb ?? ""))
            guard parsed.value("output") != "json" else {
                context.print(review)
                return 0
            }
            context.print("\(PlainText.line(review["verdict"]?.string ?? "")) \(PlainText.line(id))")
        }
        return 0
    }

    private var table: RecordTable {
        RecordTable(
            context: context, header: ["ID", "STATE", "REASON", "DELIVERY", "CREATED", "VERDICT", "BY"]
        ) { review in
            ["id", "state", "reason", "delivery", "created", "verdict", "closed_by"].map { review[$0]?.string ?? "" }
        }
    }
}
