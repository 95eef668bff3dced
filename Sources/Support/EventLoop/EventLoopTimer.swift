import Synchronization

/// Work that a loop will do at a time; see ``EventLoop/schedule(after:_:)``.
public final class EventLoopTimer: Sendable {
    // Everything but the flag belongs to the loop's thread.
    private struct State {
        var work: (@Sendable () -> Void)?
    }

    let deadline: UInt64
    private let isDone = Atomic<Bool>(false)
    private let state: Mutex<State>
    private let forget: @Sendable (EventLoopTimer) -> Void
    private let place = Atomic<Int>(-1)

    init(deadline: UInt64, work: @escaping @Sendable () -> Void, forget: @escaping @Sendable (EventLoopTimer) -> Void) {
        self.deadline = deadline
        self.forget = forget
        state = Mutex(State(work: work))
    }

    /// Takes the work back; any thread, any number of times. On the loop's own thread the work surely does not run
    /// after this call; from another thread it may be running at this moment.
    public func cancel() {
        guard !isDone.exchange(true, ordering: .acquiringAndReleasing) else { return }
        state.withLock { $0.work = nil }
        forget(self)
    }

    /// Whether the work ran or was cancelled.
    public var isFinished: Bool { isDone.load(ordering: .acquiring) }

    // Where the heap holds this timer, -1 when it does not; the loop's thread only.
    var heapIndex: Int {
        get { place.load(ordering: .relaxed) }
        set { place.store(newValue, ordering: .relaxed) }
    }

    func fire() {
        guard !isDone.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let work = state.withLock { state in
            let work = state.work
            state.work = nil
            return work
        }
        work?()
    }
}
