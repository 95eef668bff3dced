/// The connections to one origin, and the calls that wait for one, first come first served.
final class HTTPClientOrigin {
    /// Connections that may be used, the longest idle first.
    var idle: [HTTPClientConnection] = []
    private var connections: [ObjectIdentifier: HTTPClientConnection] = [:]
    private var waiting: [HTTPClientCall] = []
    private var head = 0
    /// Calls that wait and were not given up.
    private(set) var waitingCount = 0

    /// Connections, in use or idle.
    var count: Int { connections.count }

    var isEmpty: Bool { connections.isEmpty && waitingCount == 0 }

    var allConnections: [HTTPClientConnection] { Array(connections.values) }

    /// Every call that is under way or waits.
    var calls: [HTTPClientCall] {
        connections.values.compactMap(\.call) + waiting[head...].filter { !$0.isFinished }
    }

    func add(_ connection: HTTPClientConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: HTTPClientConnection) {
        connections[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
    }

    func wait(_ call: HTTPClientCall) {
        call.isWaiting = true
        waiting.append(call)
        waitingCount += 1
    }

    /// A call that waits was given up; it stays in the row until its turn.
    func stoppedWaiting() {
        waitingCount -= 1
        if waitingCount == 0 {
            waiting = []
            head = 0
        }
    }

    /// The first call that waits. For a connection that was used before, a call that wants a fresh one is passed over
    /// only by not being served: the order stays.
    func nextWaiting(wantsFresh: Bool) -> HTTPClientCall? {
        while head < waiting.count {
            let call = waiting[head]
            if !call.isFinished, call.request.freshConnection, !wantsFresh { return nil }
            head += 1
            if head > 256, head * 2 > waiting.count {
                waiting.removeFirst(head)
                head = 0
            }
            guard !call.isFinished else { continue }
            call.isWaiting = false
            stoppedWaiting()
            return call
        }
        return nil
    }

    /// Every call that waits; none does afterwards.
    func takeWaiting() -> [HTTPClientCall] {
        let all = waiting[head...].filter { !$0.isFinished }
        waiting = []
        head = 0
        waitingCount = 0
        return all
    }
}
