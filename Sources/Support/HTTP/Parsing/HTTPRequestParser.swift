/// Turns bytes into requests, with no I/O: an incremental state machine that gives the same result for any split of
/// the same bytes. What it does not take has to be given again with what follows.
struct HTTPRequestParser {
    /// What a connection has to do after a call.
    enum Action {
        /// More bytes are needed.
        case needMore
        /// The header is complete and the client waits for 100 before it sends the body (RFC 9110 §10.1.1).
        case sendContinue
        /// A request is complete; the parser is ready for the next.
        case request(HTTPRequest, keep: Keep)
        /// Not acceptable: answer with the status and close. The parser must not be used any more.
        case failure(HTTPParseFailure)
    }

    /// What the client wants of the connection after the answer (RFC 9112 §9.3).
    enum Keep: Equatable {
        /// HTTP/1.1 without `close`.
        case byDefault
        /// HTTP/1.0 with `keep-alive`: the answer has to say so.
        case asked
        /// To be closed.
        case close
    }

    private enum State {
        case requestLine
        case fields
        case body
        case dead
    }

    private let limits: HTTPServerLimits
    private var state = State.requestLine
    private var line: HTTPRequestLine?
    private var section: HTTPFieldSection
    private var decoder: HTTPBodyDecoder
    private var head = HTTPRequest(method: "", target: "")
    private var keep = Keep.byDefault
    private var skippedEmptyLine = false

    init(limits: HTTPServerLimits) {
        self.limits = limits
        section = HTTPFieldSection(byteLimit: limits.headerBytes, fieldLimit: limits.headerFields)
        decoder = HTTPBodyDecoder(trailer: section)
    }

    /// Whether no byte of a next request was taken.
    var isIdle: Bool {
        if case .requestLine = state { return true }
        return false
    }

    /// Whether a body is being read.
    var isInBody: Bool {
        if case .body = state { return true }
        return false
    }

    /// Parses what is there. Returns the number of bytes taken, and what to do.
    mutating func parse(_ input: UnsafeBufferPointer<UInt8>) -> (taken: Int, action: Action) {
        var reader = HTTPLineReader(input)
        do {
            let action = try advance(&reader)
            return (reader.position, action)
        } catch {
            state = .dead
            return (reader.position, .failure(error))
        }
    }

    private mutating func advance(_ reader: inout HTTPLineReader) throws(HTTPParseFailure) -> Action {
        while true {
            switch state {
            case .dead:
                throw .bad("the connection already failed")
            case .requestLine:
                guard try readRequestLine(&reader) else { return .needMore }
            case .fields:
                guard try section.read(&reader) else { return .needMore }
                let wantsContinue = try finishHead()
                // A client that did not wait has no use for the interim answer.
                if isInBody, wantsContinue, reader.remaining == 0 { return .sendContinue }
                if !isInBody { return finish([]) }
            case .body:
                guard try decoder.read(&reader) else { return .needMore }
                return finish(decoder.take())
            }
        }
    }

    private mutating func readRequestLine(_ reader: inout HTTPLineReader) throws(HTTPParseFailure) -> Bool {
        guard
            let bytes = try reader.line(
                limit: limits.requestLineBytes, else: HTTPParseFailure(414, "the request line is too long"))
        else { return false }
        if bytes.isEmpty {
            // RFC 9112 §2.2: one empty line before a request is ignored.
            guard !skippedEmptyLine else { throw .bad("empty lines before the request") }
            skippedEmptyLine = true
            return true
        }
        line = try HTTPRequestLine(bytes)
        state = .fields
        return true
    }

    // Returns whether the client waits for 100.
    private mutating func finishHead() throws(HTTPParseFailure) -> Bool {
        guard let line else { throw .bad("the request line is missing") }
        head = HTTPRequest(method: line.method, target: line.target, headers: section.headers)
        let fields = try HTTPKnownFields(head.headers)
        try checkHost(fields, line)
        keep = line.isVersion10 ? (fields.wantsKeepAlive ? .asked : .close) : .byDefault
        if fields.wantsClose { keep = .close }
        if let framing = try HTTPFraming.declared(in: fields, of: head.headers, isVersion10: line.isVersion10),
            framing != .length(0)
        {
            try decoder.start(framing, limit: bodyLimit(framing), trailer: newSection())
            state = .body
        }
        // Last, because it moves the fields.
        if let authority = line.authority { head.headers.set("Host", authority) }
        guard let expect = fields.expect, !line.isVersion10 else { return false }
        guard HTTPByte.matches(expect, "100-continue") else {
            throw HTTPParseFailure(417, "an expectation other than 100-continue")
        }
        return true
    }

    /// What is short enough everywhere needs no look at its path.
    private func bodyLimit(_ framing: HTTPFraming) -> Int {
        if case .length(let length) = framing, length <= limits.bodyBytes { return limits.bodyBytes }
        guard !limits.longBodies.isEmpty, let long = limits.longBodies[head.path] else { return limits.bodyBytes }
        return long
    }

    private func checkHost(_ fields: HTTPKnownFields, _ line: HTTPRequestLine) throws(HTTPParseFailure) {
        guard let host = fields.host else {
            guard line.isVersion10 else { throw .bad("Host is missing") }
            return
        }
        let isWellFormed = head.headers.withField(at: host) { _, value in HTTPAuthority(value) != nil }
        guard isWellFormed else { throw .bad("Host is not well formed") }
    }

    private mutating func finish(_ body: [UInt8]) -> Action {
        var request = HTTPRequest(method: "", target: "")
        swap(&request, &head)
        request.body = body
        line = nil
        section = newSection()
        skippedEmptyLine = false
        state = .requestLine
        return .request(request, keep: keep)
    }

    private func newSection() -> HTTPFieldSection {
        HTTPFieldSection(byteLimit: limits.headerBytes, fieldLimit: limits.headerFields)
    }
}
