/// An amount in millionths of a currency unit; prices of messages have up to five decimals.
public struct Money: Hashable, Sendable {
    /// Millionths of the unit.
    public var micros: Int64
    /// ISO 4217, three capital letters.
    public var currency: String

    /// An amount of `micros` millionths.
    public init(micros: Int64, currency: String) {
        self.micros = micros
        self.currency = currency
    }

    /// Reads `0.60 USD`; `nil` unless it is a decimal of at most six places, a blank and three capital letters.
    public init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[1].utf8.count == 3, parts[1].utf8.allSatisfy({ (65...90).contains($0) }),
            let micros = Self.micros(parts[0])
        else { return nil }
        self.init(micros: micros, currency: String(parts[1]))
    }

    /// Reads a decimal such as `0.0075` into millionths; `nil` when it is none, or has more than six places.
    public static func micros(_ text: some StringProtocol) -> Int64? {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = halves.first, !whole.isEmpty, whole.utf8.count <= 12,
            whole.utf8.allSatisfy({ (48...57).contains($0) }), let units = Int64(whole)
        else { return nil }
        guard halves.count == 2 else { return units * 1_000_000 }
        let places = halves[1].utf8
        guard (1...6).contains(places.count), places.allSatisfy({ (48...57).contains($0) }),
            let fraction = Int64(String(halves[1]) + String(repeating: "0", count: 6 - places.count))
        else { return nil }
        return units * 1_000_000 + fraction
    }

    /// The decimal without the currency, at least two places: `0.60`, `0.0075`.
    public var decimal: String {
        var (units, rest) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var places = 6
        while places > 2, rest % 10 == 0 {
            rest /= 10
            places -= 1
        }
        // From the end: a sign, thirteen digits, a point and six places at most.
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { out in
            var start = out.endIndex
            func put(_ byte: UInt8) {
                start -= 1
                out[start] = byte
            }
            for _ in 0..<places {
                put(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            }
            put(UInt8(ascii: "."))
            repeat {
                put(UInt8(ascii: "0") + UInt8(units % 10))
                units /= 10
            } while units > 0
            if micros < 0 { put(UInt8(ascii: "-")) }
            return String(decoding: UnsafeBufferPointer(rebasing: out[start...]), as: UTF8.self)
        }
    }

    /// `0.60 USD`.
    public var text: String { decimal + " " + currency }
}
