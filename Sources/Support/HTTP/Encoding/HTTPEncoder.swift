/// Writes messages as bytes. A field that could end a line early is never written: the message is refused as a whole.
enum HTTPEncoder {
    /// What an answer needs to know of its request and connection.
    struct AnswerContext {
        /// HEAD: the length of the body is told, the body is left out.
        var isHead = false
        /// The connection ends after this answer.
        var closes = false
        /// HTTP/1.0 asked for keep-alive and has to be told.
        var tellsKeepAlive = false
        /// The value of `Date`.
        var date: [UInt8] = []
    }

    /// Appends an answer, or a bare 500 when the answer has a status or field that must not be written.
    static func append(_ response: HTTPResponse, _ context: AnswerContext, to out: inout [UInt8]) {
        let start = out.count
        if appendChecked(response, context, to: &out) { return }
        out.removeSubrange(start...)
        _ = appendChecked(HTTPResponse(status: 500), context, to: &out)
    }

    /// Room for the head of most requests.
    private static let usualHead = 512

    /// Appends a request, or returns false when it must not be written.
    static func append(_ request: HTTPClientRequest, to out: inout [UInt8]) -> Bool {
        out.reserveCapacity(out.count + usualHead + request.body.count)
        guard !request.method.isEmpty, append(text: request.method, to: &out, where: HTTPByte.isToken) else {
            return false
        }
        out.append(HTTPByte.space)
        append(text: request.url.target, to: &out)
        append(" HTTP/1.1\r\nHost: ", to: &out)
        append(text: request.url.hostField, to: &out)
        append("\r\n", to: &out)
        for field in request.headers.fields where !isOurs(field.name) && !HTTPByte.matches(field.name, "host") {
            guard append(field: field, to: &out) else { return false }
        }
        // RFC 9110 §8.6: a method that gives a body a meaning states the length even when it is 0.
        if !request.body.isEmpty || !["GET", "HEAD", "DELETE", "OPTIONS"].contains(request.method) {
            append("Content-Length: ", to: &out)
            append(number: request.body.count, to: &out)
            append("\r\n", to: &out)
        }
        append("\r\n", to: &out)
        out.append(contentsOf: request.body)
        return true
    }

    private static func appendChecked(
        _ response: HTTPResponse, _ context: AnswerContext, to out: inout [UInt8]
    ) -> Bool {
        guard (200...599).contains(response.status) else { return false }
        append("HTTP/1.1 ", to: &out)
        append(number: response.status, to: &out)
        out.append(HTTPByte.space)
        append(HTTPStatus.reason(response.status), to: &out)
        append("\r\n", to: &out)
        var hasDate = false
        for field in response.headers.fields where !isOurs(field.name) {
            if HTTPByte.matches(field.name, "date") { hasDate = true }
            guard append(field: field, to: &out) else { return false }
        }
        if !hasDate, !context.date.isEmpty {
            append("Date: ", to: &out)
            out.append(contentsOf: context.date)
            append("\r\n", to: &out)
        }
        if context.closes {
            append("Connection: close\r\n", to: &out)
        } else if context.tellsKeepAlive {
            append("Connection: keep-alive\r\n", to: &out)
        }
        if HTTPStatus.hasNoBody(response.status) {
            append("\r\n", to: &out)
            return true
        }
        append("Content-Length: ", to: &out)
        append(number: response.body.count, to: &out)
        append("\r\n\r\n", to: &out)
        if !context.isHead { out.append(contentsOf: response.body) }
        return true
    }

    // The fields that frame a message are written here alone.
    private static func isOurs(_ name: String) -> Bool {
        switch name.utf8.count {
        case 10: HTTPByte.matches(name, "connection") || HTTPByte.matches(name, "keep-alive")
        case 14: HTTPByte.matches(name, "content-length")
        case 17: HTTPByte.matches(name, "transfer-encoding")
        default: false
        }
    }

    private static func append(field: HTTPHeaders.Field, to out: inout [UInt8]) -> Bool {
        guard !field.name.isEmpty, append(text: field.name, to: &out, where: HTTPByte.isToken) else { return false }
        append(": ", to: &out)
        guard append(text: field.value, to: &out, where: HTTPByte.isFieldValue) else { return false }
        append("\r\n", to: &out)
        return true
    }

    // Appends the bytes of a text if all of them are allowed.
    @inline(__always)
    private static func append(
        text: String, to out: inout [UInt8], where isAllowed: (UInt8) -> Bool
    ) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for byte in bytes where !isAllowed(byte) { return false }
            out.append(contentsOf: bytes)
            return true
        }
    }

    private static func append(_ text: StaticString, to out: inout [UInt8]) {
        text.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    private static func append(text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { out.append(contentsOf: $0) }
    }

    private static func append(number: Int, to out: inout [UInt8]) { append(text: String(number), to: &out) }
}
