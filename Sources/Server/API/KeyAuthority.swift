import Crypto
import Gateway
import Synchronization

/// API keys: who may do what. Secrets are hashed at rest; failed attempts are limited by address.
public final class KeyAuthority: Sendable {
    private struct State {
        var keys: [String: KeyRecord] = [:]
        var failures: [String: Failures] = [:]
        /// Keys whose secret was right, by the keyed hash of what was sent: a request's secret is hashed once, not
        /// each time. Emptied by every change.
        var proven: [UInt64: KeyRecord] = [:]
    }

    private struct Failures {
        var count: Int
        var since: Timestamp
    }

    /// Failed attempts of an address within `window` before it is refused unheard.
    static let failureLimit = 10
    static let window = Duration.seconds(60)

    private let state = Mutex(State())
    /// Under a key of this process, so that nobody can look for a text of the same hash.
    private let marks = SipHash(key0: .random(in: .min ... .max), key1: .random(in: .min ... .max))
    private let records: any RecordStore
    private let clock: any GatewayClock

    /// Loads all keys.
    public init(records: any RecordStore, clock: any GatewayClock) throws(StoreError) {
        self.records = records
        self.clock = clock
        let keys = try records.keys()
        state.withLock { state in for key in keys { state.keys[key.id] = key } }
    }

    /// Whether there is no usable key yet.
    public var isEmpty: Bool { state.withLock { $0.keys.values.allSatisfy { $0.revoked != nil } } }

    /// Makes a key and returns its text, which is shown once: `gw_` id `_` secret.
    public func create(
        name: String, scopes: [String], tenant: String = "default", dailyCalls: Int? = nil, dailySpend: Int64? = nil
    ) throws(StoreError) -> (record: KeyRecord, text: String) {
        guard let id = SecureRandom.bytes(8), let secret = SecureRandom.bytes(24) else {
            throw StoreError(.failed, "the system has no randomness")
        }
        let secretText = Hex.encode(secret)
        var record = KeyRecord(
            id: Hex.encode(id), name: name, hash: Self.hash(secretText), scopes: scopes, tenant: tenant,
            created: clock.now)
        record.dailyCalls = dailyCalls
        record.dailySpend = dailySpend
        try put(record)
        return (record, "gw_" + record.id + "_" + secretText)
    }

    /// Ends a key; `false` when there is none.
    public func revoke(_ id: String) throws(StoreError) -> Bool {
        guard var record = state.withLock({ $0.keys[id] }) else { return false }
        record.revoked = clock.now
        try put(record)
        return true
    }

    /// All keys, in the order of their creation.
    public var list: [KeyRecord] {
        state.withLock { $0.keys.values.sorted { ($0.created, $0.id) < ($1.created, $1.id) } }
    }

    /// A key by its id, also a revoked one.
    func key(_ id: String) -> KeyRecord? { state.withLock { $0.keys[id] } }

    private func put(_ record: KeyRecord) throws(StoreError) {
        try records.put(record)
        state.withLock { state in
            state.keys[record.id] = record
            state.proven.removeAll()
        }
    }

    private static func hash(_ secret: String) -> String {
        Hex.encode(HashAlgorithm.sha256.digest(Array(secret.utf8)))
    }

    // MARK: requests

    /// The key of a request that may do `scope`.
    public func authorize(_ header: String?, scope: String, address: String) throws(Problem) -> KeyRecord {
        guard !isLimited(address) else {
            throw Problem(
                429, "too_many_failures", "Too many requests with a wrong key; wait a minute.", retryAfter: 60)
        }
        guard let header, header.hasPrefix("Bearer ") else {
            throw Problem(401, "key_missing", "Send the API key as 'Authorization: Bearer gw_…'.")
        }
        guard let key = find(Self.secret(header)) else {
            noteFailure(address)
            throw Problem(401, "key_wrong", "This API key does not exist or was revoked.")
        }
        guard key.may(scope) else {
            throw Problem(403, "scope_missing", "This API key lacks the scope \(scope).")
        }
        return key
    }

    /// What stands behind `Bearer `.
    private static func secret(_ header: String) -> String {
        var header = header
        return header.withUTF8 { String(decoding: UnsafeBufferPointer(rebasing: $0.dropFirst(7)), as: UTF8.self) }
    }

    private func find(_ text: String) -> KeyRecord? {
        let mark = marks.hash(text)
        if let record = state.withLock({ $0.proven[mark] }) { return record }
        guard let record = prove(text) else { return nil }
        state.withLock { state in
            if state.proven.count >= 1_000 { state.proven.removeAll() }
            // A change that came meanwhile must win.
            if state.keys[record.id] == record { state.proven[mark] = record }
        }
        return record
    }

    private func prove(_ text: String) -> KeyRecord? {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("gw".utf8) else { return nil }
        let hash = HashAlgorithm.sha256.digest(parts[2])
        guard let id = String(parts[1]), let record = state.withLock({ $0.keys[id] }), record.revoked == nil,
            let expected = Hex.decode(record.hash), constantTimeEquals(expected, hash)
        else { return nil }
        return record
    }

    private func isLimited(_ address: String) -> Bool {
        state.withLock { state in
            guard !state.failures.isEmpty, let failures = state.failures[address] else { return false }
            if failures.since + Self.window <= clock.now {
                state.failures[address] = nil
                return false
            }
            return failures.count >= Self.failureLimit
        }
    }

    private func noteFailure(_ address: String) {
        let now = clock.now
        state.withLock { state in
            if state.failures.count > 10_000 {
                state.failures = state.failures.filter { $0.value.since + Self.window > now }
            }
            state.failures[address, default: Failures(count: 0, since: now)].count += 1
        }
    }
}

extension KeyRecord {
    /// Whether the key has a scope, or all of them.
    func may(_ scope: String) -> Bool { scopes.contains("*") || scopes.contains(scope) }
}
