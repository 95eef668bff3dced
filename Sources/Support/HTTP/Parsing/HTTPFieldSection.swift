/// Reads header or trailer lines (RFC 9112 §5) up to the empty line.
struct HTTPFieldSection {
    /// What was read so far.
    private(set) var headers = HTTPHeaders()
    /// Room for the fields of most messages at once.
    private static let usualCount = 12
    private var bytes = 0
    private let byteLimit: Int
    private let fieldLimit: Int

    init(byteLimit: Int, fieldLimit: Int) {
        self.byteLimit = byteLimit
        self.fieldLimit = fieldLimit
    }

    /// Takes lines from the reader. Returns true when the empty line was taken, false when bytes are missing.
    mutating func read(_ reader: inout HTTPLineReader) throws(HTTPParseFailure) -> Bool {
        while true {
            let limit = max(0, byteLimit - bytes)
            guard let line = try reader.line(limit: limit, else: HTTPParseFailure(431, "the header is too large"))
            else { return false }
            if line.isEmpty { return true }
            bytes += line.count + 2
            guard headers.count < fieldLimit else { throw HTTPParseFailure(431, "too many header fields") }
            try add(line)
        }
    }

    private mutating func add(_ line: UnsafeBufferPointer<UInt8>) throws(HTTPParseFailure) {
        guard !HTTPByte.isBlank(line[0]) else { throw .bad("a header line is folded") }
        var colon = 0
        while colon < line.count, HTTPByte.isToken(line[colon]) { colon += 1 }
        guard colon > 0, colon < line.count, line[colon] == HTTPByte.colon else {
            throw .bad("a field name is not well formed")
        }
        var start = colon + 1
        var end = line.count
        while start < end, HTTPByte.isBlank(line[start]) { start += 1 }
        while end > start, HTTPByte.isBlank(line[end - 1]) { end -= 1 }
        let value = UnsafeBufferPointer(rebasing: line[start..<end])
        guard HTTPByte.areFieldValue(value) else { throw .bad("a field value has a control character") }
        let name = UnsafeBufferPointer(rebasing: line[..<colon])
        if headers.count == 0 { headers = HTTPHeaders(capacity: min(Self.usualCount, fieldLimit)) }
        headers.add(name, value)
    }
}
