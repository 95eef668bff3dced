/// Writes a form as the bytes of a body, without a value of each field: for hot paths. `Form` reads forms, and writes those
/// whose names are not known before.
public struct FormWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// An empty form with room for so many bytes.
    public init(capacity: Int = 512) { bytes.reserveCapacity(max(0, capacity)) }

    /// Adds a field at the end. Names are program text and must need no encoding.
    public mutating func append(_ name: StaticString, _ value: String) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "="))
        PercentCoding.encode(value, as: .form, into: &bytes)
    }
}
