/// Character classes of RFC 9110 §5.6 and RFC 3986 on single bytes.
enum HTTPByte {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let colon = UInt8(ascii: ":")

    // Bit n of the first word stands for byte n, of the second for byte 64 + n: ! # $ % & ' * + - . digits; letters ^ _ ` | ~
    private static let tokenLow: UInt64 = 0x03FF_6CFA_0000_0000
    private static let tokenHigh: UInt64 = 0x57FF_FFFF_C7FF_FFFE

    /// `tchar`.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        if byte >= 128 { return false }
        let word = byte < 64 ? tokenLow : tokenHigh
        return (word >> UInt64(byte & 63)) & 1 == 1
    }

    /// `field-vchar`, space and tab: everything a field value may hold (RFC 9110 §5.5).
    @inline(__always)
    static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == tab
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Whether all bytes are such.
    static func areFieldValue(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        // Eight at a time: a subtraction sets the high bit of a byte that is less than a blank, and of one that is DEL
        // once its bits are turned; what had it before does not count. Tabs are looked at one by one.
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let less = (word &- 0x20 &* ones) | ((word ^ 0x7F &* ones) &- ones)
            if less & ~word & highBits != 0 { break }
            index += 8
        }
        while index < raw.count {
            guard isFieldValue(raw[index]) else { return false }
            index += 1
        }
        return true
    }

    /// Whether the bytes are those of `text`.
    static func equal(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in expected.indices where bytes[index] != expected[index] { return false }
            return true
        }
    }

    /// Space or tab (`OWS`).
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// Visible ASCII other than `#`: a request target has no fragment and no blank.
    @inline(__always)
    static func isTargetByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#") }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The value of a hexadecimal digit, nil for anything else.
    static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// Whether the bytes equal `text`, which is given in lower case, without regard to ASCII case.
    static func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in expected.indices where lowercased(bytes[index]) != expected[index] { return false }
            return true
        }
    }

    /// The same for the bytes of a text.
    static func matches(_ string: String, _ text: StaticString) -> Bool {
        guard string.utf8.count == text.utf8CodeUnitCount else { return false }
        var string = string
        return string.withUTF8 { matches($0, text) }
    }

    /// The same for any bytes.
    static func matches(_ bytes: some Collection<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in bytes.elementsEqual(expected) { lowercased($0) == $1 } }
    }

    /// The bytes without blanks (`OWS`) at their ends.
    static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var rest = bytes
        while let byte = rest.first, isBlank(byte) { rest = rest.dropFirst() }
        while let byte = rest.last, isBlank(byte) { rest = rest.dropLast() }
        return rest
    }
}
