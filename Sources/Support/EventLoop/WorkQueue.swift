import Synchronization

/// What a loop has to do besides its descriptors and timers.
enum LoopWork {
    case closure(@Sendable () -> Void)
    case job(UnownedJob)
}

/// Work handed to a loop from other threads.
final class WorkQueue: Sendable {
    private struct State {
        // UnownedJob is Sendable; the closures are.
        var waiting: [LoopWork] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// What became of work that was added.
    enum Place {
        /// The loop has to be woken.
        case first
        /// The loop was woken by earlier work.
        case later
        /// The queue is closed.
        case refused
    }

    /// Adds work.
    func add(_ work: sending LoopWork) -> Place {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            state.waiting.append(work)
            return state.waiting.count == 1 ? .first : .later
        }
    }

    /// Moves everything that waits to the end of `list`.
    func take(into list: inout [LoopWork]) {
        let taken = state.withLock { state in
            let taken = state.waiting
            state.waiting.removeAll(keepingCapacity: taken.count < 1024)
            return taken
        }
        list.append(contentsOf: taken)
    }

    /// Refuses work from now on.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
