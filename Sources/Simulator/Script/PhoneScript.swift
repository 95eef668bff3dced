/// How one handset, or a group of them, behaves. A part that is left out is taken from the next less exact entry.
struct PhoneScript: Sendable, Equatable {
    /// What becomes of SMS.
    var sms: TextScript?
    /// What becomes of WhatsApp messages.
    var whatsapp: TextScript?
    /// What becomes of calls.
    var voice: VoiceScript?
    /// The name of the person, sent as `ProfileName` with WhatsApp.
    var name: String?
    /// Whether the 24-hour window is open from the start.
    var isWindowOpen: Bool?

    /// Reads a phone's entry.
    init(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let members = reader.members(node, of: "a phone", keys: ["sms", "whatsapp", "voice", "name", "window"])
        sms = members["sms"].map { TextScript($0, &reader) }
        whatsapp = members["whatsapp"].map { TextScript($0, &reader) }
        voice = members["voice"].map { VoiceScript($0, &reader) }
        name = reader.text(members["name"], "name")
        isWindowOpen = reader.word(members["window"], "window", of: ["open", "closed"]).map { $0 == "open" }
    }
}

/// What becomes of a text message to a handset.
struct TextScript: Sendable, Equatable {
    /// The ways a message can end.
    enum Outcome: Sendable, Equatable {
        /// The create request is refused with this code.
        case refuse(Int)
        /// The message fails before it leaves the provider.
        case fail(Int)
        /// The carrier reports that it was not delivered.
        case undelivered(Int)
        /// No receipt ever comes.
        case sentOnly
        /// A receipt comes; then perhaps a read receipt. Milliseconds after sending.
        case delivered(after: Int64, read: Int64?)
    }

    /// What the person sends back.
    struct Reply: Sendable, Equatable {
        /// Milliseconds after the message arrived.
        var after: Int64
        /// The text, also the label of the button.
        var text: String
        /// The payload when a quick-reply button is pressed.
        var button: String?
    }

    /// The way a message ends.
    var outcome: Outcome
    /// Milliseconds between sending and `fail` or `undelivered`.
    var after: Int64
    /// What the person sends back when the message arrives.
    var replies: [Reply]

    /// Delivered after this many milliseconds.
    static func delivered(after: Int64) -> TextScript {
        TextScript(outcome: .delivered(after: after, read: nil), after: 0, replies: [])
    }

    /// Makes a script of its parts.
    init(outcome: Outcome, after: Int64, replies: [Reply]) {
        self.outcome = outcome
        self.after = after
        self.replies = replies
    }

    /// Reads `sent_only` or a mapping.
    init(_ node: ScriptNode, _ reader: inout ScriptReader) {
        self = .delivered(after: 1000)
        if case .scalar(let word) = node.kind {
            if word == "sent_only" {
                outcome = .sentOnly
            } else {
                reader.report("value", "a text script is 'sent_only' or a mapping, not '\(word)'", at: node)
            }
            return
        }
        let outcomes = ["refuse", "fail", "undelivered", "sent_only", "deliver", "read"]
        let members = reader.members(node, of: "a text script", keys: outcomes + ["after", "reply"])
        let chosen = outcomes.filter { members[$0] != nil }
        if chosen.count > 1 && chosen != ["deliver", "read"] {
            reader.report("conflict", "only one of \(chosen.joined(separator: ", ")) can come true", at: node)
        }
        outcome = Self.outcome(members, &reader)
        let isUndelivered = members["undelivered"] != nil
        after = reader.duration(members["after"], "after") ?? (isUndelivered ? 1000 : 0)
        if let reply = members["reply"] { replies = Self.replies(reply, &reader) }
    }

    private static func outcome(_ members: [String: ScriptNode], _ reader: inout ScriptReader) -> Outcome {
        if let node = members["refuse"] { return .refuse(reader.errorCode(node, "refuse") ?? 0) }
        if let node = members["fail"] { return .fail(reader.errorCode(node, "fail") ?? 0) }
        if let node = members["undelivered"] { return .undelivered(reader.errorCode(node, "undelivered") ?? 0) }
        if let node = members["sent_only"] {
            if case .empty = node.kind { return .sentOnly }
            if reader.flag(node, "sent_only") == true { return .sentOnly }
        }
        let read = reader.duration(members["read"], "read")
        let deliver = reader.duration(members["deliver"], "deliver")
        return .delivered(after: deliver ?? min(1000, read ?? 1000), read: read)
    }

    private static func replies(_ node: ScriptNode, _ reader: inout ScriptReader) -> [Reply] {
        var nodes = [node]
        if case .list(let elements) = node.kind { nodes = elements }
        return nodes.compactMap { node in
            let members = reader.members(node, of: "a reply", keys: ["after", "text", "button"])
            let text = reader.text(members["text"], "text")
            let button = reader.text(members["button"], "button")
            guard text != nil || button != nil else {
                reader.report("missing", "a reply has a text or a button", at: node)
                return nil
            }
            let after = reader.duration(members["after"], "after") ?? 1000
            return Reply(after: after, text: text ?? button ?? "", button: button)
        }
    }
}
