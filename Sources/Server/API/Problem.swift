import Gateway
import HTTP
import JSON

/// An error answer: RFC 9457 `application/problem+json` with a stable `code` and the places of the faults.
public struct Problem: Error, Sendable, Hashable {
    /// One fault of a request.
    public struct Detail: Sendable, Hashable {
        /// JSON pointer (RFC 6901) into the body.
        public var pointer: String
        /// What is wrong and what to do.
        public var detail: String

        /// A fault at a place.
        public init(_ pointer: String, _ detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    /// The HTTP status.
    public var status: Int
    /// Stable, snake_case.
    public var code: String
    /// For a person.
    public var message: String
    /// All faults of the request, not the first alone.
    public var errors: [Detail]
    /// Seconds after which to try again.
    public var retryAfter: Int?
    /// The provider's own code, beside ours: `provider_code`.
    public var providerCode: Int?
    /// The methods that the address takes, for 405 (RFC 9110 §15.5.6).
    public var allow: String?
    /// Further members, such as `rule`.
    public var extra: [(String, String)] { extras.map { ($0.name, $0.value) } }
    private var extras: [Extra] = []

    private struct Extra: Sendable, Hashable {
        var name: String
        var value: String
    }

    /// A problem without details.
    public init(_ status: Int, _ code: String, _ message: String, errors: [Detail] = [], retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.retryAfter = retryAfter
    }

    /// 405 with the methods that the address takes, such as `GET, HEAD, POST`.
    static func methodNotAllowed(_ method: String, allow: String) -> Problem {
        var problem = Problem(
            405, "method_not_allowed", "This address does not take \(method.prefix(20)); it takes \(allow).")
        problem.allow = allow
        return problem
    }

    /// The problem with a further member.
    public func with(_ name: String, _ value: String) -> Problem {
        var copy = self
        copy.extras.append(Extra(name: name, value: value))
        return copy
    }

    /// The status of a stored answer that is a problem; `nil` for another answer.
    static func status(of answer: [UInt8]) -> Int? {
        guard answer.starts(with: #"{"type":"about:blank""#.utf8) else { return nil }
        return (try? JSONValue(parsing: answer))?["status"]?.int.flatMap { Int(exactly: $0) }
    }

    /// The answer.
    public var response: HTTPResponse {
        var body = JSONObject([
            ("type", "about:blank"), ("title", .string("\(HTTPStatus.reason(status))")),
            ("status", .integer(Int64(status))),
            ("code", .string(code)), ("detail", .string(message)),
        ])
        if let providerCode { body["provider_code"] = .integer(Int64(providerCode)) }
        for extra in extras { body[extra.name] = .string(extra.value) }
        if !errors.isEmpty {
            body["errors"] = .array(
                errors.map { ["pointer": .string($0.pointer), "detail": .string($0.detail)] })
        }
        var headers = HTTPHeaders([("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")])
        if let retryAfter { headers.add("Retry-After", String(retryAfter)) }
        if let allow { headers.add("Allow", allow) }
        return HTTPResponse(status: status, headers: headers, body: JSONValue.object(body).bytes() + [0x0A])
    }
}

extension Problem {
    /// The store is full, busy or failing.
    static var cannotWrite: Problem {
        Problem(503, "unavailable", "The store cannot be written now; try again.", retryAfter: 1)
    }

    /// The store is busy or failing.
    static var cannotRead: Problem {
        Problem(503, "unavailable", "The store cannot be read now; try again.", retryAfter: 1)
    }

    /// The key of an earlier request with another body.
    static var keyMismatch: Problem {
        Problem(422, "idempotency_mismatch", "This Idempotency-Key was used with another body.")
    }

    /// A daily cap of the key is reached; it begins anew at midnight UTC.
    static func capReached(at now: Timestamp) -> Problem {
        Problem(
            429, "cap_reached", "This key's daily cap on calls or spend is reached.",
            retryAfter: Int(86_400 - now.milliseconds / 1_000 % 86_400))
    }
}
