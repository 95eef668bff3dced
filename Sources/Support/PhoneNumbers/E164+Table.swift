extension E164 {
    /// The country of the number, ISO 3166 alpha-2, such as `GB`, or `GG` for Guernsey, which shares `+44`; nil for
    /// numbers that belong to no country.
    ///
    /// Toll-free and other numbers that all of North America shares are `US`.
    public var country: String? { place.country }

    /// What kind of number it is; of a number that nobody has, what its neighbours are.
    public var range: NumberRange { place.range }

    /// Whether numbers of its country have this many digits; true where no country is known.
    public var hasPossibleLength: Bool { hasPossibleLength(in: country) }

    /// The same for a country that the caller has looked up already.
    public func hasPossibleLength(in country: String?) -> Bool {
        guard let country, let lengths = NumberIndex.lengths[country] else { return true }
        let national = length - lengths.callingCode
        return (0..<32).contains(national) && lengths.national & (1 << UInt32(national)) != 0
    }

    /// Country and range at once, which costs half as much. The longest prefix that the table has decides.
    public var place: (country: String?, range: NumberRange) {
        let length = length
        var prefix = digits
        while prefix >= 1_000_000_000 { prefix /= 10 }
        // Most of the nine are no prefix of the table; which lengths there are, the first two digits tell.
        var head = prefix
        while head >= 100 { head /= 10 }
        let sizes = NumberIndex.sizes[Int(head)]
        var size = min(length, 9)
        while prefix > 0 {
            defer { size -= 1 }
            if sizes >> UInt16(size) & 1 == 1, let entry = NumberIndex.prefixes[prefix] {
                return entry.exceptionLengths >> UInt32(length) & 1 == 1 ? entry.exception : entry.place
            }
            prefix /= 10
        }
        return (nil, .unknown)
    }

    /// How many digits.
    var length: Int { NumberIndex.length(of: digits) }
}
