import Gateway
import JSON

@testable import Server

// What callers of the API do.

extension VirtualGateway {
    /// Accepts a message as `POST /v1/messages` does; its ticket is answered at the next turn.
    @discardableResult
    func accept(
        _ body: JSONValue, tenant: String = "default", key: KeyRecord? = nil, micros: Int64 = 0,
        _ change: (inout AcceptInput) -> Void = { _ in }
    ) throws -> Accepted {
        let envelope = try EnvelopeReader.read(body.bytes(), tenant: tenant)
        guard let acceptance else { throw StoryError(text: "no process runs") }
        var prepared = try acceptance.prepare(envelope, directory)
        prepared.input.spend = key.flatMap {
            KeySpend(of: $0, calls: prepared.calls, micros: prepared.boundMicros + micros)
        }
        change(&prepared.input)
        let ticket = takeTicket()
        submit(.accept(prepared.input, ticket: ticket))
        return Accepted(deliveries: prepared.input.deliveries.map(\.record.id), ticket: ticket)
    }

    /// Accepts a message to one person and runs the turn.
    func send(_ body: JSONValue, tenant: String = "default") throws -> RecordID {
        let accepted = try accept(body, tenant: tenant)
        guard let id = accepted.deliveries.first else { throw StoryError(text: "no recipient") }
        return id
    }

    /// What people do to a delivery through the API.
    @discardableResult
    func act(_ action: DeliveryAction, _ delivery: RecordID) -> Int {
        let ticket = takeTicket()
        submit(.act(action, delivery: delivery, ticket: ticket))
        return ticket
    }

    /// A person answers a review through the API; its ticket is answered at the next turn.
    @discardableResult
    func answer(_ verdict: ReviewRecord.Verdict, _ review: RecordID, by key: String = "k") -> Int {
        let ticket = takeTicket()
        submit(.answerReview(ReviewAnswer(verdict, of: review, by: key), ticket: ticket))
        return ticket
    }

    /// Records a consent as the API does, and runs the turn.
    func record(_ number: String, _ sender: String, isGranted: Bool, since: Timestamp? = nil) {
        let consent = ConsentRecord(number: number, sender: sender, isGranted: isGranted, since: since ?? now)
        submit(.consents([consent], by: "k", ticket: takeTicket()))
        run(for: .seconds(1))
    }
}

/// A message that was handed in.
struct Accepted {
    var deliveries: [RecordID]
    var ticket: Int
}
