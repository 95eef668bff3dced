import Synchronization

/// A distribution, such as of latencies in seconds.
public final class MetricHistogram: Sendable {
    struct State: Sendable {
        var counts: [Int]
        var sum = 0.0
    }

    /// Bounds in seconds for latencies from a millisecond to a minute.
    public static let latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        // One more for what lies above all bounds.
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Counts a value. One that is not a number is left out.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Counts a span of time, in seconds.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) / 1e18)
    }

    /// How many values were counted.
    public var count: Int { snapshot().counts.reduce(0, +) }

    func snapshot() -> State { state.withLock { $0 } }
}
