import Gateway
import JSON
import MemoryStore
import Testing

// What a story looks at: states, timelines, and what the provider was asked for.

extension VirtualGateway {
    /// The state of a delivery, open or ended.
    func state(_ id: RecordID) throws -> DeliveryState {
        StateView(try #require(try records.state(of: id), "no such delivery")).state
    }

    /// Where a delivery stands.
    func phase(_ id: RecordID) throws -> DeliveryPhase { try state(id).phase }

    /// The notes of a delivery with their times since its story began, oldest first.
    func timeline(_ id: RecordID) throws -> [(time: Timestamp, note: DeliveryNote)] {
        try records.events(of: id).flatMap { record in
            let (time, notes) = try EventCodec.decode(record.blob)
            return notes.map { (time, $0) }
        }
    }

    /// The notes without their times.
    func notes(_ id: RecordID) throws -> [DeliveryNote] { try timeline(id).map(\.note) }

    /// The time of the first note that fits.
    func time(_ id: RecordID, _ isWanted: (DeliveryNote) -> Bool) throws -> Timestamp {
        let entry = try timeline(id).first { isWanted($0.note) }
        return try #require(entry, "no such note").time
    }

    /// The story of a delivery in words, for a test that fails.
    func told(_ id: RecordID) -> Comment {
        let began = (try? state(id).startsAt) ?? now
        let lines = (try? timeline(id))?.map { "\(($0.time - began).milliseconds) ms: \($0.note)" } ?? []
        return Comment(rawValue: lines.joined(separator: "\n"))
    }

    /// Requests that make a message or a call, as the provider received them.
    func creations(_ resource: String? = nil) throws -> [SentRequest] {
        let wanted = (resource.map { [$0] } ?? ["Messages", "Calls"]).map { "/\($0).json" }
        return try requests().filter { request in
            request.method == "POST" && wanted.contains { request.path.hasSuffix($0) }
        }
    }

    /// Texts that the provider was asked to send, on a channel and to a number.
    func texts(_ channel: String, to number: String? = nil) throws -> [SentRequest] {
        try creations("Messages").filter { request in
            let to = request.form["To"] ?? ""
            let isWhatsApp = to.hasPrefix("whatsapp:")
            return isWhatsApp == (channel == "whatsapp") && (number.map { to.hasSuffix($0) } ?? true)
        }
    }

    /// Calls that the provider was asked to place.
    func calls(to number: String? = nil) throws -> [SentRequest] {
        try creations("Calls").filter { request in number.map { request.form["To"] == $0 } ?? true }
    }

    /// Everything that the gateway asked of the provider.
    func requests() throws -> [SentRequest] {
        let log = try control("GET", "requests?limit=100000")
        return (log["requests"]?.array ?? []).map(SentRequest.init)
    }

    /// What the provider sent to the gateway: callbacks, documents, messages.
    func webhooks() throws -> [JSONValue] {
        try control("GET", "webhooks?limit=100000")["webhooks"]?.array ?? []
    }

    /// Reviews of a delivery.
    func reviews(_ id: RecordID) throws -> [ReviewRecord] {
        try records.reviews(openOnly: false, after: nil, limit: 1_000).filter { $0.delivery == id }
    }

    /// All reviews, closed ones too.
    func reviewsOfAll() throws -> [ReviewRecord] { try records.reviews(openOnly: false, after: nil, limit: 1_000) }

    /// Deliveries without a wake-up, by the engine's own auditor.
    func violations() -> [RecordID] { core?.audit() ?? [] }
}

/// A request as the provider logged it.
struct SentRequest {
    var time: Timestamp
    var method: String
    var path: String
    var form: [String: String]

    init(_ entry: JSONValue) {
        time = Timestamp(milliseconds: entry["time"]?.int ?? 0)
        method = entry["method"]?.string ?? ""
        path = entry["path"]?.string ?? ""
        form = [:]
        for field in entry["form"]?.array ?? [] {
            if let name = field.array?.first?.string, let value = field.array?.last?.string { form[name] = value }
        }
    }
}

/// Reads a stored state; a damaged one fails the test by its emptiness.
struct StateView {
    var state: DeliveryState

    init(_ record: StateRecord) {
        do {
            state = try StateCodec.decode(record.blob)
        } catch {
            Issue.record("a stored state cannot be read")
            state = DeliveryState(
                steps: 0, startsAt: Timestamp(milliseconds: 0), expiresAt: Timestamp(milliseconds: 0))
        }
    }
}

extension VirtualGateway {
    /// The number that a delivery goes to.
    func recipient(_ id: RecordID) throws -> String {
        let bodies = try #require(try store.body(of: id), "no such delivery")
        return try JobCodec.job(bodies.delivery, bodies.message).recipient.number
    }
}
