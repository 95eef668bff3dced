extension E164 {
    /// The country of the number, ISO 3166 alpha-2, such as `GB`, or `GG` for Guernsey, which shares `+44`; nil for
    /// numbers that belong to no country.
    ///
    /// Toll-free and other numbers that all of North America shares are `US`.
    public var country: String? { entry?.country }

    /// What kind of number it is; of a number that nobody has, what its neighbours are.
    public var range: NumberRange { entry?.range ?? .unknown }

    /// Whether numbers of its country have this many digits; true where no country is known.
    public var hasPossibleLength: Bool {
        guard let country, let record = NumberTable.lengths.record(startingWith: Array(country.utf8)) else {
            return true
        }
        let callingCode = record[2..<5].filter { $0 != UInt8(ascii: " ") }
        guard let lengths = UInt32(String(decoding: record[5...], as: UTF8.self), radix: 16) else { return true }
        let national = text.utf8.count - 1 - callingCode.count
        return (0..<32).contains(national) && lengths & (1 << UInt32(national)) != 0
    }

    /// Both at once, which costs half as much.
    public var place: (country: String?, range: NumberRange) { entry ?? (nil, .unknown) }

    private var entry: (country: String?, range: NumberRange)? {
        let digits = Array("\(digits)".utf8)
        for length in stride(from: min(digits.count, 9), through: 1, by: -1) {
            var key = Array(digits[..<length])
            while key.count < 9 { key.append(UInt8(ascii: " ")) }
            guard let record = NumberTable.prefixes.record(startingWith: key) else { continue }
            let lengths = UInt32(String(decoding: record[12..<16], as: UTF8.self), radix: 16) ?? 0
            let value = lengths >> UInt32(digits.count) & 1 == 1 ? record[16...] : record[9...]
            let country = value.first == UInt8(ascii: "-") ? nil : String(decoding: value.prefix(2), as: UTF8.self)
            return (country, E164.range(value[value.startIndex + 2]))
        }
        return nil
    }

    private static func range(_ letter: UInt8) -> NumberRange {
        switch letter {
        case UInt8(ascii: "O"): .ordinary
        case UInt8(ascii: "P"): .premium
        case UInt8(ascii: "S"): .satellite
        case UInt8(ascii: "C"): .sharedCost
        case UInt8(ascii: "N"): .personal
        default: .unknown
        }
    }
}
