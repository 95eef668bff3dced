/// One statement about consent as it was recorded: kept for good, also when it changed nothing.
public struct ConsentStatement: Sendable, Hashable {
    /// How a statement came here.
    public enum Source: Sendable, Hashable {
        /// A caller of the API recorded it: the id of the key.
        case api(key: String)
        /// The person wrote it: the provider's id of the message.
        case message(providerID: String)
        /// A provider refused a delivery for it.
        case provider(delivery: RecordID)
        /// It was recorded before statements were kept; nobody knows how it came.
        case earlier
    }

    /// Names the statement; rises with the time at which it was recorded.
    public var id: RecordID
    /// When it was recorded.
    public var at: Timestamp
    /// What was said, and since when it holds.
    public var consent: ConsentRecord
    /// How it came.
    public var source: Source
    /// A later statement was known already: it changed nothing.
    public var isIgnored: Bool

    /// A row of the history.
    public init(id: RecordID, at: Timestamp, _ consent: ConsentRecord, from source: Source, isIgnored: Bool) {
        self.id = id
        self.at = at
        self.consent = consent
        self.source = source
        self.isIgnored = isIgnored
    }
}

extension ConsentStatement.Source {
    /// Stable, as it is stored and shown: `api`, `message`, `provider`, `earlier`.
    public var word: String {
        switch self {
        case .api: "api"
        case .message: "message"
        case .provider: "provider"
        case .earlier: "earlier"
        }
    }

    /// What it came with: the key's id, the provider's id, the delivery's digits; empty for `earlier`.
    public var reference: String {
        switch self {
        case .api(let key): key
        case .message(let providerID): providerID
        case .provider(let delivery): delivery.digits
        case .earlier: ""
        }
    }

    /// The source of a stored word and reference; `nil` for others.
    public init?(word: String, reference: String) {
        switch word {
        case "api": self = .api(key: reference)
        case "message": self = .message(providerID: reference)
        case "provider":
            guard let id = RecordID(digits: reference.utf8) else { return nil }
            self = .provider(delivery: id)
        case "earlier": self = .earlier
        default: return nil
        }
    }
}
