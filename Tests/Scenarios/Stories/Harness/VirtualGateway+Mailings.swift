import Gateway
import JSON

@testable import Server

// Batches as the API takes them, and the thread that works for them.

extension VirtualGateway {
    /// Another thread works for a mailing, and comes back a little later.
    func carryOut(_ work: MailingWork) {
        plan(after: .milliseconds(2)) { [boot] gateway in
            guard boot == gateway.boot, let worker = gateway.mailings else { return }
            gateway.submit(.slice(worker.carryOut(work, gateway.directory)))
        }
    }

    /// Accepts a batch as `POST /v1/batches` does; its ticket is answered at the next turn.
    func accept(
        batch body: JSONValue, key: KeyRecord? = nil, idempotency: IdempotencyKey? = nil
    ) throws -> (id: RecordID, ticket: Int) {
        guard let mailings else { throw StoryError(text: "no process runs") }
        let none = KeyRecord(id: "", name: "", hash: "", scopes: [], tenant: "default", created: now)
        var input = try mailings.read(body.bytes(), key ?? none, directory)
        input.idempotency = idempotency
        try disk?.copyParts(of: input.record.id, count: input.progress.parts)
        let ticket = takeTicket()
        submit(.mailing(input, ticket: ticket))
        return (input.record.id, ticket)
    }

    /// Cancels a batch as the API does.
    func cancel(batch id: RecordID) { submit(.cancelMailing(id, ticket: takeTicket())) }

    /// Memory or disk run out, or do no more.
    func set(underPressure: Bool) {
        core?.isUnderPressure = underPressure
        submit(.tick)
    }
}
