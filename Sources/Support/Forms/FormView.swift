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

    /// A form without fields.
    public init() {}

    /// Decodes a body. Every text is a form: a broken `%` stays as it stands.
    public init(parsing body: [UInt8]) {
        self = body.withUnsafeBufferPointer { FormView(parsing: $0) }
    }

    /// Decodes the bytes of a body or a query.
    public init(parsing body: UnsafeBufferPointer<UInt8>) {
        // The initializer of an array of no capacity writes into the one empty array that all threads share.
        guard !body.isEmpty else { return }
        // Of its own: a copy of the property would be copied again by the first append.
        var spans: [Span] = []
        spans.reserveCapacity(min(32, body.count))
        // What is decoded is never longer than what it is decoded from.
        bytes = [UInt8](unsafeUninitializedCapacity: body.count) { out, written in
            var start = 0
            while start < body.count {
                var decoder = PairDecoder(out: out, written: written)
                let end = decoder.decode(body, from: start)
                if end > start {
                    spans.append(
                        Span(start: written, nameEnd: decoder.nameEnd ?? decoder.written, end: decoder.written))
                }
                written = decoder.written
                start = end + 1
            }
        }
        self.spans = spans
    }

    /// Decodes one pair in one pass.
    private struct PairDecoder {
        let out: UnsafeMutableBufferPointer<UInt8>
        var written: Int
        var nameEnd: Int?

        /// Decodes up to the next `&` or the end, whose place it returns.
        mutating func decode(_ body: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
            var index = start
            while index < body.count {
                var byte = body[index]
                // Bit n stands for byte n: `%`, `&`, `+` and `=`. Nearly all bytes are others.
                guard byte < 64, 0x2000_0860_0000_0000 as UInt64 &>> UInt64(byte) & 1 == 1 else {
                    out[written] = byte
                    written += 1
                    index += 1
                    continue
                }
                switch byte {
                case UInt8(ascii: "&"): return index
                case UInt8(ascii: "=") where nameEnd == nil:
                    nameEnd = written
                    index += 1
                    continue
                case UInt8(ascii: "+"): byte = 0x20
                case UInt8(ascii: "%"):
                    if index + 2 < body.count, let high = PercentCoding.nibble(body[index + 1]),
                        let low = PercentCoding.nibble(body[index + 2])
                    {
                        byte = high << 4 | low
                        index += 2
                    }
                default: break
                }
                out[written] = byte
                written += 1
                index += 1
            }
            return index
        }
    }

    /// How many fields there are.
    public var count: Int { spans.count }

    /// The bytes of a field's name; `index` from 0 in the order of the wire.
    public func name(at index: Int) -> ArraySlice<UInt8> { bytes[spans[index].start..<spans[index].nameEnd] }

    /// The bytes of a field's value, which need not be UTF-8; `index` from 0 in the order of the wire.
    public func value(at index: Int) -> ArraySlice<UInt8> { bytes[spans[index].nameEnd..<spans[index].end] }

    /// The bytes of the first value of a name.
    public func bytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        name.withUTF8Buffer { index(of: $0) }.map(value(at:))
    }

    /// The first value of a name that is made at run time; bytes that are no UTF-8 become U+FFFD.
    public func string(named name: String) -> String? {
        var name = name
        return name.withUTF8 { index(of: $0) }.map { String(decoding: value(at: $0), as: UTF8.self) }
    }

    /// The place of the first field of a name.
    private func index(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            spans.firstIndex { span in
                guard span.nameEnd - span.start == name.count else { return false }
                guard let base = bytes.baseAddress, let start = name.baseAddress else { return true }
                return memcmp(base + span.start, start, name.count) == 0
            }
        }
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
