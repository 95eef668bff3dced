extension JSONParser {
    /// Parses an object whose member `name`, an array, is handed over element by element and not kept.
    /// - Returns: The object with an empty array at that place; `nil` when `visit` wanted no more.
    mutating func object(
        streaming name: String, _ visit: (JSONValue, UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(Fault) -> JSONObject? {
        skipSpace()
        guard take(UInt8(ascii: "{")) else { throw unexpected() }
        var members: [JSONObject.Member] = []
        var keys = KeySet()
        skipSpace()
        var isEnd = take(UInt8(ascii: "}"))
        while !isEnd {
            let key = try key(&keys, among: members)
            if sameBytes(key, name), position < bytes.count, bytes[position] == UInt8(ascii: "[") {
                guard try elements(visit) else { return nil }
                members.append(JSONObject.Member(key: key, value: .array([])))
            } else {
                members.append(JSONObject.Member(key: key, value: try value(depth: 1)))
            }
            skipSpace()
            isEnd = take(UInt8(ascii: "}"))
            guard isEnd || take(UInt8(ascii: ",")) else { throw unexpected(.commaExpected) }
            if !isEnd { skipSpace() }
        }
        skipSpace()
        guard position == bytes.count else { throw fault(.trailingData) }
        return JSONObject(distinct: members)
    }

    private mutating func key(_ keys: inout KeySet, among members: [JSONObject.Member]) throws(Fault) -> String {
        let start = position
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw unexpected(.keyExpected) }
        let key = try string()
        guard keys.insert(key, among: members) else { throw Fault(cause: .duplicateKey, offset: start) }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw unexpected(.colonExpected) }
        skipSpace()
        return key
    }

    /// Whether all elements of the array were visited.
    private mutating func elements(
        _ visit: (JSONValue, UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(Fault) -> Bool {
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return true }
        while true {
            let start = position
            let value = try value(depth: 2)
            guard visit(value, UnsafeBufferPointer(rebasing: bytes[start..<position])) else { return false }
            skipSpace()
            if take(UInt8(ascii: "]")) { return true }
            guard take(UInt8(ascii: ",")) else { throw unexpected(.commaExpected) }
            skipSpace()
        }
    }
}

extension JSONObject {
    /// Parses an object of which one member may be an array too long to hold as values: its elements are handed to
    /// `visit` one after the other, each with its bytes, and are not kept.
    ///
    /// - Parameters:
    ///   - bytes: The whole text, by the rules of `JSONValue(parsing:)`.
    ///   - name: The member; where it is no array, it is a member like others.
    ///   - maxDepth: How deep arrays and objects may nest; at most 256.
    ///   - visit: Returns whether it wants more. Elements before a fault were visited.
    /// - Returns: The object with an empty array at that place; `nil` when `visit` wanted no more.
    /// - Throws: The first fault with its place.
    public static func parse(
        _ bytes: [UInt8], streaming name: String, maxDepth: Int = JSONValue.defaultDepth,
        _ visit: (JSONValue, UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(JSONError) -> JSONObject? {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSONObject? in
            var parser = JSONParser(buffer, maxDepth: min(maxDepth, 256))
            do throws(JSONParser.Fault) {
                return try parser.object(streaming: name, visit)
            } catch {
                throw JSONError(error.cause, at: error.offset, in: buffer)
            }
        }
    }
}
