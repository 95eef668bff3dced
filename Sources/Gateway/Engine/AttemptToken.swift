import Crypto

/// The token that travels in an attempt's callback URLs: delivery, ordinal and a code that only we can make, so that a
/// callback finds its delivery without an index and a guessed one finds nothing.
public struct AttemptToken: Sendable, Hashable {
    /// The delivery that the attempt belongs to.
    public var delivery: RecordID
    /// Index into `attempts` of the delivery's state.
    public var attempt: Int

    /// Names an attempt.
    public init(delivery: RecordID, attempt: Int) {
        self.delivery = delivery
        self.attempt = attempt
    }

    /// 25 characters: 13 of the delivery, 2 of the ordinal in hexadecimal, 10 of the HMAC-SHA256 in hexadecimal.
    public func text(key: [UInt8]) -> String {
        let name = delivery.digits + Hex.encode([UInt8(truncatingIfNeeded: attempt)])
        return name + Self.code(of: name, key)
    }

    /// Reads a token; `nil` when its code is not ours.
    public init?(_ text: some StringProtocol, key: [UInt8]) {
        let bytes = Array(text.utf8)
        guard bytes.count == 25, let delivery = RecordID(digits: bytes[0..<13]),
            let ordinal = Hex.decode(String(decoding: bytes[13..<15], as: UTF8.self))?.first
        else { return nil }
        let name = String(decoding: bytes[0..<15], as: UTF8.self)
        guard constantTimeEquals(Array(Self.code(of: name, key).utf8), Array(bytes[15...])) else { return nil }
        self.delivery = delivery
        attempt = Int(ordinal)
    }

    private static func code(of name: String, _ key: [UInt8]) -> String {
        Hex.encode(MessageCode.hmac(.sha256, key: key, Array(name.utf8)).prefix(5))
    }
}
