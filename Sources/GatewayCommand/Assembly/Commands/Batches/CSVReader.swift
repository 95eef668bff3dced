/// Reads comma-separated values (RFC 4180): rows of fields, quoted where they hold commas, quotes or line ends. Lines may
/// end with LF or CR LF; a byte order mark is skipped; separators are commas, or semicolons where the first line has
/// those alone, as spreadsheets write them.
struct CSVReader {
    /// A row, or what is wrong with one.
    enum Row: Equatable {
        case fields([String], line: Int)
        case fault(String, line: Int)
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
        let first = self.bytes.prefix { $0 != UInt8(ascii: "\n") }
        let hasComma = first.contains(UInt8(ascii: ","))
        separator = !hasComma && first.contains(UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }

    /// The next row; empty lines are skipped. `nil` at the end.
    mutating func next() -> Row? {
        while position < bytes.count {
            let begin = line
            switch row() {
            case .fields(let fields, _) where fields == [""]: continue
            case .fields(let fields, _): return .fields(fields, line: begin)
            case .fault(let text, _): return .fault(text, line: begin)
            }
        }
        return nil
    }

    private mutating func row() -> Row {
        var fields: [String] = []
        while true {
            var field: [UInt8] = []
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                guard quoted(&field) else { return .fault("a quoted field does not end", line: line) }
                guard isAtSeparator else {
                    skipLine()
                    return .fault("something follows the closing quote of a field", line: line)
                }
            } else {
                while !isAtSeparator {
                    field.append(bytes[position])
                    position += 1
                }
            }
            guard let text = String(validating: field, as: UTF8.self) else {
                skipLine()
                return .fault("the text is not UTF-8", line: line)
            }
            fields.append(text)
            guard position < bytes.count, bytes[position] == separator else { break }
            position += 1
        }
        skipLine()
        return .fields(fields, line: line)
    }

    private var isAtSeparator: Bool {
        guard position < bytes.count, bytes[position] != separator, bytes[position] != UInt8(ascii: "\n") else {
            return true
        }
        let next = position + 1
        return bytes[position] == UInt8(ascii: "\r") && (next == bytes.count || bytes[next] == UInt8(ascii: "\n"))
    }

    /// A field in quotes, a doubled quote being one; `false` when it never ends.
    private mutating func quoted(_ field: inout [UInt8]) -> Bool {
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                field.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return true }
            field.append(byte)
            position += 1
        }
        return false
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        if position < bytes.count {
            position += 1
            line += 1
        }
    }
}
