import Forms
import Gateway
import JSON

/// What a verified webhook carries: the query's items and the parameters, which lie in the body, or for GET in the
/// query as well. Unknown names stay unread.
struct WebhookParameters {
    private let query: FormView
    private let fields: FormView

    /// - Parameter form: what `SignatureVerifier.form(of:)` says of the request.
    init(_ request: WebhookRequest, _ form: FormView?) {
        query = request.withTarget { _, query in FormView(parsing: query) }
        fields = form ?? (request.method == "GET" ? query : FormView())
    }

    /// What a message's parameters say beside its text.
    var details: JSONObject { MessageDetails.details(of: fields) }

    /// What a status callback says beside its status; `nil` for nothing.
    func statusDetails(unknown: (name: String, value: String)?) -> [UInt8]? {
        StatusDetails.details(of: fields, unknown: unknown).map { JSONValue.object($0).bytes() }
    }

    /// A parameter that is there and not empty.
    subscript(name: String) -> String? {
        guard let value = fields.string(named: name), !value.isEmpty else { return nil }
        return value
    }

    /// A whole number from 0; `nil` for anything else.
    func number(_ name: String) -> Int? {
        guard let text = self[name], let value = Int(text), value >= 0 else { return nil }
        return value
    }

    /// An item that the gateway put into the URL itself: `t`, `n`, `menu`, `f`, `tenant`, `c`. Longer ones are not its
    /// own.
    func item(_ name: String) -> String? {
        guard let value = query.string(named: name), !value.isEmpty, value.utf8.count <= 256 else { return nil }
        return value
    }

    /// Twilio's code of a failure, zero when there is none.
    var errorCode: Int32 { self["ErrorCode"].flatMap { Int32($0) } ?? 0 }

    /// A resource id.
    func sid(_ names: String...) -> String? {
        for name in names {
            if let value = self[name], Twilio.isSid(value) { return value }
        }
        return nil
    }
}
