import Synchronization

/// A number that only grows, such as messages accepted.
public final class MetricCounter: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// Adds one, or more; what is negative is not added. The count wraps no earlier than at 2^63.
    public func increment(by amount: Int = 1) {
        guard amount > 0 else { return }
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The count so far.
    public var value: Int { count.load(ordering: .relaxed) }
}
