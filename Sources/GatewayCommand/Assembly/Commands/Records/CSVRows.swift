/// The rows of a CSV file (RFC 4180): fields with commas between, quoted where they hold commas, quotes or line ends.
struct CSVRows {
    /// A row and the line on which it begins, from 1.
    struct Row: Equatable {
        var line: Int
        var fields: [String]
    }

    /// Why a file cannot be read.
    struct Fault: Error, Equatable {
        var line: Int
        var message: String
    }

    private var bytes: ArraySlice<UInt8>
    private var line = 1

    /// The rows of a file; empty lines are none. Line ends are LF or CRLF, a byte order mark is left out.
    static func read(_ bytes: [UInt8]) throws(Fault) -> [Row] {
        var reader = CSVRows(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
        var rows: [Row] = []
        while !reader.bytes.isEmpty {
            let row = try reader.row()
            if row.fields != [""] { rows.append(row) }
        }
        return rows
    }

    private init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    private mutating func row() throws(Fault) -> Row {
        var row = Row(line: line, fields: [])
        while true {
            row.fields.append(try field())
            if take(UInt8(ascii: ",")) { continue }
            _ = take(0x0D)
            if take(0x0A) { line += 1 } else if !bytes.isEmpty { throw fault("a quote ends in the middle of a field") }
            return row
        }
    }

    private mutating func field() throws(Fault) -> String {
        guard take(UInt8(ascii: "\"")) else {
            let end = bytes.firstIndex { $0 == UInt8(ascii: ",") || $0 == 0x0A } ?? bytes.endIndex
            var plain = bytes[..<end]
            bytes = bytes[end...]
            if plain.last == 0x0D, bytes.first != UInt8(ascii: ",") { plain = plain.dropLast() }
            return try text(plain)
        }
        let start = line
        var quoted: [UInt8] = []
        while let end = bytes.firstIndex(of: UInt8(ascii: "\"")) {
            quoted += bytes[..<end]
            line += bytes[..<end].count { $0 == 0x0A }
            bytes = bytes[(end + 1)...]
            // A quote within quotes is written twice.
            guard take(UInt8(ascii: "\"")) else { return try text(quoted[...]) }
            quoted.append(UInt8(ascii: "\""))
        }
        throw Fault(line: start, message: "a quoted field has no end")
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("the text is not UTF-8") }
        return text
    }

    private func fault(_ message: String) -> Fault { Fault(line: line, message: message) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard bytes.first == byte else { return false }
        bytes = bytes.dropFirst()
        return true
    }
}
