import Zones

/// How the values of a log line are written.
enum LogText {
    /// A value as text, and whether JSON puts it in quotes.
    static func plain(_ value: LogValue) -> (text: String, quoted: Bool) {
        switch value {
        case .int(let number): ("\(number)", false)
        case .double(let number): (number.isFinite ? "\(number)" : "null", false)
        case .bool(let flag): (flag ? "true" : "false", false)
        case .duration(let duration): (milliseconds(duration), false)
        case .id(let id): (checked(id.logIdentifier), true)
        case .code(let code): (code.text, true)
        case .static(let text): (text.description, true)
        case .maskedNumber(let number): (number.masked, true)
        case .instant(let instant): (DateText.rfc3339(instant), true)
        case .endpoint(let a, let b, let c, let d, let port): ("\(a).\(b).\(c).\(d):\(port)", true)
        }
    }

    /// Quotes a text where logfmt needs it.
    static func appendLogfmt(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        let needsQuotes = text.isEmpty || text.contains { $0 <= 0x20 || $0 == 0x22 || $0 == 0x3D || $0 == 0x7F }
        if needsQuotes { appendJSON(text, to: &bytes) } else { bytes.append(contentsOf: text) }
    }

    /// A JSON string.
    static func appendJSON(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hexadecimal(byte >> 4))
                bytes.append(hexadecimal(byte & 15))
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// Milliseconds with up to three digits of fraction.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let clamped = min(max(seconds, -9_000_000_000_000), 9_000_000_000_000)
        let micros = clamped * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = micros.magnitude % 1000
        let whole = "\(micros < 0 ? "-" : "")\(micros.magnitude / 1000)"
        guard fraction > 0 else { return whole }
        return whole + "." + String("\(1000 + fraction)".dropFirst())
    }

    private static func checked(_ identifier: String) -> String {
        let fits = identifier.utf8.allSatisfy {
            isLetter($0) || (48...58).contains($0) || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E
        }
        return fits && !identifier.isEmpty && identifier.utf8.count <= 128 ? identifier : "invalid"
    }

    private static func hexadecimal(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 48 + nibble : 87 + nibble
    }
}
