import Arguments
import JSON

/// `gateway receipts`.
struct ReceiptsCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let query = try RecordTable.query(
            parsed, ["channel", "country"].map { (name: $0, value: parsed.value($0)) })
        let api = try context.connect(try APIAccess(parsed, context))
        table.list(try api.value("GET", "/v1/receipts" + query), parsed)
        return 0
    }

    private var table: RecordTable {
        let header = ["CHANNEL", "COUNTRY", "SENT", "REPORTED", "SHARE", "BETWEEN", "LEARNED", "IN USE"]
        return RecordTable(context: context, header: header) { row in
            [
                row["channel"]?.string ?? "", row["country"]?.string ?? "", row["sent"]?.int.map(String.init) ?? "",
                row["reported"]?.int.map(String.init) ?? "", Self.percent(row["share"]),
                Self.percent(row["least"]) + " to " + Self.percent(row["most"]), row["quality"]?.string ?? "",
                (row["in_use"]?.string ?? "") + (row["configured"] == nil ? "" : " (configured)"),
            ]
        }
    }

    /// In whole percents; a dash for what is not known.
    private static func percent(_ value: JSONValue?) -> String {
        value?.double.map { "\(Int(($0 * 100).rounded())) %" } ?? "-"
    }
}
