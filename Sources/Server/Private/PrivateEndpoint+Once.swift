import Gateway
import HTTP
import JSON

// Requests that make something beside the engine, once for each Idempotency-Key.

extension PrivateEndpoint {
    /// What a request comes to: its answer, and what a repeat is answered from.
    struct Conclusion: Sendable {
        var status: Int
        var body: JSONValue
        var kept: JSONValue
        /// What of the request had no effect.
        var warning: String?
    }

    /// Runs `body` with what an earlier request kept, one request of a key at a time. `finish` takes what to keep.
    func once(
        _ key: IdempotencyKey?, _ respond: HTTPResponder,
        _ body: @escaping @Sendable (JSONValue?, @escaping @Sendable (Conclusion?) -> Void) -> Void
    ) {
        guard let key else {
            body(nil) { [self] made in if let made { answer(made, respond) } }
            return
        }
        guard runningKeys.begin(key.key) else {
            fail(
                Problem(
                    409, "still_running", "A request with this Idempotency-Key is under way; try again.", retryAfter: 1),
                respond)
            return
        }
        engine.ask({ .recall(key, ticket: $0) }) { [self] result in
            switch result {
            case .replayed(let bytes):
                // Before the answer: whoever has it may use the key again at once.
                runningKeys.end(key.key)
                body((try? JSONValue(parsing: bytes)) ?? .null) { _ in }
            case .notFound: body(nil) { [self] made in keep(made, key, respond) }
            case .keyMismatch:
                runningKeys.end(key.key)
                fail(.keyMismatch, respond)
            default:
                runningKeys.end(key.key)
                fail(.cannotWrite, respond)
            }
        }
    }

    private func answer(_ made: Conclusion, _ respond: HTTPResponder) {
        answer(made.body.bytes(), status: made.status, warning: made.warning, respond)
    }

    /// The answer leaves once a repeat of the request would get it too.
    private func keep(_ made: Conclusion?, _ key: IdempotencyKey, _ respond: HTTPResponder) {
        guard let made else {
            runningKeys.end(key.key)
            return
        }
        engine.ask({ .remember(key, answer: made.kept.bytes(), ticket: $0) }) { [self] result in
            runningKeys.end(key.key)
            if case .replayed = result {
                answer(made, respond)
            } else {
                fail(.cannotWrite, respond)
            }
        }
    }
}
