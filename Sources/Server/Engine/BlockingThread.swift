/// A thread for work that may wait for the disk: loops never block. Work runs in order.
public final class BlockingThread: @unchecked Sendable {
    // Sendable by the lock of `signal`.
    private let signal = Signal()
    private var work: [@Sendable () -> Void] = []
    private var isStopping = false
    private var thread: JoinableThread?

    /// Starts the thread.
    public init() {
        thread = JoinableThread { [self] in loop() }
    }

    /// Queues work.
    public func run(_ body: @escaping @Sendable () -> Void) {
        signal.locked {
            work.append(body)
            signal.signal()
        }
    }

    /// How much waits.
    public var backlog: Int { signal.locked { work.count } }

    /// Finishes what is queued and ends the thread. Blocks.
    public func stop() {
        signal.locked {
            isStopping = true
            signal.signal()
        }
        thread?.join()
    }

    private func loop() {
        while true {
            let batch: [@Sendable () -> Void] = signal.locked {
                while work.isEmpty, !isStopping { signal.wait(until: nil) }
                defer { work.removeAll(keepingCapacity: true) }
                return work
            }
            if batch.isEmpty { return }
            for body in batch { body() }
        }
    }
}
