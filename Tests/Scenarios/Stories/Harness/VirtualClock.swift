import Gateway
import Server
import Synchronization

/// A clock that stands still until the simulation moves it.
final class VirtualClock: GatewayClock {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp) { time = Mutex(start) }

    var now: Timestamp { time.withLock { $0 } }
    var monotonic: UInt64 { UInt64(max(0, now.milliseconds)) * 1_000_000 }

    func set(_ now: Timestamp) { time.withLock { $0 = max($0, now) } }
}
