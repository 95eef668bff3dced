import Arguments
import CSV
import JSON

/// `gateway warranties`.
struct WarrantiesCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let path = "/v1/warranties/" + APIAccess.part(parsed.value("ID") ?? "")
        switch parsed.path.last {
        case "list":
            let query = try RecordTable.query(parsed)
            table.list(try api(parsed).value("GET", "/v1/warranties" + query), parsed)
        case "get": table.show(try api(parsed).value("GET", path), parsed)
        case "put":
            guard let file = parsed.value("file") else {
                throw CommandFailure("no_file", "a warranty needs --file", exit: UsageError.exitCode)
            }
            let body = try JSONFile.read(file, context)
            table.show(try api(parsed).value("PUT", path, body: body), parsed)
        case "import": return try importFile(parsed)
        default:
            _ = try api(parsed).value("DELETE", path)
            context.print("deleted \(PlainText.line(parsed.value("ID") ?? ""))")
        }
        return 0
    }

    private func api(_ parsed: ParsedCommand) throws(CommandFailure) -> any GatewayAPI {
        try context.connect(try APIAccess(parsed, context))
    }

    // MARK: import

    /// Rows are put one by one, so that a bad one keeps no other from the register; the same file may be imported again.
    private func importFile(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let name = parsed.value("FILE") ?? ""
        var reader = CSVReader(try context.readFile(name))
        let columns = try columns(reader.next(), name)
        let api = try api(parsed)
        var (rows, bad) = (0, 0)
        while let row = reader.next() {
            rows += 1
            switch row {
            case .fault(let text, let line): complain("\(name):\(line): \(text)", &bad)
            case .fields(let fields, let line):
                if let fault = try put(fields, columns, api) { complain("\(name):\(line): \(fault)", &bad) }
            }
        }
        context.print("imported \(rows - bad) of \(rows) warranties")
        return bad == 0 ? 0 : 1
    }

    private func complain(_ text: String, _ count: inout Int) {
        count += 1
        context.complain(PlainText.lines(text).joined(separator: "\n"))
    }

    private func columns(_ header: CSVReader.Row?, _ name: String) throws(CommandFailure) -> [String] {
        let names: [String]
        switch header {
        case nil: throw CommandFailure("bad_csv", "\(name): there is no row")
        case .fault(let text, let line): throw CommandFailure("bad_csv", "\(name):\(line): \(text)")
        case .fields(let fields, _): names = fields
        }
        let plain = ["id", "boat", "item", "expires_on", "claim_url", "attachments"]
        var seen: Set<String> = []
        for column in names {
            let isNamed = ["label.", "variable."].contains { column.hasPrefix($0) && column.count > $0.count }
            guard plain.contains(column) || isNamed else {
                let known = plain.joined(separator: ", ") + ", label.NAME, variable.NAME"
                throw CommandFailure("bad_csv", "\(name):1: unknown column '\(column.prefix(60))'; there are \(known)")
            }
            guard seen.insert(column).inserted else {
                throw CommandFailure("bad_csv", "\(name):1: the column '\(column.prefix(60))' is there twice")
            }
        }
        guard seen.contains("id") else { throw CommandFailure("bad_csv", "\(name):1: there is no column 'id'") }
        return names
    }

    /// - Returns: why the row was refused; `nil` when it was taken.
    /// - Throws: when there is no answer at all.
    private func put(
        _ fields: [String], _ columns: [String], _ api: any GatewayAPI
    ) throws(CommandFailure) -> String? {
        guard fields.count == columns.count else {
            return "the row has \(fields.count) fields, the header \(columns.count)"
        }
        var (id, body, labels, variables) = ("", JSONObject(), JSONObject(), JSONObject())
        for (column, text) in zip(columns, fields) where !text.isEmpty {
            if column == "id" {
                id = text
            } else if column.hasPrefix("label.") {
                labels[String(column.dropFirst(6))] = .string(text)
            } else if column.hasPrefix("variable.") {
                variables[String(column.dropFirst(9))] = .string(text)
            } else if column == "attachments" {
                body[column] = .array(text.split(separator: " ").map { .string(String($0)) })
            } else {
                body[column] = .string(text)
            }
        }
        guard !id.isEmpty else { return "the row has no id" }
        if !labels.isEmpty { body["labels"] = .object(labels) }
        if !variables.isEmpty { body["variables"] = .object(variables) }
        let request = APIRequest("PUT", "/v1/warranties/" + APIAccess.part(id), body: .object(body))
        let answer = try api.exchange(request)
        // No other row would fare better.
        if answer.status == 401 || answer.status == 403 { _ = try answer.success() }
        do throws(CommandFailure) {
            _ = try answer.success()
            return nil
        } catch {
            return error.message
        }
    }

    // MARK: output

    private var table: RecordTable {
        RecordTable(context: context, header: ["ID", "BOAT", "ITEM", "EXPIRES ON", "NEXT REMINDER"]) { warranty in
            let next = warranty["next_reminder"]
            let words = [next?["at"]?.string, next?["lead_time"]?.string.map { "(\($0))" }].compactMap { $0 }
            return ["id", "boat", "item", "expires_on"].map { warranty[$0]?.string ?? "" }
                + [words.joined(separator: " ")]
        }
    }
}
