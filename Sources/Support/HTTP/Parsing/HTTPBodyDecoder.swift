/// Collects a body and takes its transfer coding off (RFC 9112 §6 and §7).
struct HTTPBodyDecoder {
    private enum State {
        case fixed(remaining: Int)
        case untilClose
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailer
        case complete
    }

    /// Longest line that gives the size of a chunk, extensions included, in bytes.
    static let chunkLineLimit = 256
    /// All chunk extensions of a body together in bytes; they carry nothing, but cost reading.
    static let extensionLimit = 4096

    /// What was collected since it was last taken.
    private(set) var body: [UInt8] = []
    /// Bytes of the body so far, also of those that were taken.
    private var total = 0
    private var state = State.complete
    private var trailer: HTTPFieldSection
    private var extensionBytes = 0
    private var limit = 0

    /// A decoder that waits for ``start(_:limit:trailer:)``. It is a part of its parser for good: one that comes and goes
    /// with each body is copied on its way.
    init(trailer: HTTPFieldSection) { self.trailer = trailer }

    /// Begins with a body of at most so many bytes.
    mutating func start(
        _ framing: HTTPFraming, limit: Int, trailer: HTTPFieldSection
    ) throws(HTTPParseFailure) {
        self.limit = limit
        self.trailer = trailer
        extensionBytes = 0
        total = 0
        switch framing {
        case .length(let length):
            guard length <= limit else { throw HTTPParseFailure(413, "the body is too large") }
            // The peer claims the length; room is made only as bytes arrive beyond this.
            body.reserveCapacity(min(length, 16 * 1024))
            state = length == 0 ? .complete : .fixed(remaining: length)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    /// Hands out what was collected; nothing of it is kept.
    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &body)
        return taken
    }

    /// Whether the end of the stream ends the body.
    var endsAtClose: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// Takes bytes. Returns true when the body is complete, false when bytes are missing.
    mutating func read(_ reader: inout HTTPLineReader) throws(HTTPParseFailure) -> Bool {
        while true {
            switch state {
            case .complete:
                return true
            case .fixed(let remaining):
                let left = remaining - take(&reader, atMost: remaining)
                state = left == 0 ? .complete : .fixed(remaining: left)
                if left > 0 { return false }
            case .untilClose:
                guard reader.remaining <= limit - total else {
                    throw HTTPParseFailure(413, "the body is too large")
                }
                _ = take(&reader, atMost: reader.remaining)
                return false
            case .chunkSize:
                guard try readChunkSize(&reader) else { return false }
            case .chunkData(let remaining):
                let left = remaining - take(&reader, atMost: remaining)
                state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
                if left > 0 { return false }
            case .chunkEnd:
                guard let line = try reader.line(limit: 0, else: .bad("a chunk is longer than its size")) else {
                    return false
                }
                guard line.isEmpty else { throw .bad("a chunk is longer than its size") }
                state = .chunkSize
            case .trailer:
                guard try trailer.read(&reader) else { return false }
                state = .complete
            }
        }
    }

    private mutating func take(_ reader: inout HTTPLineReader, atMost count: Int) -> Int {
        let taken = min(count, reader.remaining)
        guard taken > 0 else { return 0 }
        body.append(contentsOf: UnsafeBufferPointer(rebasing: reader.input[reader.position..<reader.position + taken]))
        reader.position += taken
        total += taken
        return taken
    }

    private mutating func readChunkSize(_ reader: inout HTTPLineReader) throws(HTTPParseFailure) -> Bool {
        guard let line = try reader.line(limit: Self.chunkLineLimit, else: .bad("a chunk size line is too long"))
        else { return false }
        let size = try chunkSize(line)
        guard size <= limit - total else { throw HTTPParseFailure(413, "the body is too large") }
        state = size == 0 ? .trailer : .chunkData(remaining: size)
        return true
    }

    // Hexadecimal digits, then nothing or an extension: no sign, no 0x, no blank before the semicolon.
    private mutating func chunkSize(_ line: UnsafeBufferPointer<UInt8>) throws(HTTPParseFailure) -> Int {
        var size = 0
        var index = 0
        while index < line.count, let digit = HTTPByte.hexValue(line[index]) {
            guard index < 15 else { throw .bad("a chunk size is too large") }
            size = size << 4 | digit
            index += 1
        }
        guard index > 0 else { throw .bad("a chunk has no size") }
        guard index < line.count else { return size }
        guard line[index] == UInt8(ascii: ";") else { throw .bad("a chunk size is not a number") }
        for byte in line[index...] where !HTTPByte.isFieldValue(byte) {
            throw .bad("a chunk extension has a control character")
        }
        extensionBytes += line.count - index
        guard extensionBytes <= Self.extensionLimit else { throw .bad("too many chunk extensions") }
        return size
    }
}
