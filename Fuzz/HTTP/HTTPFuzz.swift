// HTTP messages of both sides: the result does not depend on how the bytes arrive, limits hold, and nothing is accepted
// that could be read in two ways.
@testable import HTTP

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard size > 2 else { return 0 }
    var input = FuzzInput(data, size)
    // The first byte chooses the side, the second where the rest is cut.
    let side = input.byte()
    let place = Int(input.byte())
    let message = input.rest
    let cut = place % (message.count + 1)
    let pieces = [Array(message[..<cut]), Array(message[cut...])]
    if side & 1 == 0 {
        expect(requestRun([message]) == requestRun(pieces), "the split matters")
    } else {
        let isHead = side & 2 != 0
        expect(responseRun([message], isHead) == responseRun(pieces, isHead), "the split matters")
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
            expect((400...505).contains(failure.status), "status \(failure.status)")
            seen.append("\(failure.status) \(failure.reason)")
            return nil
        }
    }
    return seen
}

private func check(_ request: HTTPRequest, _ limits: HTTPServerLimits) {
    expect(request.body.count <= limits.bodyBytes, "the body is too large")
    // The authority of an absolute form may add Host.
    expect(request.headers.count <= limits.headerFields + 1, "too many fields")
    expect(request.target == "*" || request.target.utf8.first == UInt8(ascii: "/"), "\(request.target) is no target")
    expect(request.headers.all("Host").count <= 1, "Host twice")
    let lengths = request.headers.all("Content-Length").count + request.headers.all("Transfer-Encoding").count
    expect(lengths <= 1, "two lengths")
    for field in request.headers.fields {
        expect(!field.name.isEmpty && field.name.utf8.allSatisfy(HTTPByte.isToken), "\(field.name) is no name")
        expect(field.value.utf8.allSatisfy(HTTPByte.isFieldValue), "\(field.value) is no value")
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
            expect((200...599).contains(response.status), "status \(response.status)")
            expect(response.body.count <= limits.bodyBytes, "the body is too large")
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
            expect(result.taken <= buffer.count, "more is taken than there is")
            buffer.removeFirst(result.taken)
            if !result.goesOn { break }
        }
    }
}
