extension JSONValue {
    /// The value as UTF-8, without spaces or, if pretty, indented by two spaces and without a line end at the end.
    /// A number that is not finite becomes `null`.
    public func bytes(pretty: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        if pretty {
            JSONEncoding.appendPretty(self, to: &bytes)
        } else {
            JSONEncoding.append(self, to: &bytes)
        }
        return bytes
    }

    /// The value as text without spaces.
    public var text: String { String(decoding: bytes(), as: UTF8.self) }

    /// Bytes that are the same for the same content, to hash and compare.
    public var canonicalBytes: [UInt8] { canonical.bytes() }

    /// The same value in a form of its own: keys sorted by their UTF-8 bytes, whole numbers below 2^53 as integers.
    /// (It is not RFC 8785, which sorts by UTF-16 and formats as ECMAScript.)
    public var canonical: JSONValue {
        switch self {
        case .number(let value) where value.magnitude < 0x1p53:
            return Int64(exactly: value).map(JSONValue.integer) ?? self
        case .array(let elements): return .array(elements.map(\.canonical))
        case .object(let object):
            let sorted = object.entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return .object(
                JSONObject(distinct: sorted.map { JSONObject.Member(key: $0.key, value: $0.value.canonical) }))
        default: return self
        }
    }
}
