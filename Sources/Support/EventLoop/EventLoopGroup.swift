import Synchronization

/// Several loops, usually one per core.
public final class EventLoopGroup: Sendable {
    /// The loops, in a fixed order.
    public let loops: [EventLoop]
    private let turn = Atomic<UInt>(0)

    /// Makes loops (at least one); they work after ``start()``.
    public init(count: Int) throws {
        loops = try (0..<max(1, count)).map { try EventLoop(name: "loop-\($0)") }
    }

    /// Starts every loop.
    public func start() throws {
        for loop in loops { try loop.start() }
    }

    /// Stops every loop and waits for their ends.
    public func stop() {
        for loop in loops { loop.stop() }
    }

    /// The loops in turn; any thread.
    public func next() -> EventLoop {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(number % UInt(loops.count))]
    }

    /// The loop whose thread this is, nil on any other thread.
    public var current: EventLoop? {
        loops.first { $0.isOnLoop }
    }
}
