/// One series of a metric that somebody else keeps.
public struct MetricSample: Sendable, Hashable {
    /// One for each label, from a small fixed set.
    public var labels: [String]
    /// The number now.
    public var value: Double

    /// A value with its labels.
    public init(_ labels: String..., value: Double) {
        self.labels = labels
        self.value = value
    }
}
