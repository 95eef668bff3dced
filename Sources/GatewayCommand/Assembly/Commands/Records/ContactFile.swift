import Arguments
import CSV
import Forms
import JSON

/// `gateway contacts import`: a table goes to the gateway in parts, so that it can be told how far it is. A dry run goes
/// as a whole, because rows have to be compared with rows that are not stored.
struct ContactFile {
    /// Rows of one part.
    static let partRows = 500

    private let name: String
    private let bytes: [UInt8]
    private let isDry: Bool
    /// Columns that are called otherwise, as `HEADER=COLUMN`, and columns that are not wanted.
    private let maps: [String]
    private let ignored: [String]
    private let wantsJSON: Bool
    private let context: CommandContext

    // What came of it so far.
    private var rows = 0
    private var stored: Int64 = 0
    private var unchanged: Int64 = 0
    private var errors: [JSONValue] = []

    /// Reads the file.
    init(_ parsed: ParsedCommand, _ context: CommandContext) throws(CommandFailure) {
        name = parsed.value("FILE") ?? ""
        bytes = try context.readFile(name)
        isDry = parsed.has("dry-run")
        maps = parsed.values("map")
        ignored = parsed.values("ignore")
        wantsJSON = parsed.value("output") == "json"
        self.context = context
    }

    /// Sends the table.
    /// - Returns: The exit status: 1 when a row was refused.
    func send(over api: any GatewayAPI) throws(CommandFailure) -> Int32 {
        var copy = self
        if isDry {
            try copy.post(Part(bytes), api)
        } else {
            try copy.sendParts(api)
        }
        return copy.finish()
    }

    // MARK: parts

    /// Some rows of the file as a table of their own.
    private struct Part {
        var bytes: [UInt8]
        var rows = 0
        /// Where rows stand in the file, by where they stand here; the same where it is not told.
        var lines: [Int64: Int64] = [:]
        private var line: Int64 = 1

        init(_ header: [UInt8]) {
            bytes = header
            line += Self.ends(header[...])
        }

        mutating func add(_ row: ArraySlice<UInt8>, line fileLine: Int) {
            // Empty lines before the row are a part of its bytes.
            var begin = row.startIndex
            while begin < row.endIndex, row[begin] == 0x0A || row[begin] == 0x0D { begin += 1 }
            lines[line] = Int64(fileLine)
            line += Self.ends(row[begin...])
            bytes += row[begin...]
            rows += 1
        }

        private static func ends(_ bytes: ArraySlice<UInt8>) -> Int64 { Int64(bytes.count { $0 == 0x0A }) }
    }

    private mutating func sendParts(_ api: any GatewayAPI) throws(CommandFailure) {
        var reader = CSVReader(bytes)
        guard case .fields(let header, _)? = reader.next() else { return try post(Part(bytes), api) }
        let id = header.firstIndex(where: isID)
        let head = Part(Array(bytes[..<reader.offset]))
        var part = head
        var seen: [String: Int] = [:]
        var begin = reader.offset
        while let row = reader.next() {
            let bytes = bytes[begin..<reader.offset]
            begin = reader.offset
            switch row {
            case .fault(_, let line): part.add(bytes, line: line)
            case .fields(let fields, let line):
                if let id, id < fields.count, let first = seen.updateValue(line, forKey: fields[id].trimmed) {
                    refuseRepeated(line, first, header[id].trimmed.lowercased())
                } else {
                    part.add(bytes, line: line)
                }
            }
            if part.rows == Self.partRows {
                try post(part, api)
                showProgress(begin)
                part = head
            }
        }
        if part.rows > 0 || rows == 0 { try post(part, api) }
    }

    /// Whether a name of the header means the id. What is wrong with a mapping the gateway tells.
    private func isID(_ cell: String) -> Bool {
        let name = cell.trimmed.lowercased()
        if ignored.contains(where: { $0.trimmed.lowercased() == name }) { return false }
        for map in maps {
            guard let sign = map.lastIndex(of: "="), String(map[..<sign]).trimmed.lowercased() == name else { continue }
            return String(map[map.index(after: sign)...]).trimmed.lowercased() == "id"
        }
        return name == "id"
    }

    /// The gateway sees a part at a time, and could not tell.
    private mutating func refuseRepeated(_ line: Int, _ first: Int, _ column: String) {
        rows += 1
        errors.append([
            "line": .int(line), "column": .string(column), "code": "duplicate_id",
            "detail": .string("the id is on line \(first) already"),
        ])
    }

    private mutating func post(_ part: Part, _ api: any GatewayAPI) throws(CommandFailure) {
        var request = APIRequest("POST", "/v1/contacts/import" + query)
        request.csv = part.bytes
        let report = try api.exchange(request).success()
        rows += Int(clamping: report["rows"]?.int ?? 0)
        stored += report["stored"]?.int ?? 0
        unchanged += report["unchanged"]?.int ?? 0
        for error in report["errors"]?.array ?? [] {
            guard var object = error.object, let line = object["line"]?.int else { continue }
            object["line"] = .integer(part.lines[line] ?? line)
            errors.append(.object(object))
        }
    }

    private var query: String {
        let fields =
            (isDry ? ["dry_run=true"] : []) + maps.map { "map=" + PercentCoding.encode($0) }
            + ignored.map { "ignore=" + PercentCoding.encode($0) }
        return fields.isEmpty ? "" : "?" + fields.joined(separator: "&")
    }

    // MARK: output

    private func showProgress(_ offset: Int) {
        guard context.redrawsLines, !wantsJSON else { return }
        let done = 24 * offset / max(1, bytes.count)
        let bar = String(repeating: "#", count: done) + String(repeating: ".", count: 24 - done)
        context.output.write("\r\u{1B}[K[\(bar)] \(rows) rows, \(errors.count) refused")
    }

    private func finish() -> Int32 {
        let sorted = errors.sorted { ($0["line"]?.int ?? 0) < ($1["line"]?.int ?? 0) }
        if context.redrawsLines, !wantsJSON { context.output.write("\r\u{1B}[K") }
        if wantsJSON {
            context.print([
                "rows": .int(rows), "stored": .integer(stored), "unchanged": .integer(unchanged),
                "errors": .array(sorted),
            ])
            return errors.isEmpty ? 0 : 1
        }
        for error in sorted {
            let column = error["column"]?.string.map { $0 + ": " } ?? ""
            let text = column + (error["detail"]?.string ?? "") + " [\(error["code"]?.string ?? "")]"
            context.complain("\(name):\(error["line"]?.int ?? 0): " + PlainText.line(text))
        }
        let verb = isDry ? "would import" : "imported"
        context.print("\(verb) \(stored) of \(rows) contacts; \(unchanged) unchanged, \(errors.count) refused")
        return errors.isEmpty ? 0 : 1
    }
}
