import Gateway

/// Short ways to write rows.
enum Sample {
    /// The identifier with a raw value, which must be positive.
    static func id(_ raw: Int64) -> RecordID {
        guard let id = RecordID(rawValue: raw) else { preconditionFailure("identifiers are positive") }
        return id
    }

    static func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    static func message(_ raw: Int64, _ text: String = "envelope") -> MessageRecord {
        MessageRecord(id: id(raw), created: time(1_000 + raw), body: Array(text.utf8))
    }

    static func delivery(_ raw: Int64, of message: Int64) -> DeliveryRecord {
        DeliveryRecord(id: id(raw), message: id(message), body: Array("recipient \(raw)".utf8))
    }

    /// A state whose last event is `event`.
    static func state(_ raw: Int64, event: Int64 = 0, _ text: String = "state") -> StateRecord {
        StateRecord(delivery: id(raw), blob: bigEndian(event) + Array(text.utf8))
    }

    static func event(_ sequence: Int64, of delivery: Int64, previous: Int64) -> EventRecord {
        EventRecord(sequence: sequence, delivery: id(delivery), blob: bigEndian(previous) + [UInt8(sequence & 0xFF)])
    }

    static func review(_ raw: Int64, of delivery: Int64?, isOpen: Bool = true) -> ReviewRecord {
        ReviewRecord(
            id: id(raw), delivery: delivery.map(id), reason: "refused", isOpen: isOpen, created: time(raw))
    }

    static func inbound(_ raw: Int64) -> InboundRecord {
        InboundRecord(
            id: id(raw), created: time(raw), channel: "sms", from: "+447700900123", to: "+447700900000",
            providerID: "SM\(raw)")
    }

    static func outgoing(_ raw: Int64, of delivery: Int64) -> OutgoingRecord {
        OutgoingRecord(
            id: id(raw), type: "test", delivery: id(delivery), url: "http://hooks.test/", body: [0x7B, 0x7D],
            created: time(raw))
    }

    static func mark(
        _ number: String, _ kind: AddressMark.Kind, _ scope: String, at: Int64, until: Int64?
    ) -> AddressMark {
        AddressMark(number: number, kind: kind, scope: scope, at: time(at), until: until.map(time))
    }

    static func contact(_ id: String, _ numbers: (String, verified: Bool)...) -> ContactRecord {
        var contact = ContactRecord(id: id, name: "Name of \(id)")
        contact.addresses = numbers.map { ContactAddress(kind: "phone", value: $0.0, verified: $0.verified) }
        return contact
    }

    static func boat(_ id: String, _ people: (String, String)...) -> BoatRecord {
        var boat = BoatRecord(id: id, name: "Boat \(id)")
        boat.contacts = people.map { BoatContact(contact: $0.0, role: $0.1) }
        return boat
    }

    static func key(_ id: String) -> KeyRecord {
        KeyRecord(
            id: id, name: "key", hash: "ab12", scopes: ["messages:write", "reviews"], tenant: "default",
            created: time(5))
    }

    static func bigEndian(_ value: Int64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// A batch filled in by a closure.
    static func batch(_ fill: (inout Batch) -> Void) -> Batch {
        var batch = Batch()
        fill(&batch)
        return batch
    }

    /// An accepted message with one delivery and its first event, all with the same identifier.
    static func accepted(_ raw: Int64, event: Int64) -> Batch {
        batch {
            $0.messages = [message(raw)]
            $0.deliveries = [delivery(raw, of: raw)]
            $0.states = [state(raw, event: event)]
            $0.events = [Self.event(event, of: raw, previous: 0)]
        }
    }
}

extension DeliveryStore {
    /// Every open state in the order of the scan.
    func openStates(_ lease: Lease) throws(StoreError) -> [StateRecord] {
        var states: [StateRecord] = []
        try scan(lease) { (state) throws(StoreError) in states.append(state) }
        return states
    }

    /// Commits a batch filled in by a closure.
    func commit(_ lease: Lease, _ fill: (inout Batch) -> Void) throws(StoreError) {
        try commit(Sample.batch(fill), lease)
    }
}
