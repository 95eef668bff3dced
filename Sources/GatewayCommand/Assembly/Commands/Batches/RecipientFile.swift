import CSV
import JSON

/// The recipients of a batch from a table. The first line names the columns: `to`, `locale`, `label.NAME`; every other
/// column is a variable of the template, `boat.name` being `name` within `boat`. Empty cells say nothing.
struct RecipientFile {
    /// Recipients as `POST /v1/batches` takes them.
    private(set) var recipients: [JSONValue] = []
    /// Where each stands in the file, to tell what was refused.
    private(set) var lines: [Int] = []
    /// Rows that cannot be read, as `line: what`.
    private(set) var faults: [String] = []

    init(_ bytes: [UInt8]) throws(CommandFailure) {
        var reader = CSVReader(bytes)
        guard case .fields(let names, _)? = reader.next() else {
            throw CommandFailure("no_header", "the file has no line that names its columns")
        }
        let columns = names.map { $0.trimmed }
        guard columns.contains("to") else {
            throw CommandFailure("no_recipient", "no column is called 'to'; the first line names the columns")
        }
        guard Set(columns).count == columns.count, !columns.contains("") else {
            throw CommandFailure("bad_header", "every column needs a name of its own")
        }
        while let row = reader.next() {
            switch row {
            case .fault(let text, let line): faults.append("\(line): \(text)")
            case .fields(let fields, let line) where fields.count != columns.count:
                faults.append("\(line): has \(fields.count) fields, not \(columns.count)")
            case .fields(let fields, let line): add(columns, fields, line)
            }
        }
    }

    private mutating func add(_ columns: [String], _ fields: [String], _ line: Int) {
        var recipient = JSONObject()
        var variables = JSONObject()
        var labels = JSONObject()
        for (column, field) in zip(columns, fields) where !field.isEmpty {
            switch column {
            case "to", "locale": recipient[column] = .string(field.trimmed)
            case let name where name.hasPrefix("label."): labels[String(name.dropFirst(6))] = .string(field)
            default: Self.set(field, at: column.split(separator: ".").map(String.init)[...], in: &variables)
            }
        }
        if !variables.isEmpty { recipient["variables"] = .object(variables) }
        if !labels.isEmpty { recipient["labels"] = .object(labels) }
        recipients.append(.object(recipient))
        lines.append(line)
    }

    private static func set(_ value: String, at path: ArraySlice<String>, in object: inout JSONObject) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            object[first] = .string(value)
            return
        }
        var inner = object[first]?.object ?? JSONObject()
        set(value, at: path.dropFirst(), in: &inner)
        object[first] = .object(inner)
    }
}
