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

    /// Appends a request, or returns false when it must not be written.
    static func append(_ request: HTTPClientRequest, to out: inout [UInt8]) -> Bool {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(HTTPByte.isToken) else { return false }
        out.append(contentsOf: request.method.utf8)
        out.append(HTTPByte.space)
        out.append(contentsOf: request.url.target.utf8)
        append(" HTTP/1.1\r\nHost: ", to: &out)
        out.append(contentsOf: request.url.hostField.utf8)
        append("\r\n", to: &out)
        for field in request.headers.fields where !isOurs(field.name) && !HTTPByte.matches(field.name.utf8, "host") {
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
            if HTTPByte.matches(field.name.utf8, "date") { hasDate = true }
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
        case 10: HTTPByte.matches(name.utf8, "connection") || HTTPByte.matches(name.utf8, "keep-alive")
        case 14: HTTPByte.matches(name.utf8, "content-length")
        case 17: HTTPByte.matches(name.utf8, "transfer-encoding")
        default: false
        }
    }

    private static func append(field: (name: String, value: String), to out: inout [UInt8]) -> Bool {
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(HTTPByte.isToken),
            field.value.utf8.allSatisfy(HTTPByte.isFieldValue)
        else { return false }
        out.append(contentsOf: field.name.utf8)
        out.append(HTTPByte.colon)
        out.append(HTTPByte.space)
        out.append(contentsOf: field.value.utf8)
        append("\r\n", to: &out)
        return true
    }

    private static func append(_ text: StaticString, to out: inout [UInt8]) {
        text.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    private static func append(number: Int, to out: inout [UInt8]) {
        out.append(contentsOf: String(number).utf8)
    }
}
