extension JSONValue {
    /// The nesting that is allowed unless told otherwise.
    public static let defaultDepth = 64

    /// Parses one JSON text, strictly by RFC 8259: UTF-8 without byte order mark, no duplicate keys, no lone
    /// surrogates, nothing after the value.
    ///
    /// - Parameters:
    ///   - bytes: The whole text; nothing of it is kept.
    ///   - maxDepth: How deep arrays and objects may nest; at most 256.
    /// - Throws: The first fault with its place.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int = defaultDepth) throws(JSONError) {
        var parser = JSONParser(bytes, maxDepth: min(maxDepth, 256))
        do {
            self = try parser.parse()
        } catch {
            throw JSONError(error.cause, at: error.offset, in: bytes)
        }
    }

    /// Parses one JSON text; see `init(parsing:maxDepth:)` of a byte buffer.
    public init(parsing bytes: UnsafeRawBufferPointer, maxDepth: Int = defaultDepth) throws(JSONError) {
        try self.init(parsing: bytes.assumingMemoryBound(to: UInt8.self), maxDepth: maxDepth)
    }

    /// Parses one JSON text; see `init(parsing:maxDepth:)` of a byte buffer.
    public init(parsing bytes: [UInt8], maxDepth: Int = defaultDepth) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try JSONValue(parsing: buffer, maxDepth: maxDepth)
        }
    }

    /// Parses one JSON text; see `init(parsing:maxDepth:)` of a byte buffer.
    public init(parsing text: String, maxDepth: Int = defaultDepth) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maxDepth: maxDepth)
    }
}
