import Synchronization

/// Idempotency keys whose requests are under way.
final class RunningKeys: Sendable {
    private let keys = Mutex<Set<String>>([])

    /// `false` when a request of the key is under way already.
    func begin(_ key: String) -> Bool { keys.withLock { $0.insert(key).inserted } }

    /// The request of the key has ended.
    func end(_ key: String) { keys.withLock { _ = $0.remove(key) } }
}
