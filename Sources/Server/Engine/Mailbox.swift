import Gateway
import Synchronization

/// What others hand to a thread of its own, and that something was committed, which they say often and cheaply.
final class Mailbox<Letter: Sendable>: @unchecked Sendable {
    // Sendable by the lock of `signal`.
    /// What a wait came to.
    struct Delivery {
        /// What was handed over since the last wait, in order.
        var letters: [Letter]
        /// Something was committed.
        var isNews: Bool
        /// The thread is to end; nothing comes after it.
        var isLast: Bool
    }

    private let clock: any GatewayClock
    private let signal = Signal()
    private var letters: [Letter] = []
    private var isNews = false
    private var isStopping = false
    /// Before then news waits for more; of the owner's thread.
    private var nextNews: UInt64 = 0
    /// Somebody wants news; without it a commit costs one look at this.
    private let isWatched = Atomic(false)

    /// Between two looks for what was committed, so that a busy engine does not keep a thread reading: 10 ms.
    private static var pause: UInt64 { 10_000_000 }

    init(_ clock: any GatewayClock) { self.clock = clock }

    /// Whether news is wanted. Any thread.
    func watch(_ isWatched: Bool) { self.isWatched.store(isWatched, ordering: .sequentiallyConsistent) }

    /// Something was committed. Any thread; cheap.
    func noteNews() {
        guard isWatched.load(ordering: .acquiring) else { return }
        signal.locked {
            guard !isNews else { return }
            isNews = true
            signal.signal()
        }
    }

    /// Any thread.
    func put(_ letter: Letter) {
        signal.locked {
            letters.append(letter)
            signal.signal()
        }
    }

    /// `false` once the thread is to end, or where a condition does not hold that is looked at under the lock.
    func put(_ letter: Letter, if condition: () -> Bool) -> Bool {
        signal.locked {
            guard !isStopping, condition() else { return false }
            letters.append(letter)
            signal.signal()
            return true
        }
    }

    /// The thread is to end. Any thread.
    func stop() {
        signal.locked {
            isStopping = true
            signal.signal()
        }
    }

    var isStopped: Bool { signal.locked { isStopping } }

    /// Letters that nobody took yet, looked at under the lock together with what `body` does.
    func locked<Result>(_ body: (_ waiting: Int) throws -> Result) rethrows -> Result {
        try signal.locked { try body(letters.count) }
    }

    /// Waits for letters, news, the end or a time of the monotonic clock; `nil` for no time. The owner's thread alone.
    func wait(until deadline: UInt64?) -> Delivery {
        signal.locked {
            while letters.isEmpty, !isStopping {
                let now = clock.monotonic
                if deadline.map({ $0 <= now }) ?? false || (isNews && nextNews <= now) { break }
                signal.wait(until: isNews ? min(deadline ?? nextNews, nextNews) : deadline)
            }
            let isDue = isNews && nextNews <= clock.monotonic
            if isDue {
                isNews = false
                nextNews = clock.monotonic + Self.pause
            }
            defer { letters.removeAll() }
            return Delivery(letters: letters, isNews: isDue, isLast: isStopping)
        }
    }
}
