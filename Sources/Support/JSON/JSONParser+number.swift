extension JSONParser {
    /// Parses a number (RFC 8259 section 6); the next byte is a minus sign or a digit.
    mutating func number() throws(Fault) -> JSONValue {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        var digits = Digits()
        if take(UInt8(ascii: "0")) {
            if position < bytes.count, isDigit(bytes[position]) { throw fault(.badNumber) }
        } else {
            try takeDigits(into: &digits)
        }
        var isWhole = true
        var scale = 0
        if take(UInt8(ascii: ".")) {
            isWhole = false
            let first = position
            try takeDigits(into: &digits)
            scale = first - position
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            scale += try exponent()
        }
        if isWhole, let value = digits.integer(isNegative: isNegative) { return .integer(value) }
        return .number(try double(digits, scale: scale, isNegative: isNegative, from: start))
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func takeDigits(into digits: inout Digits) throws(Fault) {
        guard position < bytes.count else { throw unexpected() }
        guard isDigit(bytes[position]) else { throw fault(.badNumber) }
        while position < bytes.count, isDigit(bytes[position]) {
            digits.append(bytes[position] - UInt8(ascii: "0"))
            position += 1
        }
    }

    /// The exponent after its `e`, cut to a range in which sums cannot overflow and no result changes: the scale of a
    /// fraction is bounded by the size of the text.
    private mutating func exponent() throws(Fault) -> Int {
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        var digits = Digits()
        try takeDigits(into: &digits)
        let size = digits.isExact ? Int(min(digits.value, 1 << 50)) : 1 << 50
        return isNegative ? -size : size
    }

    private func double(
        _ digits: Digits, scale: Int, isNegative: Bool, from start: Int
    ) throws(Fault) -> Double {
        // Up to 2^53 and 10^22 both sides are exact and one operation rounds once (Clinger 1990).
        if digits.isExact, digits.value <= 1 << 53, abs(scale) <= 22 {
            let size = Double(digits.value)
            let power = powersOfTen[abs(scale)]
            let value = scale < 0 ? size / power : size * power
            return isNegative ? -value : value
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw Fault(cause: .badNumber, offset: start) }
        return value
    }
}

/// A run of digits as far as it fits 64 bits.
private struct Digits {
    var value: UInt64 = 0
    var isExact = true

    mutating func append(_ digit: UInt8) {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
        if overflow || carry { isExact = false }
        value = sum
    }

    /// The signed integer, or nil if it does not fit or is a negative zero.
    func integer(isNegative: Bool) -> Int64? {
        guard isExact else { return nil }
        guard isNegative else { return Int64(exactly: value) }
        guard value > 0, value <= 1 << 63 else { return nil }
        return Int64(truncatingIfNeeded: 0 &- value)
    }
}

private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
