import EventLoop
import Synchronization

/// One exchange of a client that is under way; see ``HTTPClient/execute(_:completion:)``.
public final class HTTPClientCall: @unchecked Sendable {
    // Unchecked: everything but `completion` belongs to the pool's loop.
    typealias Completion = @Sendable (Result<HTTPResponse, HTTPClientError>) -> Void

    let request: HTTPClientRequest
    /// Takes the body while it arrives; `nil` for an answer that is handed out whole.
    let intake: HTTPBodyIntake?
    /// The request as bytes.
    var encoded: [UInt8] = []
    /// The connection that works for this call. It lets go of the call before it ends; a weak reference would make every
    /// count of the connection's references slow.
    unowned var connection: HTTPClientConnection?
    /// When the call is given up, in nanoseconds of the loop's clock.
    var deadline = UInt64.max
    /// Whether the call waits for a connection.
    var isWaiting = false
    private(set) var isFinished = false
    private let pool: HTTPClientPool
    private let completion = Mutex<Completion?>(nil)

    init(_ request: HTTPClientRequest, pool: HTTPClientPool, intake: HTTPBodyIntake? = nil) {
        self.request = request
        self.intake = intake
        self.pool = pool
    }

    deinit {
        // The loop was stopped under it.
        complete(.failure(HTTPClientError(code: .cancelled, requestBytesWritten: true, message: "the loop stopped")))
    }

    /// Gives the exchange up: it fails with `cancelled` unless it is complete already. Any thread, any number of times.
    public func cancel() {
        pool.loop.execute { [self] in
            pool.abort(self, .cancelled, "cancelled")
        }
    }

    func start(_ completion: @escaping Completion) {
        self.completion.withLock { $0 = completion }
        if pool.loop.isOnLoop {
            pool.submit(self)
        } else if !pool.loop.execute({ [self] in pool.submit(self) }) {
            complete(
                .failure(HTTPClientError(code: .cancelled, requestBytesWritten: false, message: "the loop stopped")))
        }
    }

    /// The call ended before there was anyone to tell.
    func cancelledBeforeStart() {
        complete(.failure(HTTPClientError(code: .cancelled, requestBytesWritten: false, message: "cancelled")))
    }

    /// Ends the call; what comes later is ignored. On the loop.
    func finish(_ result: Result<HTTPResponse, HTTPClientError>) {
        guard !isFinished else { return }
        isFinished = true
        connection = nil
        encoded = []
        complete(result)
    }

    private func complete(_ result: Result<HTTPResponse, HTTPClientError>) {
        let completion = completion.withLock { slot in
            let completion = slot
            slot = nil
            return completion
        }
        completion?(result)
    }
}
