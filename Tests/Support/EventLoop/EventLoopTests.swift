import Synchronization
import Testing

@testable import EventLoop

@Suite("event loop")
struct EventLoopTests {
    @Test("work runs on the loop's thread in the order it was handed over")
    func orderedWork() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let seen = Mutex<[Int]>([])
        let wasOnLoop: Bool = await withCheckedContinuation { continuation in
            for number in 0..<100 { loop.execute { seen.withLock { $0.append(number) } } }
            loop.execute { continuation.resume(returning: loop.isOnLoop) }
        }
        #expect(wasOnLoop)
        #expect(!loop.isOnLoop)
        #expect(seen.withLock { $0 } == Array(0..<100))
    }

    @Test("work handed over before the start runs after it")
    func workBeforeStart() async throws {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume() }
            #expect(throws: Never.self) { try loop.start() }
        }
    }

    @Test("stop finishes the work that waits and joins; later work is dropped")
    func stopDrains() throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        let count = Mutex(0)
        for _ in 0..<1000 { loop.execute { count.withLock { $0 += 1 } } }
        loop.stop()
        #expect(count.withLock { $0 } == 1000)
        #expect(!loop.execute { count.withLock { $0 += 1 } })
        loop.stop()
        #expect(count.withLock { $0 } == 1000)
    }

    @Test("timers fire in the order of their deadlines, never early")
    func timersInOrder() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let seen = Mutex<[Int]>([])
        let start = EventLoop.monotonicNow()
        let end: UInt64 = await withCheckedContinuation { continuation in
            loop.schedule(after: .milliseconds(20)) {
                seen.withLock { $0.append(20) }
                continuation.resume(returning: EventLoop.monotonicNow())
            }
            loop.schedule(after: .milliseconds(10)) { seen.withLock { $0.append(10) } }
            loop.schedule(after: .milliseconds(-5)) { seen.withLock { $0.append(0) } }
        }
        #expect(end - start >= 20_000_000)
        #expect(seen.withLock { $0 } == [0, 10, 20])
    }

    @Test("a cancelled timer does not fire, from the loop or from outside")
    func cancelledTimers() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let fired = Atomic<Int>(0)
        let outside = loop.schedule(after: .milliseconds(1)) { fired.add(1, ordering: .relaxed) }
        outside.cancel()
        await withCheckedContinuation { continuation in
            loop.execute {
                let inside = loop.schedule(after: .zero) { fired.add(1, ordering: .relaxed) }
                inside.cancel()
                loop.schedule(after: .milliseconds(10)) { continuation.resume() }
            }
        }
        #expect(outside.isFinished)
        #expect(fired.load(ordering: .relaxed) == 0)
    }

    @Test("a task on the loop comes back to it after it was suspended")
    func taskExecutor() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let other = try EventLoop(name: "other")
        try other.start()
        defer { other.stop() }
        let places = await Task(executorPreference: loop) {
            let before = loop.isOnLoop
            await withCheckedContinuation { continuation in
                other.execute { continuation.resume() }
            }
            return [before, loop.isOnLoop]
        }.value
        #expect(places == [true, true])
    }

    @Test("an actor may live on a loop")
    func serialExecutor() async throws {
        actor Counter {
            let loop: EventLoop
            var value = 0
            nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
            init(loop: EventLoop) { self.loop = loop }
            func increment() -> Bool {
                value += 1
                return loop.isOnLoop
            }
        }
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let counter = Counter(loop: loop)
        #expect(await counter.increment())
        #expect(await counter.value == 1)
    }

    @Test("a group hands out its loops in turn and knows the current one")
    func group() async throws {
        let group = try EventLoopGroup(count: 2)
        try group.start()
        defer { group.stop() }
        #expect(group.next() === group.loops[0])
        #expect(group.next() === group.loops[1])
        #expect(group.next() === group.loops[0])
        #expect(group.current == nil)
        let index: Int? = await withCheckedContinuation { continuation in
            group.loops[1].execute {
                continuation.resume(returning: group.loops.firstIndex { $0 === group.current })
            }
        }
        #expect(index == 1)
    }
}
