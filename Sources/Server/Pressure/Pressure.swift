import Gateway
import Synchronization
import Telemetry

/// The pressure that the process is under, for whoever accepts work: one comparison for a message.
public final class Pressure: Sendable {
    private let current = Atomic(0)
    private let retry = Atomic(1)
    private let isFlooded = Atomic(false)
    private let gauge: Mutex<PressureGauge>
    private let latest = Mutex(PressureReading())

    /// No pressure.
    /// - Parameter machine: bytes of memory that the process could have; `nil` when it cannot be told.
    public init(limits: CapacityLimits = CapacityLimits(), machine: Int64? = nil) {
        gauge = Mutex(PressureGauge(limits: limits, machine: machine))
    }

    /// 0 for none to 4.
    public var level: Int { current.load(ordering: .relaxed) }

    /// The level of a resource.
    public func level(of resource: PressureResource) -> Int { gauge.withLock { $0.level(of: resource) } }

    /// Seconds after which to try again.
    var retryAfter: Int { retry.load(ordering: .relaxed) }

    /// What was measured last.
    public var reading: PressureReading { latest.withLock { $0 } }

    /// Other limits hold from the next measurement on.
    public func replace(_ limits: CapacityLimits) { gauge.withLock { $0.limits = limits } }

    /// Takes a measurement; `now` is in nanoseconds that never go back.
    public func take(_ reading: PressureReading, at now: UInt64) -> [PressureChange] {
        latest.withLock { $0 = reading }
        let (changes, level, seconds, flooded) = gauge.withLock { gauge in
            let changes = gauge.take(reading, at: now)
            return (changes, gauge.level, gauge.retryAfter(at: now), gauge.isFlooded)
        }
        current.store(level, ordering: .relaxed)
        retry.store(seconds, ordering: .relaxed)
        isFlooded.store(flooded, ordering: .relaxed)
        return changes
    }

    /// Whether work of a priority is accepted.
    func admits(_ priority: Priority) -> Bool { level == 0 || priority.rank >= level }

    /// Whether webhooks are taken: as long as memory can hold what waits.
    var admitsWebhooks: Bool { !isFlooded.load(ordering: .relaxed) }

    /// Resources under pressure, such as `disk 2, memory 1`; `nil` for none.
    var text: String? {
        guard level > 0 else { return nil }
        return gauge.withLock { gauge in
            PressureResource.allCases.filter { gauge.level(of: $0) > 0 }
                .map { "\($0.rawValue) \(gauge.level(of: $0))" }.joined(separator: ", ")
        }
    }

    /// The answer to work that is refused: which resource, and when to come again.
    var problem: Problem {
        Problem(
            503, "overloaded", "There is no room for work of this priority now (\(text ?? "passing")); try again.",
            retryAfter: retryAfter)
    }
}
