/// The part of a file that a request asks for: one range of bytes (RFC 9110 §14.1.2).
enum ByteRange: Equatable {
    /// All of it: nothing was asked for, or nothing that is understood; several ranges are not.
    case whole
    case part(start: Int64, length: Int64)
    /// Nothing of the file lies in it.
    case unsatisfiable

    /// Reads `Range` for a file of a size.
    init(_ field: String?, size: Int64) {
        self = .whole
        guard let field, field.lowercased().hasPrefix("bytes=") else { return }
        let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map(Self.trimmed)
        guard ends.count == 2 else { return }
        guard let first = Self.number(ends[0]) else {
            // The last so many bytes.
            guard ends[0].isEmpty, let count = Self.number(ends[1]) else { return }
            let length = min(count, size)
            self = length == 0 ? .unsatisfiable : .part(start: size - length, length: length)
            return
        }
        var last = size - 1
        if !ends[1].isEmpty {
            guard let given = Self.number(ends[1]), given >= first else { return }
            last = min(given, last)
        }
        self = first >= size ? .unsatisfiable : .part(start: first, length: last - first + 1)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    }

    /// Digits alone; one beyond all files is as good as the greatest.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text) ?? .max
    }
}
