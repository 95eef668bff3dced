import Arguments
import JSON

/// `gateway receipts`.
struct ReceiptsCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let query = try ListOptions.query(
            parsed, ["channel", "country"].map { (name: $0, value: parsed.value($0)) })
        let api = try context.connect(try APIAccess(parsed, context))
        let answer = try api.value("GET", "/v1/receipts" + query)
        if ListOptions.wantsJSON(parsed) { context.print(answer) } else { show(answer) }
        return 0
    }

    private func show(_ answer: JSONValue) {
        var table = TextTable(["CHANNEL", "COUNTRY", "SENT", "REPORTED", "SHARE", "BETWEEN", "LEARNED", "IN USE"])
        for row in answer["data"]?.array ?? [] {
            table.add([
                row["channel"]?.string ?? "", row["country"]?.string ?? "", row["sent"]?.int.map(String.init) ?? "",
                row["reported"]?.int.map(String.init) ?? "", Self.percent(row["share"]),
                Self.percent(row["least"]) + " to " + Self.percent(row["most"]), row["quality"]?.string ?? "",
                (row["in_use"]?.string ?? "") + (row["configured"] == nil ? "" : " (configured)"),
            ])
        }
        context.output.write(table.text(context.paint))
        context.tellOfMore(answer)
    }

    /// In whole percents; a dash for what is not known.
    private static func percent(_ value: JSONValue?) -> String {
        value?.double.map { "\(Int(($0 * 100).rounded())) %" } ?? "-"
    }
}
