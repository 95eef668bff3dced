/// The short code of an alert, such as `7F3` in 'ACK 7F3': three hexadecimal digits of the delivery's identifier.
public struct AcknowledgementCode: Sendable, Hashable {
    /// 0...0xFFF.
    public let value: UInt16

    /// The code of a delivery.
    public init(of delivery: RecordID) {
        // FNV-1a over the identifier's bytes, folded to 12 bits: neighbours in time get different codes.
        var hash: UInt32 = 2_166_136_261
        for shift in stride(from: 0, to: 64, by: 8) {
            hash = (hash ^ UInt32(truncatingIfNeeded: (delivery.rawValue >> Int64(shift)) & 0xFF)) &* 16_777_619
        }
        value = UInt16(truncatingIfNeeded: (hash >> 12) ^ hash) & 0xFFF
    }

    /// The code in a text of the form 'ACK 7F3', in either case; `nil` when there is none.
    public init?(in text: String) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" })
        guard words.count == 2, words[0].lowercased() == "ack", words[1].utf8.count == 3,
            let value = UInt16(words[1], radix: 16)
        else { return nil }
        self.value = value
    }

    /// Three digits in capitals.
    public var text: String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}
