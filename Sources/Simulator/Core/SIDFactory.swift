/// Makes the provider's identifiers: two letters and 32 hexadecimal digits. Half of the digits tell one start of the
/// simulator from another, so that identifiers kept from an earlier run are never given out again.
struct SIDFactory {
    private let run: String
    private var count: UInt64 = 0

    /// The same pair of numbers gives the same identifiers.
    init(seed: UInt64, incarnation: UInt64) {
        run = Self.hex(Self.mix(Self.mix(seed) ^ incarnation))
    }

    /// The next identifier with this prefix, for example `SM`.
    mutating func next(_ prefix: String) -> String {
        count &+= 1
        return prefix + run + Self.hex(Self.mix(count))
    }

    /// Whether a text has the form of an identifier with this prefix.
    static func isSID(_ text: String, _ prefix: String) -> Bool {
        text.utf8.count == 34 && text.hasPrefix(prefix)
            && text.utf8.dropFirst(2).allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20)
            }
    }

    /// The finalizer of SplitMix64: a bijection, so different counts never collide.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
