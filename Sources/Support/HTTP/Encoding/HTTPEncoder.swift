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
        /// The body is a stream in chunks.
        var isChunked = false
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
        guard append(token: request.method, to: &out) else { return false }
        out.append(HTTPByte.space)
        append(text: request.url.target, to: &out)
        append(" HTTP/1.1\r\nHost: ", to: &out)
        append(text: request.url.hostField, to: &out)
        append("\r\n", to: &out)
        for index in 0..<request.headers.count {
            let isWritten = request.headers.withField(at: index) { name, value in
                isOurs(name) || HTTPByte.matches(name, "host") || append(name, value, to: &out)
            }
            guard isWritten else { return false }
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
        for index in 0..<response.headers.count {
            let isWritten = response.headers.withField(at: index) { name, value in
                if HTTPByte.matches(name, "date") { hasDate = true }
                return isOurs(name) || append(name, value, to: &out)
            }
            guard isWritten else { return false }
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
        if let stream = response.stream {
            if let length = stream.length {
                append("Content-Length: ", to: &out)
                append(number: length, to: &out)
                append("\r\n\r\n", to: &out)
                return true
            }
            append(context.isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n", to: &out)
            return true
        }
        append("Content-Length: ", to: &out)
        append(number: response.body.count, to: &out)
        append("\r\n\r\n", to: &out)
        if !context.isHead { out.append(contentsOf: response.body) }
        return true
    }

    /// Appends a chunk of a body (RFC 9112 §7.1); an empty one would end it and is left out.
    static func append(chunk: [UInt8], to out: inout [UInt8]) {
        guard !chunk.isEmpty else { return }
        append(text: String(chunk.count, radix: 16), to: &out)
        append("\r\n", to: &out)
        out.append(contentsOf: chunk)
        append("\r\n", to: &out)
    }

    /// Appends the end of a chunked body.
    static func appendLastChunk(to out: inout [UInt8]) { append("0\r\n\r\n", to: &out) }

    // The fields that frame a message are written here alone.
    private static func isOurs(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        switch name.count {
        case 10: HTTPByte.matches(name, "connection") || HTTPByte.matches(name, "keep-alive")
        case 14: HTTPByte.matches(name, "content-length")
        case 17: HTTPByte.matches(name, "transfer-encoding")
        default: false
        }
    }

    // Appends a field in one step, if all of its bytes are allowed.
    private static func append(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]
    ) -> Bool {
        guard !name.isEmpty, name.allSatisfy(HTTPByte.isToken), HTTPByte.areFieldValue(value) else { return false }
        out.append(addingCapacity: name.count + value.count + 4) { span in
            span.withUnsafeMutableBufferPointer { out, count in
                func put(_ byte: UInt8) {
                    out[count] = byte
                    count += 1
                }
                count = out[count...].update(fromContentsOf: name)
                put(HTTPByte.colon)
                put(HTTPByte.space)
                count = out[count...].update(fromContentsOf: value)
                put(HTTPByte.carriageReturn)
                put(HTTPByte.lineFeed)
            }
        }
        return true
    }

    // Appends a text if it is a token.
    private static func append(token: String, to out: inout [UInt8]) -> Bool {
        var token = token
        return token.withUTF8 { bytes in
            for byte in bytes where !HTTPByte.isToken(byte) { return false }
            out.append(contentsOf: bytes)
            return !bytes.isEmpty
        }
    }

    private static func append(_ text: StaticString, to out: inout [UInt8]) {
        text.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    private static func append(text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { out.append(contentsOf: $0) }
    }

    // A status or a length, never below zero.
    private static func append(number: Int, to out: inout [UInt8]) {
        var scale = 1
        while number / scale >= 10 { scale *= 10 }
        while scale > 0 {
            out.append(UInt8(ascii: "0") + UInt8(number / scale % 10))
            scale /= 10
        }
    }
}
