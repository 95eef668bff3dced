/// The number tables by their keys, read once at the first use: numbers are looked at for every message.
enum NumberIndex {
    /// A country, where there is one, and a range.
    typealias Place = (country: String?, range: NumberRange)

    /// What a prefix says.
    struct Prefix: Sendable {
        var place: Place
        /// Bit n: for numbers of n digits in all, calling code included, `exception` holds instead.
        var exceptionLengths: UInt32
        var exception: Place
    }

    /// How long a country's numbers are.
    struct Lengths: Sendable {
        var callingCode: Int
        /// Bit n: there are numbers with n digits after the calling code.
        var national: UInt32
    }

    /// By the prefix as a number: none begins with 0, so that each number is one prefix.
    static let prefixes: [UInt64: Prefix] = index(NumberTable.prefixes) { record in
        guard let key = UInt64(text(record[..<9])) else { return nil }
        return (
            key,
            Prefix(
                place: place(record[9..<12]), exceptionLengths: UInt32(text(record[12..<16]), radix: 16) ?? 0,
                exception: place(record[16...]))
        )
    }

    /// How long the prefixes are that begin with two digits, by these: bit n stands for n digits.
    static let sizes: [UInt16] = {
        var sizes = [UInt16](repeating: 0, count: 100)
        for prefix in prefixes.keys {
            let size = length(of: prefix)
            var first = prefix
            while first >= 100 { first /= 10 }
            let heads = size == 1 ? first * 10..<first * 10 + 10 : first..<first + 1
            for head in heads { sizes[Int(head)] |= 1 << UInt16(size) }
        }
        return sizes
    }()

    /// How many digits a number has that does not begin with 0.
    static func length(of digits: UInt64) -> Int {
        var count = 0
        var rest = digits
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    /// By the country's ISO 3166 code.
    static let lengths: [String: Lengths] = index(NumberTable.lengths) { record in
        guard let national = UInt32(text(record[5...]), radix: 16) else { return nil }
        return (text(record[..<2]), Lengths(callingCode: text(record[2..<5]).utf8.count, national: national))
    }

    private static func index<Key: Hashable, Value>(
        _ table: PackedTable, _ entry: ([UInt8]) -> (Key, Value)?
    ) -> [Key: Value] {
        Dictionary(table.records.compactMap(entry), uniquingKeysWith: { first, _ in first })
    }

    /// Fields are padded with blanks.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }

    private static func place(_ bytes: ArraySlice<UInt8>) -> Place {
        let country = bytes.first == UInt8(ascii: "-") ? nil : text(bytes.prefix(2))
        return (country, range(bytes.last ?? 0))
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
