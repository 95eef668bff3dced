/// SipHash-2-4 (Aumasson and Bernstein 2012): a keyed hash of 64 bits for tables whose keys a client chooses. With a
/// secret key nobody can choose keys that collide. It is no message code for the wire: use HMAC there.
public struct SipHash: Sendable {
    private let key: (UInt64, UInt64)

    /// A hash under a key of 128 bits; take it from `SecureRandom` where senders are not trusted, and from a seed
    /// where runs must repeat.
    public init(key0: UInt64, key1: UInt64) { key = (key0, key1) }

    /// The hash of a byte string.
    public func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state = State(key)
        let whole = bytes.count & ~7
        for start in stride(from: 0, to: whole, by: 8) { state.absorb(Self.word(bytes, start..<start + 8)) }
        let tail = Self.word(bytes, whole..<bytes.count)
        state.absorb(tail | UInt64(truncatingIfNeeded: bytes.count) << 56)
        return state.finish()
    }

    /// The hash of a byte string.
    public func hash(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBufferPointer { hash($0) } }

    /// The hash of a string's UTF-8 bytes.
    public func hash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { hash($0) }
    }

    /// Up to eight bytes in little-endian order.
    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        var word: UInt64 = 0
        for index in range.reversed() { word = word << 8 | UInt64(bytes[index]) }
        return word
    }
}

extension SipHash {
    private struct State {
        private var v0, v1, v2, v3: UInt64

        init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736F_6D65_7073_6575
            v1 = key.1 ^ 0x646F_7261_6E64_6F6D
            v2 = key.0 ^ 0x6C79_6765_6E65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
