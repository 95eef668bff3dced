import COpenSSL

/// Base 64 (RFC 4648 sections 4 and 5).
public enum Base64 {
    /// The standard alphabet with padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "" }
        var out = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let length = EVP_EncodeBlock(&out, bytes, Int32(clamping: bytes.count))
        return String(decoding: out[0..<Int(length)], as: UTF8.self)
    }

    /// The URL alphabet without padding.
    public static func encodeURL(_ bytes: [UInt8]) -> String {
        String(
            decoding: encode(bytes).utf8.compactMap { byte -> UInt8? in
                switch byte {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                case UInt8(ascii: "="): nil
                default: byte
                }
            }, as: UTF8.self)
    }

    /// Strict: padding is required, nothing else is accepted; `nil` otherwise.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count % 4 == 0 else { return nil }
            let padding = bytes.suffix(2).count { $0 == UInt8(ascii: "=") }
            return decode(bytes.dropLast(padding), standard: true, padding: padding)
        }
    }

    /// Strict: padding is required, nothing else is accepted; `nil` otherwise.
    public static func decode(_ text: Substring) -> [UInt8]? { decode(String(text)) }

    /// Strict: the URL alphabet without padding; `nil` otherwise.
    public static func decodeURL(_ text: some StringProtocol) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count % 4 != 1 else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            decode(bytes[...], standard: false, padding: (4 - bytes.count % 4) % 4)
        }
    }

    private static func decode(
        _ digits: Slice<UnsafeBufferPointer<UInt8>>, standard: Bool, padding: Int
    ) -> [UInt8]? {
        guard padding <= 2, (digits.count + padding) % 4 == 0 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(digits.count * 3 / 4)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for digit in digits {
            guard let value = value(digit, standard) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        // Left-over bits must be zero, or two texts would mean the same.
        guard bits & ((1 << count) - 1) == 0 else { return nil }
        return out
    }

    private static func value(_ digit: UInt8, _ standard: Bool) -> UInt32? {
        switch digit {
        case 0x41...0x5A: UInt32(digit - 0x41)
        case 0x61...0x7A: UInt32(digit - 0x61) + 26
        case 0x30...0x39: UInt32(digit - 0x30) + 52
        case UInt8(ascii: "+") where standard, UInt8(ascii: "-") where !standard: 62
        case UInt8(ascii: "/") where standard, UInt8(ascii: "_") where !standard: 63
        default: nil
        }
    }
}

/// Hexadecimal, two digits a byte.
public enum Hex {
    /// Lower case.
    @inlinable
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        // Here, because a generic function of another module is not specialized: eleven times the instructions.
        bytes.withContiguousStorageIfAvailable { encode(contiguous: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { encode(contiguous: $0) }
    }

    @usableFromInline
    static func encode(contiguous bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { out in
            for index in bytes.indices {
                out[2 * index] = digit(bytes[index] >> 4)
                out[2 * index + 1] = digit(bytes[index] & 15)
            }
            return 2 * bytes.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    /// The byte of two digits, in either case; `nil` for another character.
    public static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = nibble(high), let low = nibble(low) else { return nil }
        return high << 4 | low
    }

    /// Either case; `nil` for an odd length or another character.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count % 2 == 0 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count, by: 2) {
            guard let byte = byte(bytes[index], bytes[index + 1]) else { return nil }
            out.append(byte)
        }
        return out
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
