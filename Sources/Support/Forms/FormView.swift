import Glibc

/// A form decoded once into one buffer, for hot paths and signatures: name and value of each field lie side by side, so
/// that the sorted concatenation is one copy a field. It gives the same fields as `Form`.
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
        spans.reserveCapacity(min(32, body.count))
        body.withUnsafeBufferPointer { body in
            var start = 0
            while start < body.count {
                let rest = UnsafeBufferPointer(rebasing: body[start...])
                let length = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.count
                if length > 0 { append(UnsafeBufferPointer(rebasing: rest[..<length])) }
                start += length + 1
            }
        }
    }

    private mutating func append(_ pair: UnsafeBufferPointer<UInt8>) {
        let cut = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
        let start = bytes.count
        PercentCoding.append(UnsafeBufferPointer(rebasing: pair[..<cut]), plusIsBlank: true, to: &bytes)
        let nameEnd = bytes.count
        let value = UnsafeBufferPointer(rebasing: pair[min(cut + 1, pair.count)...])
        PercentCoding.append(value, plusIsBlank: true, to: &bytes)
        spans.append(Span(start: start, nameEnd: nameEnd, end: bytes.count))
    }

    /// How many fields there are.
    public var count: Int { spans.count }

    /// The bytes of a field's name; `index` from 0 in the order of the wire.
    public func name(at index: Int) -> ArraySlice<UInt8> { bytes[spans[index].start..<spans[index].nameEnd] }

    /// The bytes of a field's value, which need not be UTF-8; `index` from 0 in the order of the wire.
    public func value(at index: Int) -> ArraySlice<UInt8> { bytes[spans[index].nameEnd..<spans[index].end] }

    /// The bytes of the first value of a name.
    public func bytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        let length = name.utf8CodeUnitCount
        let index = bytes.withUnsafeBufferPointer { bytes in
            spans.firstIndex { span in
                guard span.nameEnd - span.start == length else { return false }
                guard length > 0, let base = bytes.baseAddress else { return true }
                return memcmp(base + span.start, name.utf8Start, length) == 0
            }
        }
        return index.map(value(at:))
    }

    /// The first value of a name; bytes that are no UTF-8 become U+FFFD.
    public func string(_ name: StaticString) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// Appends name and value of every field, sorted by the bytes of name, then value; a pair that stands there twice
    /// is appended once (Twilio signs the distinct values of a name).
    public func appendSorted(to out: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            var previous: Span?
            for span in spans.sorted(by: { order($0, $1, base) < 0 }) {
                if let previous, order(previous, span, base) == 0 { continue }
                out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[span.start..<span.end]))
                previous = span
            }
        }
    }

    /// Negative, zero or positive as `left` stands before, with or after `right`.
    private func order(_ left: Span, _ right: Span, _ base: UnsafePointer<UInt8>) -> Int {
        let names = compare(left.start..<left.nameEnd, right.start..<right.nameEnd, base)
        return names != 0 ? names : compare(left.nameEnd..<left.end, right.nameEnd..<right.end, base)
    }

    private func compare(_ left: Range<Int>, _ right: Range<Int>, _ base: UnsafePointer<UInt8>) -> Int {
        let difference = memcmp(base + left.lowerBound, base + right.lowerBound, min(left.count, right.count))
        return difference != 0 ? Int(difference) : left.count - right.count
    }
}
