import Gateway
import HTTP
import JSON

// Errors as they are stored, and what is known of receipts.

extension PrivateEndpoint {
    /// A key sees the errors of its tenant; one with `errors:all` those of all tenants and of the gateway itself.
    func listErrors(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "errors:read")
        let list = try ListQuery(request, filters: ErrorReader.filters)
        let query = try ErrorReader.query(list, tenant: key.may("errors:all") ? nil : key.tenant)
        store(respond) { [self] () throws(StoreError) in
            let rows = try records.errors(query, before: list.cursor, limit: list.limit)
            return list.page(rows, RecordViews.error) { $0.id.digits }
        }
    }
}

extension RecordViews {
    static func error(_ error: ErrorRecord) -> JSONValue {
        [
            "id": .string(error.id.text(.error)), "code": .string(error.code),
            "severity": .string(error.severity.word), "message": .string(error.message),
            "count": .int(error.count), "first_at": .string(MessageViews.time(error.first)),
            "last_at": .string(MessageViews.time(error.last)), "context": context(error.context),
        ]
    }

    /// What is not known, or does not apply, is left out. Steps and attempts count from 1, as everywhere.
    private static func context(_ context: ErrorContext) -> JSONValue {
        var out: JSONObject = [:]
        let names = [
            ("tenant", context.tenant), ("channel", context.channel), ("provider", context.provider),
            ("country", context.country),
        ]
        out["delivery"] = context.delivery.map { .string($0.text(.delivery)) }
        out["message"] = context.message.map { .string($0.text(.message)) }
        for (name, value) in names where !value.isEmpty { out[name] = .string(value) }
        out["step"] = context.step.map { .int($0 + 1) }
        out["attempt"] = context.attempt.map { .int($0 + 1) }
        if context.providerCode != 0 { out["provider_code"] = .int(context.providerCode) }
        return .object(out)
    }
}
