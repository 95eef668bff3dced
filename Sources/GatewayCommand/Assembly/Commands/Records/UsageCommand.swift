import Arguments
import Gateway
import JSON

/// `gateway cost --usage`: what so much would cost by the table of prices. Needs no running gateway.
struct UsageCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let file = parsed.value("config") ?? CommandTree.defaultConfiguration
        let wishes = parsed.values("usage")
        let configuration = try ConfigCommand.configuration(file, context)
        let country = parsed.value("country")
        var lines: [(entry: PriceTable.Entry, count: Int64, cost: Money)] = []
        var sum: Int64 = 0
        for wish in wishes {
            let (entry, count, micros) = try line(wish, country, configuration.prices)
            let (next, overflow) = sum.addingReportingOverflow(micros)
            guard !overflow else { throw Self.failure(wish, "is too much to be counted") }
            sum = next
            lines.append((entry, count, Money(micros: micros, currency: configuration.gateway.currency)))
        }
        show(lines, Money(micros: sum, currency: configuration.gateway.currency), parsed)
        return 0
    }

    private static func failure(_ wish: String, _ why: String) -> CommandFailure {
        CommandFailure("bad_usage", "--usage \(PlainText.line(wish)) \(why)", exit: UsageError.exitCode)
    }

    /// `sms=30`: what is sent, or used where nothing of that name is sent.
    private func line(
        _ wish: String, _ country: String?, _ prices: PriceTable
    ) throws(CommandFailure) -> (PriceTable.Entry, Int64, Int64) {
        let parts = wish.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let count = Int64(parts[1]), count >= 0 else {
            throw Self.failure(wish, "must be ITEM=COUNT, such as sms=30")
        }
        for direction in [PriceTable.Direction.out, .use] {
            guard let entry = prices.price(of: parts[0], direction, country: country) else { continue }
            guard let micros = prices.micros(of: Usage(parts[0], direction, count), country: country) else {
                throw Self.failure(wish, "is too much to be counted")
            }
            return (entry, count, micros)
        }
        throw Self.failure(wish, "has no price\(country.map { " in \(PlainText.line($0))" } ?? "")")
    }

    private func show(
        _ lines: [(entry: PriceTable.Entry, count: Int64, cost: Money)], _ sum: Money, _ parsed: ParsedCommand
    ) {
        if parsed.value("output") == "json" {
            let data: [JSONValue] = lines.map { line in
                [
                    "item": .string(line.entry.item), "count": .integer(line.count),
                    "per": .string(line.entry.unit.rawValue), "price": .string(line.entry.price.decimal),
                    "cost": .string(line.cost.decimal),
                ]
            }
            context.print([
                "currency": .string(sum.currency), "data": .array(data), "cost": .string(sum.decimal),
                "rounded": .string(sum.roundedToCents.decimal),
            ])
            return
        }
        var table = TextTable(["ITEM", "COUNT", "PER", "PRICE", "COST"])
        for line in lines {
            table.add([
                line.entry.item, String(line.count), line.entry.unit.rawValue, line.entry.price.decimal,
                line.cost.decimal,
            ])
        }
        table.add(["total", "", "", "", sum.roundedToCents.text])
        context.output.write(table.text(context.paint))
    }
}
