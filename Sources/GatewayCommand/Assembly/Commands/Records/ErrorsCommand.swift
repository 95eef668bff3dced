import Arguments
import Gateway
import JSON
import Zones

/// `gateway errors`.
struct ErrorsCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let query = try query(parsed)
        let api = try context.connect(try APIAccess(parsed, context))
        table.list(try api.value("GET", "/v1/errors" + query), parsed)
        return 0
    }

    private func query(_ parsed: ParsedCommand) throws(CommandFailure) -> String {
        var filters = ["severity", "code", "channel", "provider", "q"].map { (name: $0, value: parsed.value($0)) }
        for name in ["since", "until"] { filters.append((name, try time(parsed.value(name), name))) }
        return try RecordTable.query(parsed, filters)
    }

    /// A time as the API takes it; spans are counted back from now.
    private func time(_ text: String?, _ option: String) throws(CommandFailure) -> String? {
        guard let text else { return nil }
        if (try? DateText.parseRFC3339(text)) != nil { return text }
        guard let span = Duration(written: text) else {
            throw CommandFailure(
                "bad_time",
                "--\(option) must be a time such as 2026-11-26T09:30:00Z, or a span such as 2h, not "
                    + "'\(PlainText.line(text))'", exit: UsageError.exitCode)
        }
        return DateText.rfc3339((context.clock.now + (.zero - span)).milliseconds)
    }

    private var table: RecordTable {
        let header = ["LAST", "COUNT", "SEVERITY", "CODE", "WHERE", "PROVIDER CODE", "DELIVERY", "MESSAGE"]
        return RecordTable(context: context, header: header) { error in
            let place = error["context"]
            return [
                error["last_at"]?.string ?? "", error["count"]?.int.map(String.init) ?? "",
                error["severity"]?.string ?? "", error["code"]?.string ?? "",
                place?["channel"]?.string ?? place?["provider"]?.string ?? "",
                place?["provider_code"]?.int.map(String.init) ?? "", place?["delivery"]?.string ?? "",
                error["message"]?.string ?? "",
            ]
        }
    }
}
