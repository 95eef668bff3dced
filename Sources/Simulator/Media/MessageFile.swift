import HTTP
import JSON

/// A file that came with a message, or went with one.
struct MessageFile {
    /// Where its bytes are.
    enum Source {
        /// Somewhere else, under a URL that the account is told.
        case elsewhere(String)
        case bytes([UInt8])
        /// So many, made while they are sent.
        case generated(Int)
    }

    let sid: String
    let type: String
    let source: Source

    /// Generated files are at most so large.
    static let largest = 2_000_000_000

    /// A file under a URL, which is a picture until somebody says otherwise.
    init(_ url: String, sid: String) {
        self.sid = sid
        type = "image/jpeg"
        source = .elsewhere(url)
    }

    private init(sid: String, type: String, source: Source) {
        self.sid = sid
        self.type = type
        self.source = source
    }

    /// Reads what a control request says: a URL, `{type, url}`, `{type, base64}` or `{type, size}`.
    init(_ value: JSONValue, sid: String, decode: (String) -> [UInt8]?) throws(ControlProblem) {
        if let url = value.string {
            self.init(url, sid: sid)
            return
        }
        guard let object = value.object else { throw .invalid("a file is a URL or an object") }
        guard let type = object["type"]?.string, type.contains("/"), type.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            throw .invalid("'type' of a file is a media type such as image/jpeg")
        }
        if let url = object["url"]?.string {
            self.init(sid: sid, type: type, source: .elsewhere(url))
        } else if let text = object["base64"]?.string {
            guard let bytes = decode(text) else { throw .invalid("'base64' of a file is not base 64") }
            self.init(sid: sid, type: type, source: .bytes(bytes))
        } else if let size = object["size"]?.int, (0...Int64(Self.largest)).contains(size) {
            self.init(sid: sid, type: type, source: .generated(Int(size)))
        } else {
            throw .invalid("a file has 'url', 'base64', or a 'size' of at most \(Self.largest) bytes")
        }
    }

    /// The file itself, as wherever it lies answers.
    var response: HTTPResponse {
        var response = HTTPResponse(
            status: 200,
            headers: HTTPHeaders([
                ("Content-Type", type), ("Cache-Control", "max-age=31536000"), ("Accept-Ranges", "none"),
            ]))
        switch source {
        case .elsewhere: response = HTTPResponse(status: 404)
        case .bytes(let bytes): response.body = bytes
        case .generated(let size): response.stream = GeneratedBody.stream(size)
        }
        return response
    }
}

/// A body of bytes that repeat, made as fast as the peer takes them.
private final class GeneratedBody: @unchecked Sendable {
    // Only the connection that sends the stream calls it.
    private var left: Int
    private weak var stream: HTTPBodyStream?
    private static let block = [UInt8]((0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) | 1 })

    private init(_ size: Int) { left = size }

    static func stream(_ size: Int) -> HTTPBodyStream {
        let body = GeneratedBody(size)
        let stream = HTTPBodyStream(length: size) { body.fill() }
        body.stream = stream
        body.fill()
        return stream
    }

    private func fill() {
        guard let stream, stream.isOpen else { return }
        let count = min(left, Self.block.count)
        left -= count
        if count > 0 { stream.write(count == Self.block.count ? Self.block : Array(Self.block[..<count])) }
        if left == 0 { stream.finish() }
    }
}
