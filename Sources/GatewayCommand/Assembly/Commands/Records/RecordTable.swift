import Arguments
import Forms
import JSON

/// Records of the API as the commands show them: a table, or the answer as it came.
struct RecordTable {
    let context: CommandContext
    /// The titles of the columns.
    let header: [String]
    /// A record's cells.
    let row: (JSONValue) -> [String]

    /// `?limit=&cursor=` and filters, as the API takes them.
    /// - Parameter filters: what the options say; `nil` for what is not given.
    static func query(
        _ parsed: ParsedCommand, _ filters: [(name: String, value: String?)] = []
    ) throws(CommandFailure) -> String {
        let limit: Int?
        do throws(UsageError) {
            limit = try parsed.integer("limit", in: 1...500)
        } catch {
            throw CommandFailure(error.code.rawValue, error.message, exit: UsageError.exitCode)
        }
        return (filters + [("cursor", parsed.value("cursor"))]).reduce("?limit=\(limit ?? 50)") { query, field in
            query + (field.value.map { "&\(field.name)=" + PercentCoding.encode($0) } ?? "")
        }
    }

    /// A page, and how to go on.
    func list(_ answer: JSONValue, _ parsed: ParsedCommand) {
        guard !Self.wantsJSON(parsed) else { return context.print(answer) }
        write(answer["data"]?.array ?? [])
        if let cursor = answer["next_cursor"]?.string {
            context.complain("there are more; go on with --cursor \(PlainText.line(cursor))")
        }
    }

    /// One record.
    func show(_ record: JSONValue, _ parsed: ParsedCommand) {
        if Self.wantsJSON(parsed) { context.print(record) } else { write([record]) }
    }

    private static func wantsJSON(_ parsed: ParsedCommand) -> Bool {
        parsed.value("output") == "json" || parsed.has("json")
    }

    private func write(_ records: [JSONValue]) {
        var table = TextTable(header)
        for record in records { table.add(row(record)) }
        context.output.write(table.text(context.paint))
    }
}
