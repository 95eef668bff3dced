/// Turns bytes into one answer, with no I/O; the mirror of ``HTTPRequestParser``, as strict.
struct HTTPResponseParser {
    /// What a connection has to do after a call.
    enum Action {
        /// More bytes are needed.
        case needMore
        /// The answer is complete. The connection may be used again when `keepAlive`.
        case response(HTTPResponse, keepAlive: Bool)
        /// Not acceptable: close.
        case failure(HTTPParseFailure)
    }

    private enum State {
        case statusLine
        case fields(HTTPStatusLine)
        case body
        case complete
    }

    /// Interim answers (1xx) that are skipped before the final one.
    static let interimLimit = 8

    private let limits: HTTPClientLimits
    private let isHead: Bool
    private let keepsHead: Bool
    private var state = State.statusLine
    private var section: HTTPFieldSection
    private var decoder: HTTPBodyDecoder
    private var head = HTTPResponse(status: 0)
    private var keepAlive = false
    private var interimCount = 0
    /// Status and header of the final answer, once they are there and where it has a body; of a parser that keeps them.
    private(set) var receivedHead: HTTPResponse?

    /// A parser for the answer to one request; the answer to HEAD has no body.
    /// - Parameter keepsHead: for a body that is taken while it comes.
    init(limits: HTTPClientLimits, isHead: Bool, keepsHead: Bool = false) {
        self.keepsHead = keepsHead
        self.limits = limits
        self.isHead = isHead
        section = HTTPFieldSection(byteLimit: limits.headerBytes, fieldLimit: limits.headerFields)
        decoder = HTTPBodyDecoder(trailer: section)
    }

    /// Parses what is there. Returns the number of bytes taken, and what to do.
    mutating func parse(_ input: UnsafeBufferPointer<UInt8>) -> (taken: Int, action: Action) {
        var reader = HTTPLineReader(input)
        do {
            let action = try advance(&reader)
            return (reader.position, action)
        } catch {
            state = .complete
            return (reader.position, .failure(error))
        }
    }

    /// Takes what came of the body so far; the answer has only the rest then.
    mutating func takePart() -> [UInt8] {
        guard case .body = state else { return [] }
        return decoder.take()
    }

    /// The peer closed: the answer when that is how it ends, else nil.
    mutating func close() -> HTTPResponse? {
        guard case .body = state, decoder.endsAtClose else { return nil }
        state = .complete
        head.body = decoder.take()
        return takeHead()
    }

    // The parser of an idle connection holds no answer.
    private mutating func takeHead() -> HTTPResponse {
        var answer = HTTPResponse(status: 0)
        swap(&answer, &head)
        return answer
    }

    private mutating func advance(_ reader: inout HTTPLineReader) throws(HTTPParseFailure) -> Action {
        while true {
            switch state {
            case .complete:
                throw .bad("bytes after the answer")
            case .statusLine:
                guard
                    let bytes = try reader.line(
                        limit: limits.statusLineBytes, else: .bad("the status line is too long"))
                else { return .needMore }
                state = .fields(try HTTPStatusLine(bytes))
            case .fields(let line):
                guard try section.read(&reader) else { return .needMore }
                try finishHead(line)
                if case .complete = state { return .response(takeHead(), keepAlive: keepAlive) }
            case .body:
                guard try decoder.read(&reader) else { return .needMore }
                state = .complete
                head.body = decoder.take()
                return .response(takeHead(), keepAlive: keepAlive)
            }
        }
    }

    private mutating func finishHead(_ line: HTTPStatusLine) throws(HTTPParseFailure) {
        let headers = section.headers
        section = HTTPFieldSection(byteLimit: limits.headerBytes, fieldLimit: limits.headerFields)
        if line.status < 200 {
            // No upgrade is ever asked for, so 101 is as wrong as an endless row of interim answers.
            interimCount += 1
            guard line.status != 101, interimCount <= Self.interimLimit else { throw .bad("unexpected interim answer") }
            state = .statusLine
            return
        }
        let fields = try HTTPKnownFields(headers)
        head = HTTPResponse(status: line.status, headers: headers)
        keepAlive = !fields.wantsClose && (!line.isVersion10 || fields.wantsKeepAlive)
        let framing = try HTTPFraming.declared(in: fields, of: headers, isVersion10: line.isVersion10)
        if isHead || line.status == 204 || line.status == 304 {
            state = .complete
            return
        }
        if framing == nil { keepAlive = false }
        if keepsHead { receivedHead = head }
        try decoder.start(framing ?? .untilClose, limit: limits.bodyBytes, trailer: section)
        state = .body
    }
}
