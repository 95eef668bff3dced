import JSON

/// The HTTP API of a running gateway, as commands use it. Calls block.
protocol GatewayAPI: Sendable {
    /// Sends a request and waits for its answer, whatever its status.
    /// - Throws: when there is no answer.
    func exchange(_ request: APIRequest) throws(CommandFailure) -> APIAnswer
    /// Takes the body of an answer while it arrives.
    /// - Throws: what the gateway found wrong, what `write` throws, or that there was no whole answer.
    func receive(
        _ path: String, _ write: ([UInt8]) throws(CommandFailure) -> Void
    ) throws(CommandFailure)
}

/// A request to the API.
struct APIRequest: Sendable, Hashable {
    var method: String
    /// With its query, encoded.
    var path: String
    var body: JSONValue?
    /// A table, instead of `body`.
    var csv: [UInt8]?
    /// The header `Idempotency-Key`.
    var idempotencyKey: String?

    init(_ method: String, _ path: String, body: JSONValue? = nil, idempotencyKey: String? = nil) {
        self.method = method
        self.path = path
        self.body = body
        self.idempotencyKey = idempotencyKey
    }
}

/// An answer of the API.
struct APIAnswer: Sendable, Hashable {
    var status: Int
    /// `null` for an answer without a body.
    var value: JSONValue

    /// The answer of a request that was understood and done.
    func success() throws(CommandFailure) -> JSONValue {
        guard status >= 400 else { return value }
        let code = value["code"]?.string ?? "http_\(status)"
        var lines = [value["detail"]?.string ?? "the gateway answered with status \(status)"]
        if let rule = value["rule"]?.string { lines.append("  rule: \(rule)") }
        for fault in value["errors"]?.array ?? [] {
            lines.append("  \(fault["pointer"]?.string ?? ""): \(fault["detail"]?.string ?? "")")
        }
        throw CommandFailure(code, lines.joined(separator: "\n"))
    }
}

extension GatewayAPI {
    /// The answer's value.
    /// - Throws: what the gateway found wrong, for a person.
    func value(_ method: String, _ path: String, body: JSONValue? = nil) throws(CommandFailure) -> JSONValue {
        try exchange(APIRequest(method, path, body: body)).success()
    }
}
