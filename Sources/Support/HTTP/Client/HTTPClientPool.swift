import EventLoop
import TLS

/// A client's part on one loop: the connections by origin, and the calls that wait for one. On the loop only.
final class HTTPClientPool: @unchecked Sendable {
    let loop: EventLoop
    let limits: HTTPClientLimits
    let tls: TLSClientContext?
    let resolver: HTTPNameResolver
    let scratch = ScratchBuffer()
    private var origins: [HTTPURL.Origin: HTTPClientOrigin] = [:]
    /// The origin of the last request, which is nearly always that of the next one.
    private var recent: (key: HTTPURL.Origin, origin: HTTPClientOrigin)?
    private var sweeper: EventLoopTimer?
    /// One timer for the deadlines of all calls, as nearly every call ends before its own.
    private var deadlineTimer: EventLoopTimer?
    private var nextLook = UInt64.max
    private var isShutDown = false

    init(loop: EventLoop, limits: HTTPClientLimits, tls: TLSClientContext?, resolver: HTTPNameResolver) {
        self.loop = loop
        self.limits = limits
        self.tls = tls
        self.resolver = resolver
    }

    /// Begins a call: on an idle connection, on a new one, or waiting for one.
    func submit(_ call: HTTPClientCall) {
        guard !call.isFinished else { return call.cancelledBeforeStart() }
        guard !isShutDown else { return fail(call, .cancelled, "the client is shut down") }
        guard HTTPEncoder.append(call.request, to: &call.encoded) else {
            return fail(call, .invalidRequest, "the method or a field is not well formed")
        }
        guard tls != nil || !call.request.url.origin.isTLS else { return fail(call, .tls, "TLS is not set up") }
        let now = EventLoop.monotonicNow()
        let deadline = now.addingReportingOverflow(call.request.timeout.wholeNanoseconds)
        call.deadline = deadline.overflow ? .max : deadline.partialValue
        lookAtDeadlines(by: call.deadline, now)
        serve(call, now)
    }

    /// Ends a call before its answer; its connection cannot be used any more.
    func abort(_ call: HTTPClientCall, _ code: HTTPClientError.Code, _ message: String) {
        guard !call.isFinished else { return }
        if let connection = call.connection { return connection.fail(code, message) }
        if call.isWaiting { origins[call.request.url.origin]?.stoppedWaiting() }
        fail(call, code, message)
    }

    /// Ends everything; any thread.
    func shutdown() {
        loop.execute { [self] in
            isShutDown = true
            for origin in Array(origins.values) {
                for call in origin.takeWaiting() { fail(call, .cancelled, "the client is shut down") }
                for connection in origin.allConnections { connection.fail(.cancelled, "the client is shut down") }
            }
        }
    }

    /// A connection finished its exchange and may serve another.
    func released(_ connection: HTTPClientConnection) {
        guard let origin = origin(connection.origin), !isShutDown else { return connection.close() }
        if let call = origin.nextWaiting(wantsFresh: false) {
            connection.begin(call)
        } else if origin.waitingCount > 0 {
            // The first in the row wants a fresh connection, which takes this one's place.
            connection.close()
        } else {
            connection.idleSince = loop.now
            origin.idle.append(connection)
            sweepLater()
        }
    }

    /// A connection is closed; a call that waits gets a new one.
    func closed(_ connection: HTTPClientConnection) {
        guard let origin = origin(connection.origin) else { return }
        origin.remove(connection)
        if !isShutDown, let call = origin.nextWaiting(wantsFresh: true) { open(call, origin) }
        if origin.isEmpty {
            origins[connection.origin] = nil
            recent = nil
        }
    }

    private func origin(_ key: HTTPURL.Origin) -> HTTPClientOrigin? {
        if let recent, recent.key == key { return recent.origin }
        guard let origin = origins[key] else { return nil }
        recent = (key, origin)
        return origin
    }

    private func serve(_ call: HTTPClientCall, _ now: UInt64) {
        let key = call.request.url.origin
        let origin = origin(key) ?? HTTPClientOrigin()
        if !call.request.freshConnection, let connection = usable(origin, call.request, now) {
            return connection.begin(call)
        }
        if origin.count >= limits.connectionsPerOrigin, let oldest = origin.idle.first {
            oldest.close()
        }
        if origin.count < limits.connectionsPerOrigin { return open(call, origin) }
        guard origin.waitingCount < limits.waitingPerOrigin else {
            return fail(call, .connect, "too many requests wait for a connection")
        }
        origins[key] = origin
        origin.wait(call)
    }

    // The newest idle connection that the peer has not closed.
    private func usable(
        _ origin: HTTPClientOrigin, _ request: HTTPClientRequest, _ now: UInt64
    ) -> HTTPClientConnection? {
        let oldest = request.maxIdleBeforeReuse.wholeNanoseconds
        while let connection = origin.idle.popLast() {
            if now &- connection.idleSince < oldest, connection.isAlive() { return connection }
            connection.close()
        }
        return nil
    }

    private func open(_ call: HTTPClientCall, _ origin: HTTPClientOrigin) {
        let key = call.request.url.origin
        origins[key] = origin
        let connection = HTTPClientConnection(pool: self, origin: key)
        origin.add(connection)
        connection.open(for: call)
    }

    private func fail(_ call: HTTPClientCall, _ code: HTTPClientError.Code, _ message: String) {
        call.finish(.failure(HTTPClientError(code: code, requestBytesWritten: false, message: message)))
    }

    private func sweepLater() {
        guard sweeper == nil else { return }
        sweeper = loop.schedule(after: min(limits.idleTimeout / 4, .seconds(1))) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        sweeper = nil
        let longest = limits.idleTimeout.wholeNanoseconds
        var isLeft = false
        for origin in Array(origins.values) {
            for connection in origin.idle where loop.now &- connection.idleSince >= longest { connection.close() }
            if !origin.idle.isEmpty { isLeft = true }
        }
        if isLeft { sweepLater() }
    }

    // MARK: deadlines

    /// Makes sure that the deadlines are looked at by a time.
    private func lookAtDeadlines(by time: UInt64, _ now: UInt64) {
        guard time < nextLook else { return }
        nextLook = time
        deadlineTimer?.cancel()
        deadlineTimer = loop.schedule(after: .nanoseconds(Int64(clamping: time - min(now, time)))) { [weak self] in
            self?.endOverdue()
        }
    }

    private func endOverdue() {
        deadlineTimer = nil
        nextLook = .max
        var next = UInt64.max
        let calls = origins.values.flatMap(\.calls)
        for call in calls where call.deadline <= loop.now { abort(call, .timeout, "no complete answer in time") }
        for call in calls where !call.isFinished { next = min(next, call.deadline) }
        if next < .max { lookAtDeadlines(by: next, loop.now) }
    }
}
