import Gateway
import HTTP
import JSON

// Two contacts that turn out to be one person.

extension RecordStore {
    /// The id under which a contact is found now: its own, or that of the one into which it was merged.
    func currentID(ofContact id: String) throws(StoreError) -> String { try successor(ofContact: id) ?? id }
}

extension PrivateEndpoint {
    /// A contact by its own id, not by one that was merged into it; 404 where there is none, with the one that it went
    /// into. Blocks.
    func contact(named id: String) throws(Problem) -> ContactRecord {
        let found: ContactRecord?
        do { found = try records.contact(id) } catch { throw .cannotRead }
        guard let found else { throw Problem(404, "not_found", "There is nothing with this id.") }
        guard found.id == id else {
            throw Problem(404, "not_found", "This contact was merged into '\(found.id)'.")
                .with("merged_into", found.id)
        }
        return found
    }

    /// Answers with something of a contact. Blocks.
    func show(
        _ id: String, _ respond: HTTPResponder, _ view: (ContactRecord) throws(StoreError) -> JSONValue
    ) {
        do throws(Problem) {
            let contact = try contact(named: id)
            reply(respond) { () throws(StoreError) in try view(contact) }
        } catch {
            fail(error, respond)
        }
    }

    func mergeContact(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        guard request.method == "POST" else { throw Problem.methodNotAllowed(request.method, allow: "POST") }
        _ = try authorize(request, "contacts:write")
        let other = try Self.other(try object(request))
        guard other != id else {
            throw Problem(409, "same_contact", "A contact cannot be merged into itself.")
        }
        recordsThread.run { [self] in
            do throws(Problem) {
                answer(RecordViews.contact(try merge(other, into: id)), respond)
            } catch {
                fail(error, respond)
            }
        }
    }

    private static func other(_ body: JSONObject) throws(Problem) -> String {
        var faults = RequestFaults()
        faults.addUnknown(of: body, ["from"])
        let from = body["from"]?.string ?? ""
        if !JobCodec.isIdentifier(from) {
            faults.add("/from", body["from"] == nil ? "is missing" : "must be the id of a contact")
        }
        try faults.check()
        return from
    }

    /// Runs on the records thread, as every change of contacts does. A repeat changes nothing.
    private func merge(_ from: String, into id: String) throws(Problem) -> ContactRecord {
        let contact = try contact(named: id)
        do {
            if try records.contact(from)?.id == id { return contact }
            let merged = contact.merged(with: try self.contact(named: from))
            let boats = try records.boats(ofContact: from).map { $0.handed(from: from, to: id) }
            acceptance.contactNumbers.note(merged)
            try records.merge(merged, from: from, boats)
            return merged
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .cannotWrite
        }
    }
}
