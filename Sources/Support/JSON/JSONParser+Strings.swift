extension JSONParser {
    /// Reads a string; plain runs are copied at once, escapes decoded (RFC 8259 section 7).
    mutating func string() throws(JSONError) -> String {
        let opening = position
        position += 1
        var start = position
        var decoded: [UInt8] = []
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let end = position
                position += 1
                if decoded.isEmpty { return try text(Array(bytes[start..<end]), opening) }
                decoded.append(contentsOf: bytes[start..<end])
                return try text(decoded, opening)
            case UInt8(ascii: "\\"):
                decoded.append(contentsOf: bytes[start..<position])
                try escape(&decoded)
                start = position
            case 0..<0x20:
                throw error("control_character", "a control character must be escaped in a string")
            default:
                position += 1
            }
        }
        throw error("unexpected_end", "a string is not closed", at: opening)
    }

    private func text(_ bytes: [UInt8], _ opening: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw error("bad_utf8", "a string is not valid UTF-8", at: opening)
        }
        return text
    }

    private mutating func escape(_ out: inout [UInt8]) throws(JSONError) {
        guard position + 1 < bytes.count else { throw error("unexpected_end", "the JSON ends within an escape") }
        let kind = bytes[position + 1]
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(kind)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            try unicode(&out)
            return
        default: throw error("bad_escape", "this escape does not exist in JSON")
        }
        position += 2
    }

    private mutating func unicode(_ out: inout [UInt8]) throws(JSONError) {
        let start = position
        var scalar = try unit()
        if (0xD800..<0xDC00).contains(scalar) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw error("lone_surrogate", "half of a surrogate pair stands alone", at: start) }
            let low = try unit()
            guard (0xDC00..<0xE000).contains(low) else {
                throw error("lone_surrogate", "half of a surrogate pair stands alone", at: start)
            }
            scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let valid = Unicode.Scalar(scalar) else {
            throw error("lone_surrogate", "half of a surrogate pair stands alone", at: start)
        }
        out.append(contentsOf: UTF8.encode(valid).map(Array.init) ?? [])
    }

    /// Reads `\uXXXX`.
    private mutating func unit() throws(JSONError) -> UInt32 {
        guard position + 6 <= bytes.count else { throw error("unexpected_end", "the JSON ends within an escape") }
        var value: UInt32 = 0
        for index in position + 2..<position + 6 {
            let digit: UInt8
            switch bytes[index] {
            case 0x30...0x39: digit = bytes[index] - 0x30
            case 0x41...0x46: digit = bytes[index] - 0x37
            case 0x61...0x66: digit = bytes[index] - 0x57
            default: throw error("bad_escape", "four hexadecimal digits were expected", at: index)
            }
            value = value << 4 | UInt32(digit)
        }
        position += 6
        return value
    }
}
