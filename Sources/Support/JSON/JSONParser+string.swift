extension JSONParser {
    /// Parses a string (RFC 8259 section 7); the next byte is its opening quote.
    mutating func string() throws(Fault) -> String {
        position += 1
        let start = position
        let (end, isASCII) = JSONText.plain(in: bytes, from: start)
        position = end
        guard position < bytes.count else { throw unexpected() }
        guard bytes[position] == UInt8(ascii: "\"") else { return try escapedString(from: start) }
        position += 1
        let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
        // Only what has a byte above 0x7F needs the check, which the library does not specialize.
        if isASCII { return String(decoding: part, as: UTF8.self) }
        guard let text = String(validating: part, as: UTF8.self) else {
            throw Fault(cause: .badUTF8, offset: start + firstInvalid(in: part))
        }
        return text
    }

    /// The rest of a string with escapes, of which the part from `start` is plain.
    private mutating func escapedString(from start: Int) throws(Fault) -> String {
        scratch.removeAll(keepingCapacity: true)
        var plain = start
        while position < bytes.count {
            scratch.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[plain..<position]))
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return try unescaped(from: start)
            case UInt8(ascii: "\\"): try escape()
            default: throw fault(.controlCharacter)
            }
            plain = position
            position = JSONText.plain(in: bytes, from: plain).end
        }
        throw unexpected()
    }

    private func unescaped(from start: Int) throws(Fault) -> String {
        if let text = String(validating: scratch, as: UTF8.self) { return text }
        // Escapes are valid, so the fault is in the bytes of the text.
        let part = UnsafeBufferPointer(rebasing: bytes[start..<position])
        throw Fault(cause: .badUTF8, offset: start + firstInvalid(in: part))
    }

    private mutating func escape() throws(Fault) {
        guard position + 1 < bytes.count else {
            position = bytes.count
            throw unexpected()
        }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""): scratch.append(0x22)
        case UInt8(ascii: "\\"): scratch.append(0x5C)
        case UInt8(ascii: "/"): scratch.append(0x2F)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault(.badEscape)
        }
        position += 2
    }

    /// `\uXXXX`, or two of them for a scalar beyond the basic plane.
    private mutating func unicodeEscape() throws(Fault) {
        let start = position
        var code = try codeUnit()
        switch code {
        case 0xD800...0xDBFF:
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw Fault(cause: .loneSurrogate, offset: start) }
            let low = try codeUnit()
            guard (0xDC00...0xDFFF).contains(low) else { throw Fault(cause: .loneSurrogate, offset: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        case 0xDC00...0xDFFF: throw Fault(cause: .loneSurrogate, offset: start)
        default: break
        }
        appendUTF8(code)
    }

    /// The four digits of an escape at `position`, stepping over it.
    private mutating func codeUnit() throws(Fault) -> UInt32 {
        var code: UInt32 = 0
        for index in (position + 2)..<(position + 6) {
            guard index < bytes.count else {
                position = bytes.count
                throw unexpected()
            }
            guard let digit = hexDigit(bytes[index]) else { throw fault(.badEscape) }
            code = code << 4 | digit
        }
        position += 6
        return code
    }

    private func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private mutating func appendUTF8(_ code: UInt32) {
        if code < 0x80 { return scratch.append(UInt8(truncatingIfNeeded: code)) }
        var lead: UInt32 = 0xC0
        var shift: UInt32 = 6
        if code >= 0x800 { (lead, shift) = (0xE0, 12) }
        if code >= 0x10000 { (lead, shift) = (0xF0, 18) }
        scratch.append(UInt8(truncatingIfNeeded: lead | code >> shift))
        while shift > 0 {
            shift -= 6
            scratch.append(UInt8(truncatingIfNeeded: 0x80 | code >> shift & 0x3F))
        }
    }

    /// Where the first byte stands that is not UTF-8.
    private func firstInvalid(in part: UnsafeBufferPointer<UInt8>) -> Int {
        var decoder = UTF8.ForwardParser()
        var iterator = part.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return offset
            }
        }
    }
}
