import Synchronization

/// The body of an answer that comes into being while it is sent: give it to ``HTTPResponse/stream`` and write, from any
/// thread, for as long as it is open. What the peer has not taken yet is bounded.
public final class HTTPBodyStream: Sendable {
    /// Who sends what is written, when it is told that there is something.
    typealias Sink = @Sendable () -> Void

    private struct State {
        var waiting: [UInt8] = []
        /// No more will be written.
        var isFinished = false
        /// The peer is gone, or took too little for too long.
        var isClosed = false
        var sink: Sink?
        /// The sink was told and has not looked yet.
        var isTold = false
        /// Bytes that were written.
        var written = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    /// Bytes that the body will have, where that is known before; then `Content-Length` frames it instead of chunks.
    let length: Int?
    private let drained: @Sendable () -> Void

    /// - Parameters:
    ///   - limit: bytes that may wait, beside what the connection is sending.
    ///   - length: of the whole body, where it is known; the peer sees that something is missing when it has less.
    ///   - drained: called on a loop each time when all that waited was taken, and when the stream is over; it must not
    ///     block.
    public init(limit: Int = 256 * 1024, length: Int? = nil, drained: @escaping @Sendable () -> Void = {}) {
        self.limit = limit
        self.length = length
        self.drained = drained
    }

    /// Whether it is of any use to write. A peer that went away is noticed when something is sent.
    public var isOpen: Bool { state.withLock { !$0.isClosed && !$0.isFinished } }

    /// How many bytes may be written now; 0 when the stream is over.
    public var room: Int {
        state.withLock { $0.isClosed || $0.isFinished ? 0 : max(0, limit - $0.waiting.count) }
    }

    /// Sends bytes after all that was written before.
    /// - Returns: `false` when the stream is over, or when more would wait than may: then it is over, and the connection is
    ///   closed.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        change { state in
            guard !state.isClosed, !state.isFinished else { return false }
            guard state.waiting.count + bytes.count <= limit, state.written + bytes.count <= length ?? .max else {
                state.isClosed = true
                state.waiting = []
                return false
            }
            state.written += bytes.count
            state.waiting += bytes
            return true
        }
    }

    /// The body is complete; what was written is still sent.
    public func finish() {
        change { $0.isFinished = true }
    }

    /// Ends the stream without an end of the body: the peer sees that something is missing.
    public func cut() {
        change { state in
            state.isClosed = true
            state.waiting = []
        }
    }

    @discardableResult
    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, sink) = state.withLock { state in
            let result = body(&state)
            let sink = state.isTold ? nil : state.sink
            if sink != nil { state.isTold = true }
            return (result, sink)
        }
        sink?()
        return result
    }

    // MARK: the connection's side

    /// What there is to be sent.
    enum Part: Equatable {
        case bytes([UInt8])
        /// Nothing now.
        case nothing
        /// The body is complete.
        case end
        /// The connection is to be closed.
        case cut
    }

    /// From now on the sink is told when there is something.
    func attach(_ sink: @escaping Sink) { state.withLock { $0.sink = sink } }

    /// Takes what waits.
    func take() -> Part {
        let part = state.withLock { state -> Part in
            state.isTold = false
            if state.isClosed { return .cut }
            guard state.waiting.isEmpty else {
                defer { state.waiting = [] }
                return .bytes(state.waiting)
            }
            guard state.isFinished else { return .nothing }
            return state.written == length ?? state.written ? .end : .cut
        }
        if case .bytes = part { drained() }
        return part
    }

    /// The connection is over.
    func detach() {
        state.withLock { state in
            state.isClosed = true
            state.waiting = []
            state.sink = nil
        }
        drained()
    }
}
