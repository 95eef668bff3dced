/// An international telephone number (ITU-T E.164): a plus sign and 7 to 15 digits, the first of them not 0.
///
/// That a number is well formed does not mean that anybody has it, nor that its country has numbers of its length;
/// see `country`, `range` and `hasPossibleLength`.
public struct E164: Sendable, Hashable, Comparable {
    /// The digits without the plus sign, as a number: it never begins with 0, so nothing is lost.
    public let digits: UInt64

    /// Reads a number. Blanks, dots, dashes and parentheses are skipped, everything else is an error.
    public init(parsing text: String) throws(PhoneNumberError) {
        var text = text
        switch text.withUTF8(E164.digits) {
        case .success(let value): digits = value
        case .failure(let code): throw PhoneNumberError(code: code)
        }
    }

    private enum Reading {
        case success(UInt64)
        case failure(PhoneNumberError.Code)
    }

    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>) -> Reading {
        guard let start = bytes.firstIndex(where: { !isBlank($0) }) else { return .failure(.empty) }
        guard bytes[start] == UInt8(ascii: "+") else { return .failure(.noPlus) }
        var value: UInt64 = 0
        var count = 0
        for byte in bytes[(start + 1)...] {
            guard (48...57).contains(byte) else {
                guard isSeparator(byte) else { return .failure(.unexpectedCharacter) }
                continue
            }
            if count == 0, byte == 48 { return .failure(.leadingZero) }
            count += 1
            guard count <= 15 else { return .failure(.tooLong) }
            value = value * 10 + UInt64(byte - 48)
        }
        guard count >= 7 else { return .failure(count == 0 ? .empty : .tooShort) }
        return .success(value)
    }

    /// A number from its digits without the plus sign; nil unless there are 7 to 15 of them.
    public init?(digits: UInt64) {
        guard (1_000_000...999_999_999_999_999).contains(digits) else { return nil }
        self.digits = digits
    }

    /// The plus sign and the digits.
    public var text: String {
        String(unsafeUninitializedCapacity: 16) { out in
            let count = length + 1
            out[0] = UInt8(ascii: "+")
            var rest = digits
            for index in (1..<count).reversed() {
                out[index] = 48 + UInt8(rest % 10)
                rest /= 10
            }
            return count
        }
    }

    /// The number with its middle hidden, for logs: `+4179…67`. A short number shows less of itself.
    public var masked: String {
        let text = text
        let shown = min(5, text.utf8.count - 6)
        return "\(text.prefix(shown))…\(text.suffix(2))"
    }

    /// Ordered by the number, not by the text.
    public static func < (left: E164, right: E164) -> Bool { left.digits < right.digits }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"): true
        default: false
        }
    }
}

extension E164: CustomStringConvertible {
    /// The masked number, so that a number does not reach a log or an error by interpolation.
    public var description: String { masked }
}
