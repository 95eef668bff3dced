import Gateway
import Server
import Synchronization

/// A clock that stands still until the simulation moves it.
final class VirtualClock: GatewayClock {
    private let time: Mutex<(steady: Timestamp, shift: Duration)>

    init(_ start: Timestamp) { time = Mutex((start, .zero)) }

    /// What the machine's clock shows.
    var now: Timestamp { time.withLock { $0.steady + $0.shift } }
    /// The time of the world, which is never set.
    var steady: Timestamp { time.withLock { $0.steady } }
    var monotonic: UInt64 { UInt64(max(0, steady.milliseconds)) * 1_000_000 }

    func set(_ now: Timestamp) { time.withLock { $0.steady = max($0.steady, now) } }

    /// Somebody sets the machine's clock; how far it is ahead of the world since.
    var shift: Duration {
        get { time.withLock { $0.shift } }
        set { time.withLock { $0.shift = newValue } }
    }
}
