import Crypto
import Testing

@testable import Gateway

/// Something that waits, in order of arrival.
private struct Waiting: Equatable {
    var number: Int
    var priority: Priority
    var tenant: Int
    var isGone = false
}

/// A queue under random arrivals and grants, beside a plain list of what it must hold.
private struct Crowd {
    var queue = FairQueue<Waiting>()
    var waiting: [Waiting] = []
    /// What went, in order.
    var gone: [Waiting] = []
    var random: SeededRandom
    private var next = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func arrive(_ priority: Priority, tenant: Int, isGone: Bool = false) {
        let new = Waiting(number: next, priority: priority, tenant: tenant, isGone: isGone)
        next += 1
        queue.append(new, priority, tenant: tenant)
        if !isGone { waiting.append(new) }
    }

    @discardableResult
    mutating func grant() -> Waiting? {
        guard let first = queue.popFirst(where: { !$0.isGone }) else { return nil }
        waiting.removeAll { $0.number == first.number }
        gone.append(first)
        return first
    }

    /// Arrivals of every kind, sometimes in rushes, and grants between them.
    mutating func live(steps: Int, priorities: [Priority] = Priority.allCases, tenants: UInt64 = 4) {
        for _ in 0..<steps {
            let priority = priorities[Int(random.below(UInt64(priorities.count)))]
            let tenant = Int(random.below(tenants))
            switch random.below(8) {
            case 0: for _ in 0..<random.below(40) { arrive(priority, tenant: tenant) }
            case 1: arrive(priority, tenant: tenant, isGone: true)
            case 2, 3: arrive(priority, tenant: tenant)
            default: grant()
            }
        }
    }
}

@Suite("the order of a lane")
struct FairQueueTests {
    private static let seeds: [UInt64] = Array(1...40)

    @Test("everything goes once, and what a tenant has of a priority goes by arrival", arguments: seeds)
    func complete(seed: UInt64) {
        var crowd = Crowd(seed: seed)
        crowd.live(steps: 2_000)
        while crowd.grant() != nil {}
        #expect(crowd.waiting.isEmpty)
        #expect(crowd.queue.isEmpty)
        #expect(Set(crowd.gone.map(\.number)).count == crowd.gone.count)
        for priority in Priority.allCases {
            for tenant in 0..<4 {
                let numbers = crowd.gone.filter { $0.priority == priority && $0.tenant == tenant }.map(\.number)
                #expect(numbers == numbers.sorted())
            }
        }
    }

    @Test("the same arrivals and grants give the same order", arguments: seeds)
    func deterministic(seed: UInt64) {
        var (one, other) = (Crowd(seed: seed), Crowd(seed: seed))
        one.live(steps: 1_000)
        other.live(steps: 1_000)
        #expect(!one.gone.isEmpty)
        #expect(one.gone == other.gone)
    }

    @Test("whatever waits, the next one is critical if any is, and its tenant's turn comes", arguments: seeds)
    func criticalFirst(seed: UInt64) {
        var crowd = Crowd(seed: seed)
        crowd.live(steps: 1_000, priorities: [.low, .normal, .high])
        let tenants = 1 + Int(crowd.random.below(4))
        for tenant in 0..<tenants { crowd.arrive(.critical, tenant: tenant) }
        let first = (0..<tenants).compactMap { _ in crowd.grant() }
        #expect(first.map(\.priority) == Array(repeating: .critical, count: tenants))
        #expect(first.map(\.tenant) == Array(0..<tenants))
        #expect(crowd.grant()?.priority != .critical)
    }

    @Test("without critical ones a low one waits for 22 others at most, a normal one for 6, a high one for 2")
    func nothingStarves() {
        let bounds: [Priority: Int] = [.low: 22, .normal: 6, .high: 2]
        var longest: [Priority: Int] = [:]
        for seed in Self.seeds {
            var crowd = Crowd(seed: seed)
            var since: [Priority: Int] = [:]
            for _ in 0..<300 {
                crowd.live(steps: 1, priorities: [.low, .normal, .high])
                // More arrives than goes, at the end for a while only grants.
                let waiting = Set(crowd.waiting.map(\.priority))
                guard let granted = crowd.grant() else { continue }
                for priority in waiting where priority != granted.priority {
                    since[priority, default: 0] += 1
                    longest[priority] = max(longest[priority] ?? 0, since[priority] ?? 0)
                }
                since[granted.priority] = 0
            }
        }
        for (priority, bound) in bounds { #expect((longest[priority] ?? 0) <= bound, "\(priority)") }
    }

    @Test("while all wait, sixteen high ones go for four normal ones and one low one")
    func weights() {
        var crowd = Crowd(seed: 1)
        for _ in 0..<400 { for priority in [Priority.low, .normal, .high] { crowd.arrive(priority, tenant: 0) } }
        for _ in 0..<210 { crowd.grant() }
        for (priority, share) in [(Priority.high, 160), (.normal, 40), (.low, 10)] {
            let count = crowd.gone.filter { $0.priority == priority }.count
            #expect(abs(count - share) <= 1, "\(priority): \(count)")
        }
    }

    @Test("a priority that was empty for long gets no more than its weight when it comes back")
    func nothingIsSavedUp() {
        var crowd = Crowd(seed: 1)
        for _ in 0..<1_000 { crowd.arrive(.normal, tenant: 0) }
        for _ in 0..<500 { crowd.grant() }
        for _ in 0..<100 { crowd.arrive(.low, tenant: 0) }
        let next = (0..<50).compactMap { _ in crowd.grant()?.priority }
        #expect((10...12).contains(next.filter { $0 == .low }.count))
    }

    @Test("tenants who wait with the same priority go in turn, however much each of them has", arguments: seeds)
    func shares(seed: UInt64) {
        var crowd = Crowd(seed: seed)
        let priority = Priority.allCases[Int(seed) % Priority.allCases.count]
        let tenants = 2 + Int(crowd.random.below(6))
        for tenant in 0..<tenants {
            for _ in 0..<(50 + crowd.random.below(500)) {
                // Some left before their turn came: nobody loses a turn by that.
                crowd.arrive(priority, tenant: tenant, isGone: crowd.random.below(3) == 0)
            }
            for _ in 0..<30 { crowd.arrive(priority, tenant: tenant) }
        }
        let granted = (0..<30 * tenants).compactMap { _ in crowd.grant()?.tenant }
        for tenant in 0..<tenants { #expect(granted.filter { $0 == tenant }.count == 30) }
    }

    @Test("a tenant who comes goes after each of the others once")
    func newTenant() {
        var crowd = Crowd(seed: 1)
        for tenant in 0..<5 { for _ in 0..<1_000 { crowd.arrive(.normal, tenant: tenant) } }
        for _ in 0..<333 { crowd.grant() }
        crowd.arrive(.normal, tenant: 5)
        let next = (0..<6).compactMap { _ in crowd.grant()?.tenant }
        #expect(next.firstIndex(of: 5) == 5)
    }

    @Test("tenants are numbered in the order in which they are first seen")
    func numbers() {
        var tenants = TenantNumbers()
        #expect(["b", "b", "a", "b", "c", "a"].map { tenants.number(of: $0) } == [0, 0, 1, 0, 2, 1])
    }
}
