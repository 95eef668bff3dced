/// The fields that steer a connection, found in one pass over a header.
struct HTTPKnownFields {
    /// The place of `Host` among the fields.
    private(set) var host: Int?
    private(set) var expect: String?
    private(set) var wantsClose = false
    private(set) var wantsKeepAlive = false
    /// The place of `Content-Length` among the fields.
    private(set) var contentLength: Int?
    private(set) var transferEncoding: String?

    /// Reads the fields; refuses what may only be there once and is there twice.
    init(_ headers: HTTPHeaders) throws(HTTPParseFailure) {
        for index in 0..<headers.count {
            try headers.withField(at: index) { (name, value) throws(HTTPParseFailure) in
                switch name.count {
                case 4 where HTTPByte.matches(name, "host"):
                    guard host == nil else { throw .bad("more than one Host") }
                    host = index
                case 6 where HTTPByte.matches(name, "expect"):
                    expect = expect.map { $0 + ", " + Self.text(value) } ?? Self.text(value)
                case 10 where HTTPByte.matches(name, "connection"):
                    readConnection(value)
                case 14 where HTTPByte.matches(name, "content-length"):
                    guard contentLength == nil else { throw .bad("more than one Content-Length") }
                    contentLength = index
                case 17 where HTTPByte.matches(name, "transfer-encoding"):
                    guard transferEncoding == nil else { throw .bad("more than one Transfer-Encoding") }
                    transferEncoding = Self.text(value)
                default:
                    break
                }
            }
        }
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private mutating func readConnection(_ value: UnsafeBufferPointer<UInt8>) {
        // What nearly every peer sends needs no list.
        if HTTPByte.matches(value, "keep-alive") { return wantsKeepAlive = true }
        for item in Self.text(value).utf8.split(separator: UInt8(ascii: ",")) {
            let token = HTTPByte.trimmed(item)
            if HTTPByte.matches(token, "close") { wantsClose = true }
            if HTTPByte.matches(token, "keep-alive") { wantsKeepAlive = true }
        }
    }
}
