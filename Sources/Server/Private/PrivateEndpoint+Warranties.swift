import Gateway
import HTTP
import JSON
import Zones

// The register of warranties. It is read from the store and changed by the engine, which makes the reminders.

extension PrivateEndpoint {
    func warranties(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        switch (request.method, id.isEmpty) {
        case ("GET", true):
            _ = try authorize(request, "warranties:read")
            let query = try ListQuery(request)
            recordsThread.run { [self] in
                reply(respond) { () throws(StoreError) in
                    var views: [(id: String, view: JSONValue)] = []
                    for warranty in try records.warranties(after: query.after, limit: query.limit) {
                        views.append((warranty.id, try view(warranty)))
                    }
                    return query.page(views, { $0.view }, cursor: { $0.id })
                }
            }
        case ("GET", false):
            _ = try authorize(request, "warranties:read")
            recordsThread.run { [self] in showWarranty(id, respond) }
        case ("PUT", false):
            let key = try authorize(request, "warranties:write")
            guard JobCodec.isIdentifier(id) else {
                throw Problem(400, "bad_id", "An id is 1 to 64 letters, digits, dots, dashes and underscores.")
            }
            var warranty = try WarrantyReader.read(id, try object(request), tenant: key.tenant)
            warranty.leads = directory.warrantySettings?.leadTimes ?? []
            change(.put(warranty), id, respond)
        case ("DELETE", false):
            _ = try authorize(request, "warranties:write")
            change(.remove(id), id, respond)
        default:
            throw Problem.methodNotAllowed(request.method, allow: id.isEmpty ? "GET, HEAD" : "GET, HEAD, PUT, DELETE")
        }
    }

    private func change(_ change: WarrantyChange, _ id: String, _ respond: HTTPResponder) {
        engine.ask({ .warranty(change, ticket: $0) }) { [self] answer in
            switch answer {
            case .recorded:
                if case .remove = change { return self.answer(["deleted": true], respond) }
                recordsThread.run { [self] in showWarranty(id, respond) }
            case .notFound: fail(Problem(404, "not_found", "There is nothing with this id."), respond)
            default: fail(.cannotWrite, respond)
            }
        }
    }

    private func showWarranty(_ id: String, _ respond: HTTPResponder) {
        reply(respond) { () throws(StoreError) in
            guard let warranty = try records.warranty(id) else { return nil }
            return try view(warranty)
        }
    }

    // MARK: the view

    private func view(_ warranty: WarrantyRecord) throws(StoreError) -> JSONValue {
        let reminders = try records.reminders(ofWarranty: warranty.id)
        var out: JSONObject = [
            "id": .string(warranty.id), "boat": .string(warranty.boat), "item": .string(warranty.item),
            "expires_on": .string(WarrantyRecord.text(ofDay: warranty.expires)),
        ]
        out["claim_url"] = warranty.claimURL.map(JSONValue.string)
        if !warranty.variables.isEmpty { out["variables"] = .object(warranty.variables) }
        if !warranty.labels.isEmpty {
            let labels = warranty.labels.sorted { $0.key < $1.key }
            out["labels"] = .object(JSONObject(labels.map { ($0.key, .string($0.value)) }))
        }
        if !warranty.attachments.isEmpty { out["attachments"] = .array(warranty.attachments.map(JSONValue.string)) }
        out["next_reminder"] = nextReminder(warranty, reminders) ?? .null
        out["reminders"] = .array(reminders.map(Self.view))
        return .object(out)
    }

    private func nextReminder(_ warranty: WarrantyRecord, _ reminders: [ReminderRecord]) -> JSONValue? {
        guard let settings = directory.warrantySettings else { return nil }
        let zone = ReminderScan(records: records, acceptance: acceptance).zone(of: warranty, settings, directory)
        let made = Set(reminders.filter { $0.expires == warranty.expires }.map(\.lead))
        return ReminderSchedule(settings).next(warranty, made: made, in: zone, now: clock.now).map { next in
            [
                "at": .string(MessageViews.time(next.at)), "lead_time": .string("\(next.lead)d"),
                "time_zone": .string(zone.name),
            ]
        }
    }

    private static func view(_ reminder: ReminderRecord) -> JSONValue {
        var out: JSONObject = [
            "expires_on": .string(WarrantyRecord.text(ofDay: reminder.expires)),
            "lead_time": .string("\(reminder.lead)d"), "at": .string(MessageViews.time(reminder.at)),
            "outcome": .string(reminder.outcome),
        ]
        out["message"] = reminder.message.map { .string($0.text(.message)) }
        return .object(out)
    }
}
