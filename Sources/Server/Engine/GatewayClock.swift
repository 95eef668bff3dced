import CLinux
import Gateway
import Glibc

/// Where the program reads the time; tests bring their own.
public protocol GatewayClock: Sendable {
    /// The wall clock.
    var now: Timestamp { get }
    /// Nanoseconds that never go back, from an arbitrary start.
    var monotonic: UInt64 { get }
}

/// The system's clocks.
public struct SystemClock: GatewayClock {
    /// The clocks of this machine.
    public init() {}

    /// CLOCK_REALTIME in milliseconds.
    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// CLOCK_MONOTONIC.
    public var monotonic: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
