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
    /// How many of other priorities went in a row while one of this priority waited, at most.
    private(set) var longestWait: [Priority: Int] = [:]
    private var wait: [Priority: Int] = [:]
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
        for priority in Set(waiting.map(\.priority)) where priority != first.priority {
            wait[priority, default: 0] += 1
            longestWait[priority] = max(longestWait[priority] ?? 0, wait[priority] ?? 0)
        }
        wait[first.priority] = 0
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
        #expect(crowd.queue.isEmpty())
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
        var longest: [Priority: Int] = [:]
        for seed in Self.seeds {
            var crowd = Crowd(seed: seed)
            crowd.live(steps: 1_000, priorities: [.low, .normal, .high])
            while crowd.grant() != nil {}
            longest.merge(crowd.longestWait, uniquingKeysWith: max)
        }
        for (priority, bound) in [(Priority.low, 22), (.normal, 6), (.high, 2)] {
            let wait = longest[priority] ?? 0
            #expect((1...bound).contains(wait), "\(priority): \(wait)")
        }
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

    @Test("a tenant who may not go is passed over and blocks nobody; back again it has its turn", arguments: seeds)
    func passedOver(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = FairQueue<Waiting>()
        var waiting = Array(repeating: 0, count: 4)
        var barred: Set<Int> = []
        for number in 0..<2_000 {
            let (tenant, priority) = (Int(random.below(4)), Priority.allCases[Int(random.below(4))])
            switch random.below(5) {
            case 0, 1:
                queue.append(Waiting(number: number, priority: priority, tenant: tenant), priority, tenant: tenant)
                waiting[tenant] += 1
            case 2:
                if barred.remove(tenant) == nil { barred.insert(tenant) }
                queue.takeBack { !barred.contains($0) }
            default:
                let free = waiting.indices.filter { waiting[$0] > 0 && !barred.contains($0) }
                queue.setAside { !barred.contains($0) }
                #expect(queue.isEmpty() == free.isEmpty)
                let first = queue.popFirst(of: { !barred.contains($0) }, where: { _ in true })
                #expect(first.map { free.contains($0.tenant) } ?? free.isEmpty)
                if let first { waiting[first.tenant] -= 1 }
            }
        }
        queue.takeBack { _ in true }
        #expect(queue.aside.isEmpty)
        while let first = queue.popFirst(where: { _ in true }) { waiting[first.tenant] -= 1 }
        #expect(waiting == [0, 0, 0, 0])
    }
}
