import Gateway
import MemoryStore
import Server
import Synchronization
import Testing

/// A clock that stands where a test puts it.
private final class StandingClock: GatewayClock {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
    var now: Timestamp { time.withLock { $0 } }
    var monotonic: UInt64 { 0 }
    func pass(_ span: Duration) { time.withLock { $0 = $0 + span } }
}

@Suite("API keys")
struct KeyAuthorityTests {
    private let clock = StandingClock()

    @Test("a key opens its scopes, until it is revoked")
    func scopes() throws {
        let keys = try KeyAuthority(records: InMemoryStore(), clock: clock)
        #expect(keys.isEmpty)
        let (record, text) = try keys.create(name: "one", scopes: ["messages:read"])
        #expect(!keys.isEmpty)
        let header = "Bearer " + text
        #expect(try keys.authorize(header, scope: "messages:read", address: "a").id == record.id)
        let lacking = #expect(throws: Problem.self) {
            try keys.authorize(header, scope: "messages:write", address: "a")
        }
        #expect(lacking?.code == "scope_missing")
        #expect(try keys.revoke(record.id))
        #expect(throws: Problem.self) { try keys.authorize(header, scope: "messages:read", address: "a") }
        #expect(keys.isEmpty)
    }

    @Test("the secret is not what is stored")
    func hashed() throws {
        let store = InMemoryStore()
        let (record, text) = try KeyAuthority(records: store, clock: clock).create(name: "one", scopes: ["*"])
        let secret = try #require(text.split(separator: "_").last)
        #expect(try store.key(record.id)?.hash.contains(secret) == false)
        let again = try KeyAuthority(records: store, clock: clock)
        #expect(try again.authorize("Bearer " + text, scope: "keys:write", address: "a").id == record.id)
    }

    @Test("ten wrong keys shut an address out for a minute, and nobody else")
    func limits() throws {
        let keys = try KeyAuthority(records: InMemoryStore(), clock: clock)
        let (_, text) = try keys.create(name: "one", scopes: ["*"])
        for _ in 0..<10 {
            let wrong = #expect(throws: Problem.self) {
                try keys.authorize("Bearer gw_00_00", scope: "*", address: "a")
            }
            #expect(wrong?.status == 401)
        }
        let shut = #expect(throws: Problem.self) {
            try keys.authorize("Bearer " + text, scope: "*", address: "a")
        }
        #expect(shut?.status == 429)
        #expect(throws: Never.self) { try keys.authorize("Bearer " + text, scope: "*", address: "b") }
        clock.pass(.seconds(60))
        #expect(throws: Never.self) { try keys.authorize("Bearer " + text, scope: "*", address: "a") }
    }
}
