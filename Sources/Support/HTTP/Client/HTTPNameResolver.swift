import Dispatch
import EventLoop
import Synchronization

/// Looks names up on threads that may wait, and keeps what it found for a short time. Numeric addresses need no look-up.
final class HTTPNameResolver: Sendable {
    typealias Completion = @Sendable ([SocketAddress]) -> Void

    private struct Found {
        let addresses: [SocketAddress]
        let expiry: UInt64
    }

    private struct State {
        var found: [String: Found] = [:]
        var asking: [String: [Completion]] = [:]
        var queue: [String] = []
        var running = 0
    }

    private static let cacheLimit = 1024
    /// Look-ups at one time, so that one name whose servers are silent does not hold up the others.
    private static let parallel = 4

    private let lifetime: UInt64
    private let lookUp: @Sendable (String) -> [SocketAddress]
    private let now: @Sendable () -> UInt64
    private let threads = DispatchQueue(label: "names", attributes: .concurrent)
    private let state = Mutex(State())

    /// Makes a resolver that keeps names for `lifetime`; `lookUp` may block, `now` is in nanoseconds.
    init(
        lifetime: Duration, lookUp: @escaping @Sendable (String) -> [SocketAddress] = HTTPNameResolver.system,
        now: @escaping @Sendable () -> UInt64 = EventLoop.monotonicNow
    ) {
        self.lifetime = lifetime.wholeNanoseconds
        self.lookUp = lookUp
        self.now = now
    }

    /// Finds the addresses of a host, empty when there are none; calls back at once when they are known, else on a
    /// thread of the resolver.
    func resolve(_ host: String, port: Int, completion: @escaping Completion) {
        if let numeric = SocketAddress.resolve(host, port: port, numericOnly: true).first {
            return completion([numeric])
        }
        let known = state.withLock { state -> [SocketAddress]? in
            if let found = state.found[host], found.expiry > now() { return found.addresses }
            let callback: Completion = { addresses in completion(addresses.map { $0.with(port: port) }) }
            if state.asking[host] == nil { state.queue.append(host) }
            state.asking[host, default: []].append(callback)
            return nil
        }
        if let known { return completion(known.map { $0.with(port: port) }) }
        work()
    }

    @Sendable private static func system(_ host: String) -> [SocketAddress] {
        SocketAddress.resolve(host, port: 0)
    }

    private func work() {
        let next = state.withLock { state -> String? in
            guard state.running < Self.parallel, !state.queue.isEmpty else { return nil }
            state.running += 1
            return state.queue.removeFirst()
        }
        guard let host = next else { return }
        threads.async { [self] in
            finish(host, lookUp(host))
            work()
        }
    }

    private func finish(_ host: String, _ addresses: [SocketAddress]) {
        let waiting = state.withLock { state in
            state.running -= 1
            if !addresses.isEmpty {
                if state.found.count >= Self.cacheLimit { state.found = [:] }
                let expiry = now().addingReportingOverflow(lifetime)
                state.found[host] = Found(addresses: addresses, expiry: expiry.overflow ? .max : expiry.partialValue)
            }
            return state.asking.removeValue(forKey: host) ?? []
        }
        for callback in waiting { callback(addresses) }
    }
}
