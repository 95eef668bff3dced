/// What was learned of receipts over one sender to one country (docs/decisions/0044-receipts-are-learned.md).
public struct ReceiptRecord: Sendable, Hashable {
    /// The name under `channels:`.
    public var channel: String
    /// ISO 3166 alpha-2.
    public var country: String
    /// Texts that the provider reported as sent; old ones fade.
    public var sent: Int
    /// Of those, how many were reported as delivered or as failed after that.
    public var reported: Int
    /// What follows for steps that begin now, where channels.yaml says nothing.
    public var quality: ReceiptQuality

    /// A row of `receipt`.
    public init(channel: String, country: String, sent: Int, reported: Int, quality: ReceiptQuality) {
        self.channel = channel
        self.country = country
        self.sent = sent
        self.reported = reported
        self.quality = quality
    }
}
