import Arguments
import JSON

/// `gateway send`.
struct SendCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        if let file = parsed.value("file") { return try BatchCommand(context).send(file, parsed) }
        let body = try MessageOptions.body(parsed, context)
        let api = try context.connect(try APIAccess(parsed, context))
        let key = parsed.value("idempotency-key")
        let answer = try api.exchange(APIRequest("POST", "/v1/messages", body: body, idempotencyKey: key)).success()
        let isJSON = parsed.value("output") == "json"
        if isJSON { context.print(answer) } else { show(answer) }
        guard parsed.has("follow"), let id = answer["id"]?.string else { return 0 }
        return try TimelineCommand(context).follow(id, api, isJSON: isJSON)
    }

    private func show(_ answer: JSONValue) {
        let id = PlainText.line(answer["id"]?.string ?? "")
        context.print("\(context.paint(.strong, id))  \(PlainText.line(answer["state"]?.string ?? ""))")
        var table = TextTable(["TO", "RULE", "POLICY", "PLAN", "COSTS AT MOST"])
        for delivery in answer["deliveries"]?.array ?? [] {
            let plan = (delivery["plan"]?.array ?? []).compactMap(\.string)
            table.add([
                delivery["to"]?.string ?? "", delivery["rule"]?.string ?? "", delivery["policy"]?.string ?? "",
                plan.joined(separator: ", "), MoneyText.text(delivery["cost_bound"]),
            ])
        }
        if !table.isEmpty { context.output.write(table.text(context.paint)) }
    }
}

/// Amounts of the API.
enum MoneyText {
    /// `0.60 USD` of `{"amount": "0.60", "currency": "USD"}`; empty for anything else.
    static func text(_ value: JSONValue?) -> String {
        guard let amount = value?["amount"]?.string, let currency = value?["currency"]?.string else { return "" }
        return amount + " " + currency
    }
}
