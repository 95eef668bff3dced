import Gateway
import JSON
import Zones

/// Reads a message as `POST /v1/messages` takes it; every fault is reported with its JSON pointer, not the first alone.
public struct EnvelopeReader {
    private var faults = RequestFaults()

    private static let fields = [
        "to", "topic", "text", "template", "variables", "media", "labels", "priority", "class", "policy", "send_at",
        "expires_in", "dedupe_key", "locale",
    ]

    static func read(_ body: [UInt8], tenant: String) throws(Problem) -> Envelope {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, maxDepth: 16)
        } catch {
            throw Problem.notJSON(error)
        }
        return try read(value, tenant: tenant)
    }

    /// The envelope that a document describes.
    /// - Throws: 400 `invalid_request` with all faults.
    public static func read(_ value: JSONValue, tenant: String) throws(Problem) -> Envelope {
        var reader = EnvelopeReader()
        let envelope = reader.envelope(value, tenant)
        try reader.faults.check()
        guard let envelope else { throw Problem(400, "invalid_request", "The body is no message.") }
        return envelope
    }

    /// What the messages of a batch share: a message without recipient.
    /// - Throws: 400 `invalid_request` with all faults.
    static func readShared(_ object: JSONObject, tenant: String) throws(Problem) -> Envelope {
        var reader = EnvelopeReader()
        reader.faults.addUnknown(
            of: object, ["recipients"] + fields.filter { $0 != "to" && $0 != "dedupe_key" })
        var envelope = Envelope(to: MailingHead.nobody)
        envelope.tenant = tenant
        reader.readAll(object, &envelope)
        try reader.faults.check()
        return envelope
    }

    /// A reply to somebody: a message that says neither to whom nor, unless it wants to, by which policy.
    /// - Throws: 400 `invalid_request` with all faults.
    static func readReply(_ object: JSONObject, to recipient: Recipient, tenant: String) throws(Problem) -> Envelope {
        var reader = EnvelopeReader()
        reader.faults.addUnknown(of: object, fields.filter { !["to", "send_at", "dedupe_key"].contains($0) })
        var envelope = Envelope(to: recipient)
        envelope.tenant = tenant
        reader.readAll(object, &envelope)
        if object["topic"] == nil { envelope.topic = "reply" }
        try reader.faults.check()
        return envelope
    }

    private static let recipientFields = ["to", "variables", "labels", "locale"]

    /// A recipient of a batch: whom it goes to, with what joins or replaces what the batch shares.
    /// - Throws: 400 `invalid_request` with all faults; pointers are those within the recipient.
    static func readRecipient(_ value: JSONValue, of shared: Envelope) throws(Problem) -> Envelope {
        var reader = EnvelopeReader()
        var envelope = shared
        if let object = value.object {
            reader.faults.addUnknown(of: object, recipientFields)
            envelope.to = reader.recipient(object) ?? MailingHead.nobody
            for (key, value) in reader.variables(object).members { envelope.variables[key] = value }
            for (key, value) in reader.labels(object) { envelope.labels[key] = value }
            if envelope.labels.count > 32 { reader.fault("/labels", "makes more than 32 with those of the batch") }
            envelope.locale = reader.text(object, "locale", longest: 35) ?? shared.locale
        } else {
            reader.fault("", "must be a JSON object")
        }
        try reader.faults.check()
        return envelope
    }

    private mutating func fault(_ pointer: String, _ detail: String) { faults.add(pointer, detail) }

    private mutating func envelope(_ value: JSONValue, _ tenant: String) -> Envelope? {
        guard let object = value.object else {
            fault("", "the body must be a JSON object")
            return nil
        }
        faults.addUnknown(of: object, Self.fields)
        guard let recipient = recipient(object) else { return nil }
        var envelope = Envelope(to: recipient)
        envelope.tenant = tenant
        readAll(object, &envelope)
        return envelope
    }

    private mutating func recipient(_ object: JSONObject) -> Recipient? {
        guard let to = text(object, "to", required: true) else { return nil }
        guard let recipient = JobCodec.recipient(to) else {
            fault("/to", "must be a number such as +41791234567, contact:ID, boat:ID, boat:ID/broker or boat:ID/all")
            return nil
        }
        return recipient
    }

    private mutating func readAll(_ object: JSONObject, _ envelope: inout Envelope) {
        envelope.topic = text(object, "topic", longest: 200) ?? ""
        readContent(object, &envelope)
        readChoices(object, &envelope)
        readTimes(object, &envelope)
    }

    // MARK: content

    private mutating func readContent(_ object: JSONObject, _ envelope: inout Envelope) {
        envelope.text = text(object, "text", longest: 16_000)
        envelope.template = text(object, "template", longest: 200)
        if envelope.text == nil, envelope.template == nil, object["text"] == nil, object["template"] == nil {
            fault("/text", "either text or template is needed")
        }
        if envelope.text != nil, envelope.template != nil {
            fault("/template", "text and template exclude each other")
        }
        envelope.variables = variables(object)
        envelope.media = media(object)
        envelope.labels = labels(object)
        envelope.locale = text(object, "locale", longest: 35)
    }

    private mutating func variables(_ object: JSONObject) -> JSONObject {
        guard let value = object["variables"] else { return JSONObject() }
        guard let variables = value.object else {
            fault("/variables", "must be an object")
            return JSONObject()
        }
        return variables
    }

    private mutating func media(_ object: JSONObject) -> [String] {
        guard let value = object["media"] else { return [] }
        guard let elements = value.array, elements.count <= 10 else {
            fault("/media", "must be an array of at most ten URLs")
            return []
        }
        var urls: [String] = []
        for (index, element) in elements.enumerated() {
            let isPlainLocal = element.string.map {
                $0.hasPrefix("http://127.0.0.1") || $0.hasPrefix("http://localhost")
            }
            guard let url = element.string, url.hasPrefix("https://") || isPlainLocal == true, url.utf8.count <= 2_048
            else {
                fault("/media/\(index)", "must be an https URL")
                continue
            }
            urls.append(url)
        }
        return urls
    }

    private mutating func labels(_ object: JSONObject) -> [String: String] {
        guard let value = object["labels"] else { return [:] }
        guard let members = value.object?.members, members.count <= 32 else {
            fault("/labels", "must be an object of at most 32 texts")
            return [:]
        }
        var labels: [String: String] = [:]
        for (key, value) in members {
            guard let text = value.string, text.utf8.count <= 1_000, JobCodec.isIdentifier(key) else {
                fault(
                    "/labels/" + RequestFaults.escaped(key),
                    "must be a text of at most 1,000 bytes under a plain name")
                continue
            }
            labels[key] = text
        }
        return labels
    }

    // MARK: choices and times

    private mutating func readChoices(_ object: JSONObject, _ envelope: inout Envelope) {
        if let word = text(object, "priority") {
            if let priority = Priority(rawValue: word) {
                envelope.priority = priority
            } else {
                fault("/priority", "must be low, normal, high or critical")
            }
        }
        if let word = text(object, "class") {
            if let value = MessageClass(rawValue: word) {
                envelope.messageClass = value
            } else {
                fault("/class", "must be transactional, marketing or emergency")
            }
        }
        envelope.policy = text(object, "policy", longest: 200)
        envelope.dedupeKey = text(object, "dedupe_key", longest: 200)
    }

    private mutating func readTimes(_ object: JSONObject, _ envelope: inout Envelope) {
        if let text = text(object, "send_at") {
            if let time = try? DateText.parseRFC3339(text) {
                envelope.sendAt = Timestamp(milliseconds: time)
            } else {
                fault("/send_at", "must be an RFC 3339 time such as 2026-11-23T18:00:00Z")
            }
        }
        if let text = text(object, "expires_in") {
            if let span = Duration(written: text), span >= .seconds(1), span <= .seconds(90 * 86_400) {
                envelope.expiresIn = span
            } else {
                fault("/expires_in", "must be a duration of 1s to 90d, such as 6h")
            }
        }
    }

    private mutating func text(
        _ object: JSONObject, _ name: String, required: Bool = false, longest: Int = 1_000
    ) -> String? {
        guard let value = object[name] else {
            if required { fault("/" + name, "is missing") }
            return nil
        }
        guard let text = value.string, text.utf8.count <= longest, !text.isEmpty else {
            fault("/" + name, "must be a text of 1 to \(longest) bytes")
            return nil
        }
        return text
    }
}
