/// How the end of a body is found (RFC 9112 §6.3).
enum HTTPFraming: Equatable {
    case length(Int)
    case chunked
    case untilClose

    /// The framing that the header declares, nil when it declares none. Anything that two recipients could read
    /// differently is refused: both lengths, several lengths, any transfer coding but one `chunked`.
    static func declared(
        in fields: HTTPKnownFields, of headers: HTTPHeaders, isVersion10: Bool
    ) throws(HTTPParseFailure) -> HTTPFraming? {
        if let coding = fields.transferEncoding {
            guard fields.contentLength == nil else { throw .bad("both Content-Length and Transfer-Encoding") }
            guard !isVersion10 else { throw .bad("Transfer-Encoding in HTTP/1.0") }
            return try chunked(coding)
        }
        guard let length = fields.contentLength else { return nil }
        return .length(try headers.withField(at: length) { (_, value) throws(HTTPParseFailure) in try number(value) })
    }

    // RFC 9112 §6.1: a coding that is not understood is 501, a message whose end cannot be found is 400.
    private static func chunked(_ value: String) throws(HTTPParseFailure) -> HTTPFraming {
        if HTTPByte.matches(value, "chunked") { return .chunked }
        let codings = value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map(HTTPByte.trimmed)
        let areTokens = codings.allSatisfy { !$0.isEmpty && $0.allSatisfy(HTTPByte.isToken) }
        guard areTokens, let last = codings.last, HTTPByte.matches(last, "chunked"),
            !codings.dropLast().contains(where: { HTTPByte.matches($0, "chunked") })
        else { throw .bad("the transfer coding is not chunked") }
        throw HTTPParseFailure(501, "a transfer coding is not supported")
    }

    // Digits only: no sign, no list, no blank. 18 digits cannot overflow.
    private static func number(_ value: UnsafeBufferPointer<UInt8>) throws(HTTPParseFailure) -> Int {
        guard (1...18).contains(value.count) else { throw .bad("Content-Length is not a number") }
        var number = 0
        for byte in value {
            guard HTTPByte.isDigit(byte) else { throw .bad("Content-Length is not a number") }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }
}
