/// What a provider said of an attempt beside what evidence is made of: words of a failure, and what it did not say before.
public struct ReportDetail: Sendable, Hashable {
    /// Whose attempt it is.
    public var delivery: RecordID
    /// The attempt's ordinal.
    public var attempt: Int
    /// The provider's word for the status, as the gateway knows it; with it the same report once more is the same row.
    public var status: String
    /// When it was said first.
    public var at: Timestamp
    /// A JSON object.
    public var body: [UInt8]

    /// A row of `report_detail`.
    public init(delivery: RecordID, attempt: Int, status: String, at: Timestamp, body: [UInt8]) {
        self.delivery = delivery
        self.attempt = attempt
        self.status = status
        self.at = at
        self.body = body
    }
}
