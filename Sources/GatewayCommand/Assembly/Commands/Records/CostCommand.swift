import Arguments
import Forms
import JSON

/// `gateway cost`.
struct CostCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let api = try context.connect(try APIAccess(parsed, context))
        let wantsBudgets = parsed.has("budgets")
        let answer = try api.value("GET", wantsBudgets ? "/v1/budgets" : "/v1/costs" + query(parsed))
        if parsed.value("output") == "json" {
            context.print(answer)
        } else if wantsBudgets {
            budgets(answer)
        } else {
            costs(answer)
        }
        return 0
    }

    private func query(_ parsed: ParsedCommand) -> String {
        let fields = ["from", "to", "by", "tenant"].compactMap { name in
            parsed.value(name).map { name + "=" + PercentCoding.encode($0) }
        }
        return fields.isEmpty ? "" : "?" + fields.joined(separator: "&")
    }

    // MARK: output

    private static let figures = ["attempts", "estimate", "settled", "actual", "spent", "duplicates"]
    /// Members that are no name of a row.
    private static let hidden = figures + ["settled_estimate", "duplicate_estimate"]

    private func costs(_ answer: JSONValue) {
        let rows = answer["data"]?.array ?? []
        let names = (rows.first?.object?.members ?? []).map(\.key).filter { !Self.hidden.contains($0) }
        var table = TextTable((names + Self.figures).map { $0.uppercased() })
        for row in rows { table.add(names.map { row[$0]?.string ?? "" } + figures(row)) }
        if let total = answer["total"], !names.isEmpty {
            table.add(["total"] + names.dropFirst().map { _ in "" } + figures(total))
        }
        context.output.write(table.text(context.paint))
        let range = ["from", "to", "currency"].map { PlainText.line(answer[$0]?.string ?? "") }
        context.complain("\(range[0]) to \(range[1]), in \(range[2])")
    }

    private func figures(_ row: JSONValue) -> [String] {
        Self.figures.map { name in row[name]?.string ?? row[name]?.int.map(String.init) ?? "" }
    }

    private func budgets(_ answer: JSONValue) {
        var table = TextTable(["BUDGET", "OF", "TODAY", "PER DAY", "%", "MONTH", "PER MONTH", "%"])
        for budget in answer["data"]?.array ?? [] {
            let scope = budget["of"]?.string ?? ""
            for sum in budget["spent"]?.array ?? [] {
                func percent(_ name: String) -> String { sum[name]?.int.map(String.init) ?? "" }
                table.add([
                    budget["name"]?.string ?? "", sum[scope]?.string ?? "everybody", sum["day"]?.string ?? "",
                    budget["per_day"]?.string ?? "", percent("day_percent"), sum["month"]?.string ?? "",
                    budget["per_month"]?.string ?? "", percent("month_percent"),
                ])
            }
        }
        context.output.write(table.text(context.paint))
        context.complain(
            "\(PlainText.line(answer["day"]?.string ?? "")), in \(PlainText.line(answer["currency"]?.string ?? ""))")
    }
}
