/// Appends JSON to bytes without building values, for hot paths.
///
/// Commas are set by the writer; the caller pairs `begin…` with `end…` and writes a key before each member's value.
/// ```swift
/// var json = JSONWriter()
/// json.beginObject()
/// json.member("id", "msg_1")
/// json.endObject()
/// ```
public struct JSONWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    /// An empty writer with room for so many bytes.
    public init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(max(0, capacity))
    }

    /// Continues behind bytes that are there, for example the head of a response.
    public init(appendingTo bytes: consuming [UInt8]) { self.bytes = bytes }

    /// Forgets what was written and keeps the memory.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Starts an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Ends an object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Starts an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Ends an array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the key of a member whose value comes next.
    public mutating func key(_ name: String) {
        separate()
        appendJSONString(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a key that needs no escape.
    @usableFromInline
    mutating func plainKey(_ name: StaticString) {
        name.withUTF8Buffer { appendQuoted($0, comma: needsComma, colon: true, to: &bytes) }
        needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ value: String) {
        separate()
        appendJSONString(value, to: &bytes)
        needsComma = true
    }

    /// Writes a string of UTF-8 bytes; what is not UTF-8 becomes U+FFFD.
    public mutating func string(utf8 value: some Collection<UInt8>) { string(String(decoding: value, as: UTF8.self)) }

    /// Writes an integer of up to 64 bits.
    @inlinable
    public mutating func int(_ value: some FixedWidthInteger) {
        decimal(UInt64(clamping: value.magnitude), isNegative: value < 0)
    }

    @usableFromInline
    mutating func decimal(_ magnitude: UInt64, isNegative: Bool) {
        separate()
        appendDecimal(magnitude, isNegative: isNegative, to: &bytes)
        needsComma = true
    }

    /// Writes a number; what is not finite has no JSON form and becomes `null`.
    public mutating func number(_ value: Double) {
        separate()
        appendJSONNumber(value, to: &bytes)
        needsComma = true
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { raw("null") }

    /// Writes a value that was built.
    public mutating func value(_ value: JSONValue) {
        separate()
        JSONEncoding.append(value, to: &bytes)
        needsComma = true
    }

    /// Writes bytes that are a JSON value already; nothing checks them.
    public mutating func raw(_ value: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    private mutating func raw(_ value: StaticString) {
        separate()
        value.withUTF8Buffer { bytes.append(contentsOf: $0) }
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }
}

extension JSONWriter {
    /// Writes a member with a string. Names of members written this way are program text and must need no escape.
    public mutating func member(_ name: StaticString, _ value: String) {
        appendMember(name, value, comma: needsComma, to: &bytes)
        needsComma = true
    }

    /// Writes a member with an integer of up to 64 bits.
    @inlinable
    public mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
        plainKey(name)
        int(value)
    }

    /// Writes a member with a truth value.
    public mutating func member(_ name: StaticString, _ value: Bool) {
        plainKey(name)
        bool(value)
    }

    /// Writes a member with a string, or with `null`.
    public mutating func member(_ name: StaticString, orNull value: String?) {
        plainKey(name)
        if let value { string(value) } else { null() }
    }

    /// Writes a member with a string, or nothing.
    public mutating func member(_ name: StaticString, ifPresent value: String?) {
        if let value { member(name, value) }
    }
}
