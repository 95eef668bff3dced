/// Percent-encoding by bytes (RFC 3986 section 2.1, and the form variant of WHATWG URL section 5).
public enum PercentCoding {
    /// Which bytes stay as they are.
    public enum Set: Sendable {
        /// RFC 3986 unreserved: letters, digits, `-._~`.
        case component
        /// Forms: letters, digits, `*-._`; a blank becomes `+`.
        case form
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes text for one path segment or query value.
    public static func encode(_ text: String) -> String {
        var out: [UInt8] = []
        encode(text, as: .component, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends encoded text.
    public static func encode(_ text: String, as set: Set, into out: inout [UInt8]) {
        for byte in text.utf8 {
            if isPlain(byte, set) {
                out.append(byte)
            } else if byte == 0x20, set == .form {
                out.append(UInt8(ascii: "+"))
            } else {
                out.append(UInt8(ascii: "%"))
                out.append(digits[Int(byte >> 4)])
                out.append(digits[Int(byte & 15)])
            }
        }
    }

    private static func isPlain(_ byte: UInt8, _ set: Set) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        case 0x7E: set == .component
        case 0x2A: set == .form
        default: false
        }
    }

    /// Decodes bytes; a `%` without two hexadecimal digits stays as it stands.
    public static func decode(_ bytes: some Collection<UInt8>, plusIsBlank: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        append(bytes, plusIsBlank: plusIsBlank, to: &out)
        return out
    }

    /// Decodes text; bytes that are no UTF-8 become U+FFFD.
    public static func decode(_ text: some StringProtocol) -> String {
        String(decoding: decode(Array(text.utf8)), as: UTF8.self)
    }

    private static func append(_ bytes: some Collection<UInt8>, plusIsBlank: Bool, to out: inout [UInt8]) {
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            if byte == UInt8(ascii: "+"), plusIsBlank {
                out.append(0x20)
            } else if byte == UInt8(ascii: "%"), let value = pair(bytes, &index) {
                out.append(value)
            } else {
                out.append(byte)
            }
        }
    }

    /// Two hexadecimal digits at `index`, which then stands behind them.
    private static func pair<Bytes: Collection<UInt8>>(_ bytes: Bytes, _ index: inout Bytes.Index) -> UInt8? {
        guard index != bytes.endIndex, let high = nibble(bytes[index]) else { return nil }
        let second = bytes.index(after: index)
        guard second != bytes.endIndex, let low = nibble(bytes[second]) else { return nil }
        index = bytes.index(after: second)
        return high << 4 | low
    }

    static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
