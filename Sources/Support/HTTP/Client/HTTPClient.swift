import EventLoop
import TLS

/// An HTTP/1.1 client on the loops of a group, with a pool of connections per loop and origin.
///
/// It never repeats a request and follows no redirect: only the caller knows whether that is right, and
/// ``HTTPClientError/requestBytesWritten`` tells what may have happened. Call ``shutdown()`` before the group is stopped.
public final class HTTPClient: Sendable {
    private let group: EventLoopGroup
    private let pools: [HTTPClientPool]

    /// Makes a client. Without a TLS context `https` requests fail with `tls`.
    public convenience init(
        group: EventLoopGroup, limits: HTTPClientLimits = HTTPClientLimits(), tls: TLSClientContext? = nil
    ) {
        self.init(group: group, limits: limits, tls: tls, resolver: HTTPNameResolver(lifetime: limits.nameLifetime))
    }

    init(group: EventLoopGroup, limits: HTTPClientLimits, tls: TLSClientContext?, resolver: HTTPNameResolver) {
        self.group = group
        pools = group.loops.map { HTTPClientPool(loop: $0, limits: limits, tls: tls, resolver: resolver) }
    }

    /// Sends a request. On a loop of the group it stays on that loop; `completion` is called once, on a loop.
    @discardableResult
    public func execute(
        _ request: HTTPClientRequest,
        completion: @escaping @Sendable (Result<HTTPResponse, HTTPClientError>) -> Void
    ) -> HTTPClientCall {
        let call = HTTPClientCall(request, pool: nextPool())
        call.start(completion)
        return call
    }

    /// Sends a request and waits for its answer. Cancelling the task cancels the exchange.
    public func execute(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse {
        let call = HTTPClientCall(request, pool: nextPool())
        let result: Result<HTTPResponse, HTTPClientError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                call.start { continuation.resume(returning: $0) }
            }
        } onCancel: {
            call.cancel()
        }
        return try result.get()
    }

    /// Sends a request whose answer is taken while it arrives, piece by piece and in bounded memory. The intake is told
    /// when there is something; the limit of bodies is the intake's, not the client's.
    @discardableResult
    public func receive(_ request: HTTPClientRequest, into intake: HTTPBodyIntake) -> HTTPClientCall {
        let call = HTTPClientCall(request, pool: nextPool(), intake: intake)
        call.start { intake.finish($0) }
        return call
    }

    /// Ends every exchange with `cancelled` and closes every connection soon after; later requests fail. Any thread.
    public func shutdown() {
        for pool in pools { pool.shutdown() }
    }

    private func nextPool() -> HTTPClientPool {
        let loop = group.current ?? group.next()
        return pools.first { $0.loop === loop } ?? pools[0]
    }
}
