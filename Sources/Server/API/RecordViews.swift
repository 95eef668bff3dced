import Gateway
import JSON

/// Records as the API shows them.
enum RecordViews {
    static func contact(_ contact: ContactRecord) -> JSONValue {
        var out: JSONObject = ["id": .string(contact.id), "name": .string(contact.name)]
        out["locale"] = contact.locale.map(JSONValue.string)
        out["time_zone"] = contact.timeZone.map(JSONValue.string)
        out["addresses"] = .array(
            contact.addresses.map {
                ["kind": .string($0.kind), "value": .string($0.value), "verified": .bool($0.verified)]
            })
        return .object(out)
    }

    static func boat(_ boat: BoatRecord) -> JSONValue {
        [
            "id": .string(boat.id), "name": .string(boat.name),
            "contacts": .array(boat.contacts.map { ["id": .string($0.contact), "role": .string($0.role)] }),
        ]
    }

    static func consent(_ consent: ConsentRecord) -> JSONValue {
        [
            "address": .string(consent.number), "sender": .string(consent.sender),
            "state": consent.isGranted ? "granted" : "withdrawn", "since": .string(MessageViews.time(consent.since)),
        ]
    }

    static func statement(_ statement: ConsentStatement) -> JSONValue {
        var out: JSONObject = ["at": .string(MessageViews.time(statement.at))]
        for member in consent(statement.consent).object?.members ?? [] { out[member.key] = member.value }
        out["source"] = .string(statement.source.word)
        switch statement.source {
        case .api(let key): out["key"] = .string(key)
        case .message(let providerID): out["provider_id"] = .string(providerID)
        case .provider(let delivery): out["delivery"] = .string(delivery.text(.delivery))
        case .earlier: break
        }
        out["ignored"] = .bool(statement.isIgnored)
        return .object(out)
    }

    static func key(_ key: KeyRecord) -> JSONValue {
        var out: JSONObject = [
            "id": .string(key.id), "name": .string(key.name),
            "scopes": .array(key.scopes.map(JSONValue.string)), "tenant": .string(key.tenant),
            "created": .string(MessageViews.time(key.created)),
        ]
        out["daily_calls"] = key.dailyCalls.map { .integer(Int64($0)) }
        out["daily_spend"] = key.dailySpend.map { .string(Money(micros: $0, currency: "").decimal) }
        out["revoked"] = key.revoked.map { .string(MessageViews.time($0)) }
        return .object(out)
    }

    static func review(_ review: ReviewRecord) -> JSONValue {
        var out: JSONObject = [
            "id": .string(review.id.text(.review)), "reason": .string(review.reason),
            "state": review.isOpen ? "open" : "closed", "created": .string(MessageViews.time(review.created)),
        ]
        out["delivery"] = review.delivery.map { .string($0.text(.delivery)) }
        out["inbound"] = review.inbound.map { .string($0.text(.inbound)) }
        out["contact"] = review.contact.map(JSONValue.string)
        out["draft"] = review.draft.map(JSONValue.string)
        out["reply"] = review.reply.map { .string($0.text(.message)) }
        out["closed"] = review.closed.map { .string(MessageViews.time($0)) }
        out["verdict"] = review.verdict.map { .string($0.rawValue) }
        out["closed_by"] = review.closedBy.map(JSONValue.string)
        return .object(out)
    }

    static func task(_ task: TaskRecord) -> JSONValue {
        var out: JSONObject = [
            "id": .string(task.id.text(.task)), "queue": .string(task.queue), "priority": .int(task.priority),
            "state": .string(task.state.rawValue), "created": .string(MessageViews.time(task.created)),
            "changed": .string(MessageViews.time(task.changed)),
        ]
        out["worker"] = task.worker.map(JSONValue.string)
        out["workflow"] = task.course.workflow.map(JSONValue.string)
        out["entered"] = .string(MessageViews.time(task.entered))
        out["until"] = task.course.until.map { .string(MessageViews.time($0)) }
        out["accepted"] = task.accepted.map { .string(MessageViews.time($0)) }
        out["reason"] = task.reason.map(JSONValue.string)
        out["inbound"] = task.inbound.map { .string($0.text(.inbound)) }
        out["contact"] = task.contact.map(JSONValue.string)
        out["attributes"] = (try? JSONValue(parsing: task.attributes)) ?? [:]
        return .object(out)
    }

    static func inbound(_ inbound: InboundRecord) -> JSONValue {
        var out: JSONObject = [
            "id": .string(inbound.id.text(.inbound)), "created": .string(MessageViews.time(inbound.created)),
            "channel": .string(inbound.channel), "from": .string(inbound.from), "to": .string(inbound.to),
            "provider_id": .string(inbound.providerID),
        ]
        out["contact"] = inbound.contact.map(JSONValue.string)
        if let body = try? JSONValue(parsing: inbound.body).object {
            for member in body.members { out[member.key] = member.value }
        }
        return .object(out)
    }
}
