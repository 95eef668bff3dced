/// Finds the numbers of payment cards in a text.
public enum CardNumbers {
    /// Whether a text holds the number of a card: 13 to 19 digits, between which single blanks, dashes or dots may stand, that
    /// begin like the numbers of an issuer, have a length of that issuer, and pass the check of ISO/IEC 7812-1 (Luhn).
    ///
    /// A number within a longer run of digits that nothing divides is not found.
    public static func found(in text: String) -> Bool {
        var groups: [[UInt8]] = []
        var lastWasDigit = false
        for byte in text.utf8 {
            if (0x30...0x39).contains(byte) {
                if !lastWasDigit { groups.append([]) }
                groups[groups.count - 1].append(byte - 0x30)
                lastWasDigit = true
            } else if lastWasDigit, byte == 0x20 || byte == 0x2D || byte == 0x2E {
                lastWasDigit = false
            } else if !groups.isEmpty {
                // Anything else, or a second separator, divides numbers.
                if holdsNumber(groups) { return true }
                groups = []
                lastWasDigit = false
            }
        }
        return holdsNumber(groups)
    }

    /// Whether some of the groups that follow each other are a number together.
    private static func holdsNumber(_ groups: [[UInt8]]) -> Bool {
        for first in groups.indices {
            var digits: [UInt8] = []
            for group in groups[first...] {
                guard digits.count + group.count <= 19 else { break }
                digits += group
                if isNumber(digits) { return true }
            }
        }
        return false
    }

    private static func isNumber(_ digits: [UInt8]) -> Bool {
        guard (13...19).contains(digits.count), hasIssuer(digits) else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = Int(digit) * (index % 2 == 1 ? 2 : 1)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    private static func hasIssuer(_ digits: [UInt8]) -> Bool {
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch prefix {
        case 4000...4999: return [13, 16, 18, 19].contains(digits.count)  // Visa
        case 5100...5599, 2221...2720: return digits.count == 16  // Mastercard
        case 3400...3499, 3700...3799: return digits.count == 15  // American Express
        case 3000...3059, 3095, 3600...3699, 3800...3999: return (14...19).contains(digits.count)  // Diners Club
        case 6011, 6440...6599: return (16...19).contains(digits.count)  // Discover
        case 3528...3589: return (16...19).contains(digits.count)  // JCB
        case 6200...6299, 8100...8199: return (16...19).contains(digits.count)  // UnionPay
        case 5000...5099, 5600...5899, 6000...6999: return (13...19).contains(digits.count)  // Maestro, RuPay
        case 2200...2204, 9792: return (16...19).contains(digits.count)  // Mir, Troy
        default: return false
        }
    }
}
