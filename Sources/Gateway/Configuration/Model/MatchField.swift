/// What a condition looks at. The words are those of docs/configuration.md.
public enum MatchField: Sendable, Hashable {
    case channel, topic, priority, messageClass, policy, tenant, text, media
    /// `labels.KEY`.
    case label(String)
    /// `to.…`
    case to(PartyField)
    /// `from.…`
    case from(PartyField)
    case contact, locale, localTime, weekday, openAlert, window
    /// The kind of channel that the recipient prefers for the topic.
    case prefers
    /// What the table of countries says of the recipient's.
    case tier, sanctioned, localNumber

    /// What is known of a sender or recipient.
    public enum PartyField: String, Sendable, Hashable, CaseIterable { case number, country, contact, boat, role }

    /// The word in the file.
    public var word: String {
        switch self {
        case .label(let key): "labels." + key
        case .to(let field): "to." + field.rawValue
        case .from(let field): "from." + field.rawValue
        default: Self.plain.first { $0.field == self }?.word ?? ""
        }
    }

    /// Reads the word; `nil` for an unknown one.
    public init?(word: String) {
        if let plain = Self.plain.first(where: { $0.word == word }) {
            self = plain.field
        } else if word.hasPrefix("labels."), word.utf8.count > 7 {
            self = .label(String(word.dropFirst(7)))
        } else if word.hasPrefix("to."), let field = PartyField(rawValue: String(word.dropFirst(3))) {
            self = .to(field)
        } else if word.hasPrefix("from."), let field = PartyField(rawValue: String(word.dropFirst(5))) {
            self = .from(field)
        } else {
            return nil
        }
    }

    /// An outbound message has a value, or could have one. A channel and its window are not chosen yet when rules run.
    var isKnownOfOutbound: Bool {
        switch self {
        case .channel, .from, .window: false
        default: true
        }
    }

    /// An inbound message or call has a value, or could have one; priority, class and policy have their own finding.
    var isKnownOfInbound: Bool {
        switch self {
        case .channel, .text, .media, .contact, .openAlert, .locale, .localTime, .weekday, .window, .priority,
            .messageClass, .policy:
            true
        case .from(let part): part != .boat && part != .role
        case .to(let part): part == .number
        case .topic, .tenant, .label, .prefers, .tier, .sanctioned, .localNumber: false
        }
    }

    /// All words but those of labels, for suggestions and the schema.
    public static var words: [String] {
        plain.map(\.word) + PartyField.allCases.map { "to." + $0.rawValue }
            + PartyField.allCases.map { "from." + $0.rawValue }
    }

    private static let plain: [(word: String, field: MatchField)] = [
        ("channel", .channel), ("topic", .topic), ("priority", .priority), ("class", .messageClass),
        ("policy", .policy), ("tenant", .tenant), ("text", .text), ("media", .media), ("contact", .contact),
        ("locale", .locale), ("local_time", .localTime), ("weekday", .weekday), ("open_alert", .openAlert),
        ("window", .window), ("prefers", .prefers), ("to.tier", .tier), ("to.sanctioned", .sanctioned),
        ("to.local_number", .localNumber),
    ]
}
