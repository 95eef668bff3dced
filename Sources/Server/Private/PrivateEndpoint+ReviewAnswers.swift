import Crypto
import Gateway
import HTTP
import JSON

// What an operator does about somebody who wrote or called: replies, or says who it is.

extension PrivateEndpoint {
    private static let nobody = Problem(
        409, "nobody_to_answer", "The review is about nothing that came in; it can be approved or dismissed.")

    /// What came in that a review is about; blocks.
    private func cameIn(_ review: ReviewRecord) throws(Problem) -> InboundRecord {
        guard let id = review.inbound else { throw Self.nobody }
        guard let inbound = try stored(or: .cannotRead, { () throws(StoreError) in try records.inbound(id) }) else {
            throw Self.nobody
        }
        return inbound
    }

    private func stored<Value>(
        or problem: Problem, _ body: () throws(StoreError) -> Value
    ) throws(Problem) -> Value {
        do { return try body() } catch { throw problem }
    }

    // MARK: reply

    /// Sends a message to whoever wrote or called, and closes the review with it. A repeat sends nothing more.
    func replyToReview(
        _ review: ReviewRecord, _ body: JSONObject, _ key: KeyRecord, _ respond: HTTPResponder
    ) throws(Problem) {
        let inbound = try cameIn(review)
        var body = body
        if body["text"] == nil, body["template"] == nil, let draft = review.draft { body["text"] = .string(draft) }
        let once = IdempotencyKey(
            key: "reply:" + review.id.digits,
            fingerprint: Hex.encode(HashAlgorithm.sha256.digest(JSONValue.object(body).canonicalBytes)))
        // Nothing is sent for a review that is closed: the same reply gets the same answer, every other is refused.
        guard review.isOpen else {
            return engine.ask({ .recall(once, ticket: $0) }) { [self] result in
                if case .replayed = result {
                    tell(.reviewClosed(review), .replied, respond)
                } else {
                    fail(Self.alreadyReplied, respond)
                }
            }
        }
        var envelope = try EnvelopeReader.readReply(body, to: .number(inbound.from), tenant: key.tenant)
        try checkRoom(envelope.priority)
        if envelope.policy == nil { envelope.policy = try policy(ofReplyTo: inbound) }
        let prepared = try acceptance.prepare(envelope, directory)
        var input = prepared.input
        input.spend = KeySpend(of: key, calls: prepared.calls, micros: prepared.boundMicros)
        // What a rule refuses is no reply: another one may follow.
        if prepared.rejection == nil { input.idempotency = once }
        let made = input.message.id
        let reply = input
        engine.ask({ .accept(reply, ticket: $0) }) { [self] result in
            switch result {
            case .accepted:
                if let rejection = prepared.rejection { return fail(rejection, respond) }
                close(review, .replied, by: key, respond) { $0.reply = made }
            case .replayed(let bytes):
                let earlier = (try? JSONValue(parsing: bytes))?["id"]?.string.flatMap { RecordID($0, .message) }
                close(review, .replied, by: key, respond) { $0.reply = earlier }
            case .keyMismatch: fail(Self.alreadyReplied, respond)
            case .capReached: fail(.capReached(at: clock.now), respond)
            default: fail(.cannotWrite, respond)
            }
        }
    }

    private static let alreadyReplied = Problem(
        409, "already_replied", "The review was replied to with another text; nothing was sent.")

    /// Over the channel and the sender to which the person wrote; a caller is written to.
    private func policy(ofReplyTo inbound: InboundRecord) throws(Problem) -> String {
        let channels = directory.runningConfiguration.channels.filter { $0.sender != nil }
        let kind = inbound.channel == ChannelKind.voice.rawValue ? ChannelKind.sms.rawValue : inbound.channel
        let ofKind = channels.filter { $0.kind.rawValue == kind }
        guard let channel = ofKind.first(where: { $0.sender?.address == inbound.to }) ?? ofKind.first else {
            throw Problem(
                422, "unknown_policy", "No channel answers what came in over \(inbound.channel); say by which policy.",
                errors: [.init("/policy", "is needed: there is no channel of the kind \(kind)")])
        }
        return PolicyDefinition.name(ofChannel: channel.name)
    }

    // MARK: link

    /// Who is linked to whom.
    private struct Link: Sendable {
        var contact: String
        /// Of a contact that is made.
        var name: String?
        var isVerified = false
        var boat: String?
        var role = "owner"

        init(_ object: JSONObject) throws(Problem) {
            var faults = RequestFaults()
            faults.addUnknown(of: object, ["contact", "name", "verified", "boat", "role"])
            func text(_ name: String, _ rule: String, _ isValid: (String) -> Bool) -> String? {
                guard let value = object[name] else { return nil }
                guard let text = value.string, isValid(text) else {
                    faults.add("/" + name, rule)
                    return nil
                }
                return text
            }
            let id = "must be an id: 1 to 64 letters, digits, dots, dashes and underscores"
            contact = text("contact", id, JobCodec.isIdentifier) ?? ""
            if object["contact"] == nil { faults.add("/contact", "is missing") }
            name = text("name", "must be a text of 1 to 200 bytes") { (1...200).contains($0.utf8.count) }
            boat = text("boat", id, JobCodec.isIdentifier)
            role = text("role", "must be owner, broker or other") { ["owner", "broker", "other"].contains($0) } ?? role
            if let value = object["verified"] {
                if let flag = value.bool { isVerified = flag } else { faults.add("/verified", "must be true or false") }
            }
            if object["role"] != nil, object["boat"] == nil { faults.add("/role", "has no meaning without a boat") }
            try faults.check()
        }
    }

    /// Says who wrote or called: their address becomes one of the contact's, what came in is theirs, and the review is
    /// closed. A repeat changes nothing more.
    func linkReview(
        _ review: ReviewRecord, _ body: JSONObject, _ key: KeyRecord, _ respond: HTTPResponder
    ) throws(Problem) {
        let link = try Link(body)
        guard review.isOpen else {
            // The same link once more changes nothing; another one would change what is not said to be changed.
            let contact = try stored(or: .cannotRead) { () throws(StoreError) in
                try records.currentID(ofContact: link.contact)
            }
            return tell(.reviewClosed(review), review.contact == contact ? .linked : .replied, respond)
        }
        var inbound = try cameIn(review)
        let contact = try put(link, inbound.from)
        inbound.contact = contact
        let linked = inbound
        close(review, .linked, by: key, respond) { $0.link = (contact, linked) }
    }

    /// - Returns: The contact's id: another than the link's where that one was merged into it.
    private func put(_ link: Link, _ address: String) throws(Problem) -> String {
        var boat: BoatRecord?
        if let id = link.boat {
            boat = try stored(or: .cannotRead) { () throws(StoreError) in try records.boat(id) }
            if boat == nil { throw missing("/boat", "boat") }
        }
        let known = try stored(or: .cannotRead) { () throws(StoreError) in try records.contact(link.contact) }
        guard var contact = known ?? link.name.map({ ContactRecord(id: link.contact, name: $0) }) else {
            throw missing("/contact", "contact")
        }
        if let index = contact.addresses.firstIndex(where: { $0.value == address }) {
            if link.isVerified { contact.addresses[index].verified = true }
        } else {
            let kind = address.hasPrefix("+") ? "phone" : "whatsapp"
            contact.addresses.append(ContactAddress(kind: kind, value: address, verified: link.isVerified))
        }
        let changed = contact
        acceptance.contactNumbers.note(changed)
        try stored(or: .cannotWrite) { () throws(StoreError) in try records.put(changed) }
        guard var boat, !boat.contacts.contains(where: { $0.contact == changed.id }) else { return changed.id }
        boat.contacts.append(BoatContact(contact: changed.id, role: link.role))
        let manned = boat
        try stored(or: .cannotWrite) { () throws(StoreError) in try records.put(manned) }
        return changed.id
    }

    private func missing(_ pointer: String, _ what: String) -> Problem {
        let hint = what == "contact" ? "; give a name to make one" : ""
        return Problem(
            422, "unknown_\(what)", "There is no \(what) with this id\(hint).",
            errors: [.init(pointer, "there is no \(what) with this id\(hint)")])
    }

    // MARK: the end

    private func close(
        _ review: ReviewRecord, _ verdict: ReviewRecord.Verdict, by key: KeyRecord, _ respond: HTTPResponder,
        _ change: (inout ReviewAnswer) -> Void
    ) {
        var answer = ReviewAnswer(verdict, of: review.id, by: key.id)
        change(&answer)
        let given = answer
        engine.ask({ .answerReview(given, ticket: $0) }) { [self] result in tell(result, verdict, respond) }
    }
}
