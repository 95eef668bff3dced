import Synchronization

/// A number that goes up and down, such as open connections.
public final class MetricGauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    init() {}

    /// Sets the number.
    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    /// Adds to the number; a negative amount takes away.
    public func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let changed = (Double(bitPattern: current) + amount).bitPattern
            let (exchanged, original) = bits.compareExchange(expected: current, desired: changed, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    /// The number now.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
