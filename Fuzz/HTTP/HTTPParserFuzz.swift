// libFuzzer harness for the HTTP parsers; Fuzz/HTTP/build tells how it is compiled. It traps when a parser traps, when
// the result depends on how the bytes arrive, or when something is accepted that must not be.

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTPParsers(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let data, size > 2 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    // The first byte chooses the side, the second where the rest is cut.
    let message = Array(bytes[2...])
    let cut = Int(bytes[1]) % (message.count + 1)
    let pieces = [Array(message[..<cut]), Array(message[cut...])]
    if bytes[0] & 1 == 0 {
        precondition(requestRun([message]) == requestRun(pieces), "the split matters")
    } else {
        let isHead = bytes[0] & 2 != 0
        precondition(responseRun([message], isHead) == responseRun(pieces, isHead), "the split matters")
    }
    return 0
}

private func requestRun(_ pieces: [[UInt8]]) -> [String] {
    var limits = HTTPServerLimits()
    limits.requestLineBytes = 128
    limits.headerBytes = 512
    limits.headerFields = 8
    limits.bodyBytes = 256
    var parser = HTTPRequestParser(limits: limits)
    var seen: [String] = []
    feed(pieces) { input in
        let (taken, action) = parser.parse(input)
        switch action {
        case .needMore: return (taken, false)
        case .sendContinue: return (taken, true)
        case .request(let request, let keep):
            check(request, limits)
            seen.append("\(request.method) \(request.target) \(request.headers.fields) \(request.body) \(keep)")
            return (taken, true)
        case .failure(let failure):
            precondition((400...505).contains(failure.status))
            seen.append("\(failure.status) \(failure.reason)")
            return nil
        }
    }
    return seen
}

private func check(_ request: HTTPRequest, _ limits: HTTPServerLimits) {
    precondition(request.body.count <= limits.bodyBytes)
    // The authority of an absolute form may add Host.
    precondition(request.headers.count <= limits.headerFields + 1)
    precondition(request.target == "*" || request.target.utf8.first == UInt8(ascii: "/"))
    precondition(request.headers.all("Host").count <= 1)
    precondition(request.headers.all("Content-Length").count + request.headers.all("Transfer-Encoding").count <= 1)
    for field in request.headers.fields {
        precondition(!field.name.isEmpty && field.name.utf8.allSatisfy(HTTPByte.isToken))
        precondition(field.value.utf8.allSatisfy(HTTPByte.isFieldValue))
    }
}

private func responseRun(_ pieces: [[UInt8]], _ isHead: Bool) -> [String] {
    var limits = HTTPClientLimits()
    limits.statusLineBytes = 128
    limits.headerBytes = 512
    limits.headerFields = 8
    limits.bodyBytes = 256
    var parser = HTTPResponseParser(limits: limits, isHead: isHead)
    var seen: [String] = []
    feed(pieces) { input in
        let (taken, action) = parser.parse(input)
        switch action {
        case .needMore: return (taken, false)
        case .response(let response, let keepAlive):
            precondition((200...599).contains(response.status) && response.body.count <= limits.bodyBytes)
            seen.append("\(response.status) \(response.headers.fields) \(response.body) \(keepAlive)")
            return nil
        case .failure(let failure):
            seen.append("\(failure.status) \(failure.reason)")
            return nil
        }
    }
    if seen.isEmpty, let response = parser.close() { seen.append("\(response.status) \(response.body)") }
    return seen
}

// Keeps what was not taken, as a connection does; nil ends, false waits for the next piece.
private func feed(_ pieces: [[UInt8]], _ step: (UnsafeBufferPointer<UInt8>) -> (taken: Int, goesOn: Bool)?) {
    var buffer: [UInt8] = []
    for piece in pieces {
        buffer += piece
        while true {
            guard let result = buffer.withUnsafeBufferPointer(step) else { return }
            precondition(result.taken <= buffer.count)
            buffer.removeFirst(result.taken)
            if !result.goesOn { break }
        }
    }
}
