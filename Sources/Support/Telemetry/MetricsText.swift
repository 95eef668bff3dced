/// Writes the Prometheus text format 0.0.4.
struct MetricsText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ metric: Metrics.Declared) {
        let type =
            switch metric.kind {
            case .counter, .read(isCounter: true, _), .readEach(isCounter: true, _, _): "counter"
            case .gauge, .read(isCounter: false, _), .readEach(isCounter: false, _, _): "gauge"
            case .histogram: "histogram"
            }
        add("# HELP \(metric.name) \(MetricsText.escaped(metric.help, quotes: false))\n")
        add("# TYPE \(metric.name) \(type)\n")
        switch metric.kind {
        case .counter(let family):
            for (values, counter) in family.ordered() {
                sample(metric.name, labels(family.labels, values), "\(counter.value)")
            }
        case .gauge(let family):
            for (values, gauge) in family.ordered() {
                sample(metric.name, labels(family.labels, values), MetricsText.number(gauge.value))
            }
        case .histogram(let family):
            for (values, histogram) in family.ordered() {
                append(histogram, metric.name, labels(family.labels, values))
            }
        case .read(_, let read):
            sample(metric.name, [], MetricsText.number(read()))
        case .readEach(_, let names, let read):
            for series in read().prefix(256) {
                sample(metric.name, labels(names, series.labels), MetricsText.number(series.value))
            }
        }
    }

    private mutating func append(_ histogram: MetricHistogram, _ name: String, _ labels: [String]) {
        let state = histogram.snapshot()
        var cumulative = 0
        for (index, count) in state.counts.enumerated() {
            cumulative += count
            let bound = index < histogram.bounds.count ? MetricsText.number(histogram.bounds[index]) : "+Inf"
            sample(name + "_bucket", labels + ["le=\"\(bound)\""], "\(cumulative)")
        }
        sample(name + "_sum", labels, MetricsText.number(state.sum))
        sample(name + "_count", labels, "\(cumulative)")
    }

    private func labels(_ names: [StaticString], _ values: [String]) -> [String] {
        zip(names, values).map { "\($0)=\"\(MetricsText.escaped($1, quotes: true))\"" }
    }

    private mutating func sample(_ name: String, _ labels: [String], _ value: String) {
        let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        add("\(name)\(list) \(value)\n")
    }

    private mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// A number as Go's ParseFloat reads it, without a needless `.0`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
