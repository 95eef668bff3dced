import JSON

/// The stored form of what is written once: `message.body` holds the envelope, `delivery.body` the rest. JSON, because
/// people read it in exports, and it is off the engine's hot path.
public enum JobCodec {
    /// `message.body`.
    public static func message(_ envelope: Envelope) -> [UInt8] {
        var out = JSONWriter(capacity: 256)
        out.beginObject()
        out.member("to", text(of: envelope.to))
        out.member("topic", envelope.topic)
        out.member("priority", envelope.priority.rawValue)
        out.member("class", envelope.messageClass.rawValue)
        out.member("tenant", envelope.tenant)
        out.member("text", ifPresent: envelope.text)
        out.member("template", ifPresent: envelope.template)
        writeDetails(of: envelope, to: &out)
        out.member("policy", ifPresent: envelope.policy)
        if let time = envelope.sendAt { out.member("send_at", time.milliseconds) }
        if let span = envelope.expiresIn { out.member("expires_in", span.milliseconds) }
        out.member("dedupe_key", ifPresent: envelope.dedupeKey)
        out.member("locale", ifPresent: envelope.locale)
        out.endObject()
        return out.bytes
    }

    private static func writeDetails(of envelope: Envelope, to out: inout JSONWriter) {
        if !envelope.variables.isEmpty {
            out.key("variables")
            out.value(.object(envelope.variables))
        }
        if !envelope.media.isEmpty {
            out.key("media")
            out.value(.array(envelope.media.map(JSONValue.string)))
        }
        if !envelope.labels.isEmpty {
            let labels = envelope.labels.sorted { $0.key < $1.key }
            out.key("labels")
            out.value(.object(JSONObject(labels.map { ($0.key, .string($0.value)) })))
        }
    }

    /// `delivery.body`.
    public static func delivery(_ job: DeliveryJob) -> [UInt8] {
        let recipient = job.recipient
        var out = JSONWriter(capacity: 256)
        out.beginObject()
        out.member("number", recipient.number)
        out.member("locale", recipient.locale)
        out.member("time_zone", recipient.timeZone)
        out.member("policy", job.policy)
        out.member("snapshot", job.snapshot)
        out.member("rule", job.rule)
        out.member("country", ifPresent: recipient.country)
        out.member("contact", ifPresent: recipient.contact)
        out.member("contact_name", ifPresent: recipient.contactName)
        if recipient.contactVerified { out.member("contact_verified", true) }
        out.member("boat", ifPresent: recipient.boat)
        out.member("boat_name", ifPresent: recipient.boatName)
        out.member("role", ifPresent: recipient.role)
        if let lineage = job.lineage { write(lineage, to: &out) }
        if let preferences = recipient.preferences {
            out.key("preferences")
            out.value(preferences.value)
        }
        if let mailing = job.mailing { out.member("batch", mailing.digits) }
        out.endObject()
        return out.bytes
    }

    private static func write(_ lineage: Lineage, to out: inout JSONWriter) {
        out.key("lineage")
        out.beginObject()
        out.member("kind", lineage.kind.rawValue)
        out.member("origin", lineage.origin.digits)
        out.member("root", lineage.root.digits)
        out.member("parent", ifPresent: lineage.parent?.digits)
        out.member("step", lineage.step)
        if let branch = lineage.branch { out.member("branch", branch) }
        out.member("round", lineage.round)
        out.member("calls_before", lineage.callsBefore)
        out.endObject()
    }

    private static func lineage(_ value: JSONValue?) throws(StoreError) -> Lineage? {
        guard let value else { return nil }
        guard let kind = value["kind"]?.string.flatMap(Lineage.Kind.init),
            let origin = id(value["origin"]), let root = id(value["root"])
        else { throw ByteReader.damaged }
        var lineage = Lineage(kind, of: origin, root: root)
        lineage.parent = id(value["parent"])
        lineage.step = small(value["step"]) ?? 0
        lineage.branch = small(value["branch"])
        lineage.round = small(value["round"]) ?? 0
        lineage.callsBefore = small(value["calls_before"]) ?? 0
        return lineage
    }

    private static func id(_ value: JSONValue?) -> RecordID? {
        value?.string.flatMap { RecordID(digits: $0.utf8) }
    }

    private static func small(_ value: JSONValue?) -> UInt8? {
        value?.int.map { UInt8(clamping: $0) }
    }

    /// Reads both rows.
    public static func job(_ delivery: DeliveryRecord, _ message: MessageRecord) throws(StoreError) -> DeliveryJob {
        let body = try value(delivery.body)
        guard let number = body["number"]?.string, let locale = body["locale"]?.string,
            let zone = body["time_zone"]?.string, let policy = body["policy"]?.string,
            let snapshot = body["snapshot"]?.string, let rule = body["rule"]?.string
        else { throw ByteReader.damaged }
        var recipient = ResolvedRecipient(
            number: number, country: body["country"]?.string, locale: locale, timeZone: zone)
        recipient.contact = body["contact"]?.string
        recipient.contactName = body["contact_name"]?.string
        recipient.contactVerified = body["contact_verified"]?.bool ?? false
        recipient.boat = body["boat"]?.string
        recipient.boatName = body["boat_name"]?.string
        recipient.role = body["role"]?.string
        if let value = body["preferences"] {
            guard let preferences = ContactPreferences.stored(value) else { throw ByteReader.damaged }
            recipient.preferences = preferences
        }
        return DeliveryJob(
            delivery: delivery.id, message: message.id, created: message.created,
            envelope: try envelope(message.body), recipient: recipient, policy: policy, snapshot: snapshot, rule: rule,
            lineage: try lineage(body["lineage"]), mailing: id(body["batch"]))
    }

    /// Reads `message.body`.
    public static func envelope(_ bytes: [UInt8]) throws(StoreError) -> Envelope {
        let body = try value(bytes)
        guard let to = body["to"]?.string.flatMap(recipient), let topic = body["topic"]?.string else {
            throw ByteReader.damaged
        }
        var envelope = Envelope(to: to, topic: topic, text: body["text"]?.string, template: body["template"]?.string)
        envelope.variables = body["variables"]?.object ?? JSONObject()
        envelope.media = body["media"]?.array?.compactMap(\.string) ?? []
        for (key, value) in body["labels"]?.object?.members ?? [] { envelope.labels[key] = value.string }
        envelope.priority = body["priority"]?.string.flatMap(Priority.init) ?? .normal
        envelope.messageClass = body["class"]?.string.flatMap(MessageClass.init) ?? .transactional
        envelope.policy = body["policy"]?.string
        envelope.sendAt = body["send_at"]?.int.map(Timestamp.init(milliseconds:))
        envelope.expiresIn = body["expires_in"]?.int.map { .milliseconds($0) }
        envelope.dedupeKey = body["dedupe_key"]?.string
        envelope.locale = body["locale"]?.string
        envelope.tenant = body["tenant"]?.string ?? "default"
        return envelope
    }

    private static func value(_ bytes: [UInt8]) throws(StoreError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw ByteReader.damaged
        }
    }

    /// `+41…`, `contact:ID`, `boat:ID`, `boat:ID/broker`, `boat:ID/all`.
    public static func text(of recipient: Recipient) -> String {
        switch recipient {
        case .number(let number): number
        case .contact(let id): "contact:" + id
        case .boat(let id, .owner): "boat:" + id
        case .boat(let id, let role): "boat:" + id + "/" + role.rawValue
        }
    }

    /// Reads the form of the API; a number is not checked here. `nil` for an empty or unknown form.
    public static func recipient(_ text: String) -> Recipient? {
        if text.hasPrefix("contact:") {
            let id = String(text.dropFirst(8))
            return isIdentifier(id) ? .contact(id) : nil
        }
        if text.hasPrefix("boat:") {
            let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard isIdentifier(String(parts[0])) else { return nil }
            guard parts.count == 2 else { return .boat(String(parts[0]), role: .owner) }
            return Recipient.BoatRole(rawValue: String(parts[1])).map { .boat(String(parts[0]), role: $0) }
        }
        return text.isEmpty ? nil : .number(text)
    }

    /// The caller's ids: `[A-Za-z0-9._-]{1,64}`.
    public static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
                default: false
                }
            }
    }
}
