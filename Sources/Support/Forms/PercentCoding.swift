/// Percent-encoding by bytes (RFC 3986 section 2.1, and the form variant of WHATWG URL section 5).
public enum PercentCoding {
    /// Which bytes stay as they are.
    public enum Set: Sendable {
        /// RFC 3986 unreserved: letters, digits, `-._~`.
        case component
        /// Forms: letters, digits, `*-._`; a blank becomes `+`.
        case form
    }

    // Bit n of the first word stands for byte n, of the second for byte 64 + n.
    private static let componentLow: UInt64 = 0x03FF_6000_0000_0000
    private static let componentHigh: UInt64 = 0x47FF_FFFE_87FF_FFFE
    private static let formLow: UInt64 = 0x03FF_6400_0000_0000
    private static let formHigh: UInt64 = 0x07FF_FFFE_87FF_FFFE

    /// Encodes text for one path segment or query value.
    public static func encode(_ text: String) -> String {
        var same = text
        if same.withUTF8({ bytes in bytes.allSatisfy { isKept($0, componentLow, componentHigh) } }) { return text }
        var out: [UInt8] = []
        encode(text, as: .component, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends encoded text.
    public static func encode(_ text: String, as set: Set, into out: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            // Every byte becomes three at most; one append of all of them is cheaper than one of each.
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 3 * bytes.count) { buffer in
                let count = write(bytes, set, to: buffer)
                out.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    /// Writes encoded bytes into a buffer of three times their size; returns how many.
    private static func write(
        _ bytes: UnsafeBufferPointer<UInt8>, _ set: Set, to buffer: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        let (low, high) = set == .form ? (formLow, formHigh) : (componentLow, componentHigh)
        var count = 0
        for byte in bytes {
            if isKept(byte, low, high) {
                buffer[count] = byte
                count += 1
            } else if byte == 0x20, set == .form {
                buffer[count] = UInt8(ascii: "+")
                count += 1
            } else {
                buffer[count] = UInt8(ascii: "%")
                buffer[count + 1] = digit(byte >> 4)
                buffer[count + 2] = digit(byte & 15)
                count += 3
            }
        }
        return count
    }

    @inline(__always)
    private static func isKept(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
        byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte) & 1 == 1
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
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
