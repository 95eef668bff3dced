import Synchronization

/// The body of an answer that is taken while it arrives: give it to ``HTTPClient/receive(_:into:)`` and take, from any
/// thread. What was not taken yet is bounded: beyond it nothing is read from the connection, so that the peer waits.
public final class HTTPBodyIntake: Sendable {
    /// What there is to be taken.
    public enum Part: Sendable {
        /// The status line and header of the final answer; comes first, once.
        case head(HTTPResponse)
        /// Bytes of the body without its transfer coding, at least one.
        case bytes([UInt8])
        /// Nothing now.
        case nothing
        /// The body is complete; nothing follows.
        case end
        /// The exchange failed; nothing follows.
        case failed(HTTPClientError)
    }

    private struct State {
        var head: HTTPResponse?
        var isHeadTaken = false
        var pieces: [[UInt8]] = []
        var waiting = 0
        var result: Result<Void, HTTPClientError>?
        /// The taker was told and has not looked since.
        var isTold = false
        /// Goes on with reading; set while the connection holds back.
        var resume: (@Sendable () -> Void)?
    }

    /// The longest body in bytes, after transfer decoding.
    public let bodyBytes: Int
    private let state = Mutex(State())
    private let limit: Int
    private let arrived: @Sendable () -> Void

    /// - Parameters:
    ///   - bodyBytes: the longest body; a longer one fails with `tooLarge`, before it comes where its length is told.
    ///   - limit: bytes that may wait; one more read may come on top of them.
    ///   - arrived: called on a loop when there is something to take; it must not block.
    public init(bodyBytes: Int, limit: Int = 256 * 1024, arrived: @escaping @Sendable () -> Void) {
        self.bodyBytes = max(0, bodyBytes)
        self.limit = max(1, limit)
        self.arrived = arrived
    }

    /// Takes the next part.
    public func take() -> Part {
        let (part, resume) = state.withLock { state -> (Part, (@Sendable () -> Void)?) in
            state.isTold = false
            if !state.isHeadTaken, let head = state.head {
                state.isHeadTaken = true
                return (.head(head), nil)
            }
            guard state.pieces.isEmpty else {
                let bytes = state.pieces.removeFirst()
                state.waiting -= bytes.count
                guard state.pieces.isEmpty else { return (.bytes(bytes), nil) }
                defer { state.resume = nil }
                return (.bytes(bytes), state.resume)
            }
            return switch state.result {
            case .success: (.end, nil)
            case .failure(let error): (.failed(error), nil)
            case nil: (.nothing, nil)
            }
        }
        resume?()
        return part
    }

    // MARK: the connection's side

    /// The header is complete; a second call does nothing.
    func begin(_ head: HTTPResponse) {
        change { state in
            guard state.head == nil else { return false }
            state.head = head
            return true
        }
    }

    /// Bytes of the body came.
    func add(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        change { state in
            state.pieces.append(bytes)
            state.waiting += bytes.count
            return true
        }
    }

    /// Whether so much waits that the connection must hold back; then `resume` is called once when it was taken.
    func holdsBack(_ resume: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.waiting >= limit else { return false }
            state.resume = resume
            return true
        }
    }

    /// Bytes that wait.
    var waiting: Int { state.withLock { $0.waiting } }

    /// So much waits that nothing more is read, or nothing follows.
    var isFull: Bool { state.withLock { $0.waiting >= limit || $0.result != nil } }

    /// The exchange is over.
    func finish(_ result: Result<HTTPResponse, HTTPClientError>) {
        change { state in
            guard state.result == nil else { return false }
            switch result {
            case .success(var response):
                if !response.body.isEmpty {
                    state.pieces.append(response.body)
                    state.waiting += response.body.count
                    response.body = []
                }
                if state.head == nil { state.head = response }
                state.result = .success(())
            case .failure(let error): state.result = .failure(error)
            }
            state.resume = nil
            return true
        }
    }

    private func change(_ body: (inout State) -> Bool) {
        let tells = state.withLock { state in
            guard body(&state), !state.isTold else { return false }
            state.isTold = true
            return true
        }
        if tells { arrived() }
    }
}
