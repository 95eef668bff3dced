/// The links that acknowledge: a page at GET, the acknowledgement by its POST alone.
public struct AcknowledgementLinks: Sendable {
    let origin: String
    let key: [UInt8]

    /// - Parameter origin: of the public listener, without a trailing slash.
    public init(origin: String, key: [UInt8]) {
        self.origin = origin
        self.key = key
    }

    /// The ordinal that no attempt has.
    static let ordinal = 255

    /// `https://…/a/TOKEN`.
    public func url(of delivery: RecordID) -> String {
        origin + "/a/" + AttemptToken(delivery: delivery, attempt: Self.ordinal).text(key: key)
    }

    /// The delivery of a link's token; `nil` when it is not ours.
    public func delivery(ofToken token: some StringProtocol) -> RecordID? {
        guard let token = AttemptToken(token, key: key), token.attempt == Self.ordinal else { return nil }
        return token.delivery
    }
}
