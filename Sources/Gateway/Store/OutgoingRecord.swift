/// What another system is to be told over HTTP: kept until it was told, told us to stop, or was given up.
public struct OutgoingRecord: Sendable, Hashable {
    /// Names what is told; the same over all tries, so that a receiver recognises a repeat.
    public var id: RecordID
    /// What it tells; stable, dotted.
    public var type: String
    /// What it is about: a delivery, or what came in.
    public var delivery: RecordID
    /// Where it goes, absolute.
    public var url: String
    /// The same over all tries: JSON, or the text that a rule's template makes.
    public var body: [UInt8]
    /// What the answer is needed for; empty where it is needed for nothing.
    public var context: [UInt8] = []
    /// When it happened.
    public var created: Timestamp
    /// How many tries failed.
    public var tries: Int
    /// When it is tried next.
    public var due: Timestamp

    /// Whom it goes to: host and port of the URL, in lower case.
    var receiver: String {
        // http: and nothing between the slashes, then the authority (RFC 3986, section 3).
        let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let authority = (parts.count == 3 ? parts[2] : "").prefix { !"/?#".contains($0) }
        return (authority.split(separator: "@").last ?? "").lowercased()
    }

    /// A row of `outgoing` that is due at once.
    public init(id: RecordID, type: String, delivery: RecordID, url: String, body: [UInt8], created: Timestamp) {
        self.id = id
        self.type = type
        self.delivery = delivery
        self.url = url
        self.body = body
        self.created = created
        tries = 0
        due = created
    }
}
