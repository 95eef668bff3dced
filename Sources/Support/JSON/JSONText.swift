/// The bytes between the quotes of a JSON string.
enum JSONText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let blanks: UInt64 = 0x2020_2020_2020_2020
    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let backslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C

    /// Where the first quote, backslash or control character stands from `start` on, or the end; and whether all bytes
    /// before it are ASCII.
    static func plain(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, isASCII: Bool) {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        var all: UInt64 = 0
        // Eight bytes at a time. A subtraction sets the high bit of a byte that is less; what had it before does not
        // count, and a borrow comes only from a byte that is less itself: the first one that is found is exact.
        while index + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let less = (word &- blanks) | ((word ^ quotes) &- ones) | ((word ^ backslashes) &- ones)
            let found = less & ~word & highBits
            if found != 0 {
                let place = found.trailingZeroBitCount >> 3
                all |= word & ((1 << UInt64(truncatingIfNeeded: 8 * place)) &- 1)
                return (index + place, all & highBits == 0)
            }
            all |= word
            index += 8
        }
        var last: UInt8 = 0
        while index < raw.count, !isSpecial(raw[index]) {
            last |= raw[index]
            index += 1
        }
        return (index, all & highBits == 0 && last < 0x80)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
