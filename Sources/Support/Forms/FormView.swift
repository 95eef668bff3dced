/// A form decoded once into one buffer, for signatures: name and value of each field lie side by side, so that the
/// sorted concatenation is one copy a field.
public struct FormView: Sendable {
    private struct Span: Sendable {
        var start: Int
        var nameEnd: Int
        var end: Int
    }

    private var bytes: [UInt8] = []
    private var spans: [Span] = []

    /// Decodes a body.
    public init(parsing body: [UInt8]) {
        bytes.reserveCapacity(body.count)
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let start = bytes.count
            let cut = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            PercentCoding.append(pair[pair.startIndex..<cut], plusIsBlank: true, to: &bytes)
            let nameEnd = bytes.count
            if cut != pair.endIndex {
                PercentCoding.append(pair[(cut + 1)...], plusIsBlank: true, to: &bytes)
            }
            spans.append(Span(start: start, nameEnd: nameEnd, end: bytes.count))
        }
    }

    /// How many fields there are.
    public var count: Int { spans.count }

    /// Appends name and value of every field, sorted by the bytes of name, then value; a pair that stands there twice
    /// is appended once (Twilio signs the distinct values of a name).
    public func appendSorted(to out: inout [UInt8]) {
        let sorted = spans.sorted { left, right in
            let names = compare(left.start..<left.nameEnd, right.start..<right.nameEnd)
            if names != 0 { return names < 0 }
            return compare(left.nameEnd..<left.end, right.nameEnd..<right.end) < 0
        }
        var previous: Span?
        for span in sorted {
            if let previous, isSame(previous, span) { continue }
            out.append(contentsOf: bytes[span.start..<span.end])
            previous = span
        }
    }

    private func isSame(_ left: Span, _ right: Span) -> Bool {
        compare(left.start..<left.nameEnd, right.start..<right.nameEnd) == 0
            && compare(left.nameEnd..<left.end, right.nameEnd..<right.end) == 0
    }

    private func compare(_ left: Range<Int>, _ right: Range<Int>) -> Int {
        let length = min(left.count, right.count)
        for offset in 0..<length {
            let difference = Int(bytes[left.lowerBound + offset]) - Int(bytes[right.lowerBound + offset])
            if difference != 0 { return difference }
        }
        return left.count - right.count
    }
}
