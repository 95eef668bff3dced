/// Reads comma-separated values (RFC 4180): rows of fields, quoted where they hold separators, quotes or line ends. Lines
/// end with LF or CR LF, a byte order mark is skipped, and empty lines are none. Fields are separated by commas, or by
/// semicolons where the first line has those alone, as spreadsheets of half of Europe write. No input is too damaged to be
/// read on behind the place of the damage.
public struct CSVReader: Sendable {
    /// A row, or what is wrong with one, with the line on which it begins, from 1.
    public enum Row: Sendable, Hashable {
        /// The fields in their order; at least one.
        case fields([String], line: Int)
        /// Why a row cannot be read, for a person.
        case fault(String, line: Int)
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private var line = 1
    /// Where in the given bytes the next row, or an empty line, begins: 0 up to their number.
    public private(set) var offset: Int

    /// Begins with the first row of `bytes`, UTF-8.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let hasComma = first.contains(UInt8(ascii: ","))
        separator = !hasComma && first.contains(UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }

    /// The next row; `nil` at the end.
    public mutating func next() -> Row? {
        while offset < bytes.count {
            let begin = line
            switch row() {
            case .success(let fields) where fields == [""]: continue
            case .success(let fields): return .fields(fields, line: begin)
            case .failure(let fault): return .fault(fault.text, line: begin)
            }
        }
        return nil
    }

    private struct Fault: Error {
        let text: String
    }

    private mutating func row() -> Result<[String], Fault> {
        defer { skipLine() }
        var fields: [String] = []
        while true {
            var field: [UInt8] = []
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
                guard quoted(&field) else { return .failure(Fault(text: "a quoted field does not end")) }
                guard isAtSeparator else {
                    return .failure(Fault(text: "something follows the closing quote of a field"))
                }
            } else {
                let begin = offset
                while !isAtSeparator { offset += 1 }
                field = Array(bytes[begin..<offset])
            }
            guard let text = String(validating: field, as: UTF8.self) else {
                return .failure(Fault(text: "the text is not UTF-8"))
            }
            fields.append(text)
            guard offset < bytes.count, bytes[offset] == separator else { return .success(fields) }
            offset += 1
        }
    }

    private var isAtSeparator: Bool {
        guard offset < bytes.count, bytes[offset] != separator, bytes[offset] != UInt8(ascii: "\n") else {
            return true
        }
        let next = offset + 1
        return bytes[offset] == UInt8(ascii: "\r") && (next == bytes.count || bytes[next] == UInt8(ascii: "\n"))
    }

    /// A field in quotes, a doubled quote being one; `false` when it never ends.
    private mutating func quoted(_ field: inout [UInt8]) -> Bool {
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                field.append(byte)
                continue
            }
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { return true }
            field.append(byte)
            offset += 1
        }
        return false
    }

    private mutating func skipLine() {
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
        if offset < bytes.count {
            offset += 1
            line += 1
        }
    }
}
