import Crypto
import Testing

@testable import Gateway

@Suite("tokens and windows")
struct QuotaTests {
    private static let start = Timestamp(milliseconds: 1_000_000)

    @Test("a bucket is next full enough exactly when it says, and not a millisecond before", arguments: 1...60)
    func exact(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let rate = [0.1, 0.5, 1, 3, 7, 10, 33, 100, 999, 5_000][Int(random.below(10))]
        var bucket = TokenBucket(rate: rate, now: Self.start)
        var now = Self.start
        for _ in 0..<500 {
            let next = bucket.next(after: now)
            if next > now {
                // Whoever looks in between changes nothing.
                let early = now + .milliseconds(Int64(random.below(UInt64((next - now).milliseconds))))
                #expect(bucket.next(after: early) == next, "\(rate)/s at \(now)")
            }
            now = next + .milliseconds(random.below(4) == 0 ? Int64(random.below(50)) : 0)
            #expect(bucket.next(after: now) == now)
            bucket.take(at: now)
        }
    }

    @Test("over any second a bucket gives its rate and its burst at most", arguments: [1.0, 3, 10, 100])
    func bound(rate: Double) {
        var bucket = TokenBucket(rate: rate, now: Self.start)
        var times: [Timestamp] = []
        var now = Self.start
        while times.count < 400 {
            now = bucket.next(after: now)
            bucket.take(at: now)
            times.append(now)
        }
        let allowed = Int(rate + max(1, rate / 10))
        for index in times.indices where index + allowed < times.count {
            #expect(times[index + allowed] - times[index] >= .milliseconds(999))
        }
        #expect(now - Self.start >= .milliseconds(Int64((400 - allowed) * 1_000 / Int(rate))))
    }

    @Test("a clock that is set back does not stop a bucket for as long")
    func clockSetBack() {
        var bucket = TokenBucket(rate: 1, now: Self.start)
        bucket.take(at: Self.start)
        let earlier = Self.start + .seconds(-3_600)
        #expect(bucket.next(after: earlier) == earlier + .seconds(1))
    }

    @Test("a window is full at its limit, and a narrower one before it")
    func window() {
        let quota = Quota(LimitSettings(concurrency: 2), now: Self.start)
        quota.inFlight = 1
        #expect(quota.hasRoom())
        #expect(!quota.hasRoom(limit: 1))
        quota.inFlight = 2
        #expect(!quota.hasRoom())
        quota.configure(LimitSettings(), now: Self.start)
        #expect(quota.hasRoom())
        #expect(!quota.isLimited)
    }

    @Test("tenants are numbered in the order in which they are first seen, and keep what they may")
    func tenants() {
        var tenants = Tenants()
        let names = ["b", "b", "a", "b", "c", "a"]
        let numbers = names.map { name in
            tenants.number(of: name) { Quota(LimitSettings(concurrency: $0 == "a" ? 1 : nil), now: Self.start) }
        }
        #expect(numbers == [0, 0, 1, 0, 2, 1])
        #expect(tenants.names == ["b", "a", "c"])
        tenants[1].inFlight = 1
        #expect(tenants.quota(of: "a")?.hasRoom() == false)
        tenants.restore(inFlight: [3])
        #expect(tenants.inFlight == [3, 0, 0])
    }
}
