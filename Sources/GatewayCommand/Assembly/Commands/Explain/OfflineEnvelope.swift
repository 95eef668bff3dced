import Gateway
import JSON
import Zones

/// Reads the body of a message as `POST /v1/messages` takes it, for a command that works without a server.
struct OfflineEnvelope {
    private let object: JSONObject
    private var faults: [String] = []

    /// The envelope that a body describes.
    /// - Throws: all faults with their places.
    static func read(_ value: JSONValue) throws(CommandFailure) -> Envelope {
        var reader = OfflineEnvelope(object: value.object ?? JSONObject())
        let envelope = reader.envelope()
        guard let envelope, reader.faults.isEmpty else {
            throw CommandFailure(
                "invalid_message", "the message has faults\n" + reader.faults.joined(separator: "\n"))
        }
        return envelope
    }

    private init(object: JSONObject) { self.object = object }

    private static let fields = [
        "to", "topic", "text", "template", "variables", "media", "labels", "priority", "class", "policy", "send_at",
        "expires_in", "dedupe_key", "locale",
    ]

    private mutating func fault(_ field: String, _ detail: String) { faults.append("  /\(field): \(detail)") }

    private mutating func envelope() -> Envelope? {
        for key in object.keys where !Self.fields.contains(key) {
            fault(key, "unknown field; known are \(Self.fields.joined(separator: ", "))")
        }
        guard let recipient = text("to").flatMap(JobCodec.recipient) else {
            fault("to", "must be a number such as +41791234567")
            return nil
        }
        var envelope = Envelope(
            to: recipient, topic: text("topic") ?? "", text: text("text"), template: text("template"))
        if envelope.text == nil, envelope.template == nil { fault("text", "either text or template is needed") }
        if envelope.text != nil, envelope.template != nil { fault("template", "text and template exclude each other") }
        envelope.priority = word("priority") ?? .normal
        envelope.messageClass = word("class") ?? .transactional
        envelope.policy = text("policy")
        envelope.locale = text("locale")
        envelope.dedupeKey = text("dedupe_key")
        readTimes(&envelope)
        readLists(&envelope)
        return envelope
    }

    private mutating func readTimes(_ envelope: inout Envelope) {
        if let text = text("send_at") {
            let time = try? DateText.parseRFC3339(text)
            if time == nil { fault("send_at", "must be a time such as 2026-11-23T18:00:00Z") }
            envelope.sendAt = time.map(Timestamp.init(milliseconds:))
        }
        if let text = text("expires_in") {
            envelope.expiresIn = Duration(written: text)
            if envelope.expiresIn == nil { fault("expires_in", "must be a duration such as 6h") }
        }
    }

    private mutating func readLists(_ envelope: inout Envelope) {
        if let value = object["variables"] {
            envelope.variables = value.object ?? JSONObject()
            if value.object == nil { fault("variables", "must be an object") }
        }
        if let value = object["media"] {
            envelope.media = (value.array ?? []).compactMap(\.string)
            if value.array?.count != envelope.media.count { fault("media", "must be an array of URLs") }
        }
        guard let value = object["labels"] else { return }
        if value.object == nil { fault("labels", "must be an object of texts") }
        for (key, label) in value.object?.members ?? [] {
            if let text = label.string { envelope.labels[key] = text } else { fault("labels/\(key)", "must be a text") }
        }
    }

    private mutating func text(_ field: String) -> String? {
        guard let value = object[field] else { return nil }
        guard let text = value.string, !text.isEmpty else {
            fault(field, "must be a text")
            return nil
        }
        return text
    }

    private mutating func word<Word: RawRepresentable & CaseIterable>(_ field: String) -> Word?
    where Word.RawValue == String {
        guard let text = text(field) else { return nil }
        let word = Word(rawValue: text)
        if word == nil { fault(field, "must be one of " + Word.allCases.map(\.rawValue).joined(separator: ", ")) }
        return word
    }
}
