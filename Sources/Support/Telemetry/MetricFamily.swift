import Synchronization

/// All series of one metric: one per combination of label values.
///
/// The number of series is bounded: from `limit` on, new combinations share a series whose labels are all `other`.
/// Callers keep the series they got, so that counting needs no look-up.
public final class MetricFamily<Series: Sendable>: Sendable {
    /// The labels' names, in the order in which values are given.
    public let labels: [StaticString]
    private let limit: Int
    private let make: @Sendable () -> Series
    private let series = Mutex<[[String]: Series]>([:])

    init(labels: [StaticString], limit: Int, make: @escaping @Sendable () -> Series) {
        self.labels = labels
        self.limit = limit
        self.make = make
        if labels.isEmpty { _ = self[[]] }
    }

    /// The series with these label values, one for each label; missing ones are empty, surplus ones are left out.
    public subscript(values: String...) -> Series { self[values] }

    /// The series with these label values, one for each label; missing ones are empty, surplus ones are left out.
    public subscript(_ values: [String]) -> Series {
        var key = Array(values.prefix(labels.count))
        while key.count < labels.count { key.append("") }
        return series.withLock { series in
            if let known = series[key] { return known }
            if series.count >= limit { key = Array(repeating: "other", count: labels.count) }
            if let other = series[key] { return other }
            let made = make()
            series[key] = made
            return made
        }
    }

    /// All series, ordered by their label values.
    func ordered() -> [(values: [String], series: Series)] {
        series.withLock { series in
            series.map { (values: $0.key, series: $0.value) }
        }
        .sorted { $0.values.lexicographicallyPrecedes($1.values) }
    }
}
