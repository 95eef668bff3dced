/// What is known of a sender: its rate.
struct SenderScript: Sendable, Equatable {
    /// The kinds of senders, with different rates.
    enum Kind: String, Sendable, CaseIterable {
        case longCode = "long_code"
        case tollFree = "toll_free"
        case shortCode = "short_code"
        case alphanumeric
        case whatsapp

        /// Segments (WhatsApp: messages) a second.
        var rate: Double {
            switch self {
            case .longCode: 1
            case .tollFree: 3
            case .shortCode: 100
            case .alphanumeric: 10
            case .whatsapp: 80
            }
        }
    }

    /// The kind, where the address does not tell.
    var kind: Kind?
    /// Segments a second, where it is not the usual one.
    var rate: Double?

    /// Reads an entry of `senders`.
    init(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let members = reader.members(node, of: "a sender", keys: ["type", "rate"])
        kind = reader.word(members["type"], "type", of: Kind.allCases.map(\.rawValue)).flatMap { Kind(rawValue: $0) }
        rate = reader.rate(members["rate"], "rate")
    }
}

/// A prepared message template.
struct ContentScript: Sendable, Equatable {
    /// The text with `{{1}}`, `{{2}}` …
    var text: String
    /// The approval by WhatsApp.
    var status: String
    /// The name for WhatsApp.
    var name: String?
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    var category: String
    /// Language code.
    var language: String

    /// Reads an entry of `content`.
    init(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let members = reader.members(node, of: "content", keys: ["text", "status", "name", "category", "language"])
        if members["text"] == nil { reader.report("missing", "content has a text", at: node) }
        text = reader.text(members["text"], "text") ?? ""
        status =
            reader.word(
                members["status"], "status",
                of: ["unsubmitted", "received", "pending", "approved", "rejected", "paused", "disabled"]) ?? "approved"
        name = reader.text(members["name"], "name")
        category =
            reader.word(members["category"], "category", of: ["UTILITY", "MARKETING", "AUTHENTICATION"]) ?? "UTILITY"
        language = reader.text(members["language"], "language") ?? "en"
    }
}
