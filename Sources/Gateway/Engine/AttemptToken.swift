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
    public func text(key: [UInt8]) -> String { text { MessageCode.hmac(.sha256, key: key, $0) } }

    fileprivate func text(_ code: ([UInt8]) -> [UInt8]) -> String {
        let name = delivery.digits + Hex.encode([UInt8(truncatingIfNeeded: attempt)])
        return name + Self.short(code(Array(name.utf8)))
    }

    /// Reads a token; `nil` when its code is not ours.
    public init?(_ text: some StringProtocol, key: [UInt8]) {
        self.init(text) { MessageCode.hmac(.sha256, key: key, $0) }
    }

    fileprivate init?(_ text: some StringProtocol, _ code: ([UInt8]) -> [UInt8]) {
        let bytes = Array(text.utf8)
        guard bytes.count == 25, let delivery = RecordID(digits: bytes[..<13]),
            let ordinal = Hex.byte(bytes[13], bytes[14])
        else { return nil }
        let expected = Self.short(code(Array(bytes[..<15])))
        guard constantTimeEquals(Array(expected.utf8), Array(bytes[15...])) else { return nil }
        self.delivery = delivery
        attempt = Int(ordinal)
    }

    private static func short(_ code: [UInt8]) -> String { Hex.encode(code.prefix(5)) }
}

/// Makes and reads the tokens of one secret, which is hashed ahead.
final class AttemptTokens: Sendable {
    private let key: HMACKey

    init(secret: [UInt8]) { key = HMACKey(.sha256, key: secret) }

    func text(_ delivery: RecordID, _ attempt: Int) -> String {
        AttemptToken(delivery: delivery, attempt: attempt).text(key.code)
    }

    /// `nil` for a token that is not ours.
    func read(_ text: String) -> AttemptToken? { AttemptToken(text, key.code) }
}
