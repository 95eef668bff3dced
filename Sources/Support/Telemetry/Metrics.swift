import Synchronization

/// The metrics of the process, shown in the Prometheus text format.
///
/// Names, help texts and label names are literals; label values come from small fixed sets (channel, provider, outcome),
/// never from a message. Declaring a name again returns the same metric if its kind is the same; otherwise the second one
/// counts, but is not shown.
public final class Metrics: Sendable {
    enum Kind: Sendable {
        case counter(MetricFamily<MetricCounter>)
        case gauge(MetricFamily<MetricGauge>)
        case histogram(MetricFamily<MetricHistogram>)
        case read(isCounter: Bool, @Sendable () -> Double)
        case readEach(isCounter: Bool, labels: [StaticString], @Sendable () -> [MetricSample])
    }

    struct Declared: Sendable {
        let name: String
        let help: String
        let kind: Kind
    }

    private let declared = Mutex<[Declared]>([])

    /// No metrics yet.
    public init() {}

    /// A counter; by convention its name ends with `_total`.
    public func counter(
        _ name: StaticString, help: StaticString, labels: [StaticString] = [], limit: Int = 256
    ) -> MetricFamily<MetricCounter> {
        let family = MetricFamily(labels: labels, limit: limit) { MetricCounter() }
        if case .counter(let known) = declare(name, help, .counter(family)) { return known }
        return family
    }

    /// A gauge that is set.
    public func gauge(
        _ name: StaticString, help: StaticString, labels: [StaticString] = [], limit: Int = 256
    ) -> MetricFamily<MetricGauge> {
        let family = MetricFamily(labels: labels, limit: limit) { MetricGauge() }
        if case .gauge(let known) = declare(name, help, .gauge(family)) { return known }
        return family
    }

    /// A gauge that is read when the metrics are shown; `read` is called on whichever thread that is, and must not block.
    public func gauge(_ name: StaticString, help: StaticString, read: @escaping @Sendable () -> Double) {
        _ = declare(name, help, .read(isCounter: false, read))
    }

    /// A counter that somebody else keeps and that is read when the metrics are shown.
    public func counter(_ name: StaticString, help: StaticString, read: @escaping @Sendable () -> Double) {
        _ = declare(name, help, .read(isCounter: true, read))
    }

    /// Series that somebody else keeps, read when the metrics are shown, such as one for each channel; at most 256 are
    /// shown. `read` gives them in a stable order, each with one value for each label, and must not block.
    public func readEach(
        _ name: StaticString, help: StaticString, labels: [StaticString], isCounter: Bool = false,
        read: @escaping @Sendable () -> [MetricSample]
    ) {
        _ = declare(name, help, .readEach(isCounter: isCounter, labels: labels, read))
    }

    /// A histogram with these upper bounds; they are put in order, and `+Inf` is added.
    public func histogram(
        _ name: StaticString, help: StaticString, labels: [StaticString] = [], limit: Int = 256,
        bounds: [Double] = MetricHistogram.latencyBounds
    ) -> MetricFamily<MetricHistogram> {
        let ordered = bounds.filter(\.isFinite).sorted()
        let family = MetricFamily(labels: labels, limit: limit) { MetricHistogram(bounds: ordered) }
        if case .histogram(let known) = declare(name, help, .histogram(family)) { return known }
        return family
    }

    /// All metrics in the Prometheus text format 0.0.4, in the order of their declaration.
    ///
    /// Its content type is `text/plain; version=0.0.4; charset=utf-8`.
    public func exposition() -> [UInt8] {
        var text = MetricsText()
        for metric in declared.withLock({ $0 }) { text.append(metric) }
        return text.bytes
    }

    private func declare(_ name: StaticString, _ help: StaticString, _ kind: Kind) -> Kind {
        let name = name.description
        return declared.withLock { declared in
            if let known = declared.first(where: { $0.name == name }) { return known.kind }
            declared.append(Declared(name: name, help: help.description, kind: kind))
            return kind
        }
    }
}
