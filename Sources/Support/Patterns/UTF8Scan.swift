/// Reads scalars from UTF-8; a byte that is no part of a scalar reads as U+FFFD.
struct UTF8Scan {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> UInt32? {
        guard position < bytes.count else { return nil }
        let first = UInt32(bytes[position])
        position += 1
        if first < 0x80 { return first }
        let (count, least): (Int, UInt32) =
            switch first {
            case 0xC2...0xDF: (1, 0x80)
            case 0xE0...0xEF: (2, 0x800)
            case 0xF0...0xF4: (3, 0x10000)
            default: (0, 0)
            }
        guard count > 0, position + count <= bytes.count else { return 0xFFFD }
        var value = first & (0x3F >> UInt32(count))
        for offset in 0..<count {
            let byte = bytes[position + offset]
            guard byte & 0xC0 == 0x80 else { return 0xFFFD }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value >= least, value <= ScalarSet.largest, !(0xD800...0xDFFF).contains(value) else { return 0xFFFD }
        position += count
        return value
    }
}
