import CLinux
import Gateway
import Telemetry

/// Measures once a second, on a thread of its own: a disk that hangs must hold up nobody else.
public final class PressureWatch: @unchecked Sendable {
    // Sendable by the lock of `signal`; everything else is constant.
    /// How often to measure.
    static let pause: UInt64 = 1_000_000_000

    private let pressure: Pressure
    private let clock: any GatewayClock
    private let measure: @Sendable () -> PressureReading
    private let changed: @Sendable (PressureChange, PressureReading) -> Void
    private let signal = Signal()
    private var isStopping = false
    private var thread: JoinableThread?

    /// - Parameters:
    ///   - measure: what there is now; may block.
    ///   - changed: called on the watch's thread for each level that changed.
    public init(
        _ pressure: Pressure, clock: any GatewayClock, measure: @escaping @Sendable () -> PressureReading,
        changed: @escaping @Sendable (PressureChange, PressureReading) -> Void
    ) {
        self.pressure = pressure
        self.clock = clock
        self.measure = measure
        self.changed = changed
        thread = JoinableThread { [self] in run() }
    }

    /// Ends the thread; blocks as long as a measurement does.
    public func stop() {
        signal.locked {
            isStopping = true
            signal.signal()
        }
        thread?.join()
    }

    private func run() {
        while true {
            look()
            let next = clock.monotonic + Self.pause
            let ends = signal.locked {
                while !isStopping, clock.monotonic < next { signal.wait(until: next) }
                return isStopping
            }
            if ends { return }
        }
    }

    private func look() {
        let reading = measure()
        for change in pressure.take(reading, at: clock.monotonic) { changed(change, reading) }
        // What was freed may still be the process's: it is given back before work is refused for it.
        if pressure.level(of: .memory) > 0 { gw_release_memory() }
    }
}
