import Glibc

/// Takes lines that end in CRLF from a buffer. A bare LF is refused here, a bare CR by what reads the line
/// (RFC 9112 §2.2 lets a recipient be lenient; two recipients that are lenient in different ways can be played off).
struct HTTPLineReader {
    /// The bytes not yet parsed, and how many of them are taken.
    let input: UnsafeBufferPointer<UInt8>
    var position = 0

    init(_ input: UnsafeBufferPointer<UInt8>) {
        self.input = input
    }

    /// How many bytes are not taken yet.
    var remaining: Int { input.count - position }

    /// Takes the next line without its end, nil when it is not there yet. A line of more than `limit` bytes, whether
    /// complete or not, throws `failure`: the outcome depends on the bytes only, not on how they arrive.
    mutating func line(
        limit: Int, else failure: @autoclosure () -> HTTPParseFailure
    ) throws(HTTPParseFailure) -> UnsafeBufferPointer<UInt8>? {
        guard remaining > 0, let start = input.baseAddress?.advanced(by: position) else { return nil }
        guard let found = memchr(start, Int32(HTTPByte.lineFeed), remaining) else {
            if remaining > limit + 1 { throw failure() }
            return nil
        }
        let length = UnsafeRawPointer(start).distance(to: found)
        let hasReturn = length > 0 && start[length - 1] == HTTPByte.carriageReturn
        let lineLength = hasReturn ? length - 1 : length
        if lineLength > limit { throw failure() }
        guard hasReturn else { throw .bad("a line ends in a bare LF") }
        position += length + 1
        return UnsafeBufferPointer(start: start, count: lineLength)
    }
}
