import Gateway
import Telemetry

extension ServerMetrics {
    /// Reads how an index of documents outside goes when asked; zeros where there is none.
    public func watch(_ finder: DocumentFinder, clock: any GatewayClock) {
        registry.readEach(
            "gateway_document_searches_total", help: "Searches for documents, by what the index outside made of them.",
            labels: ["outcome"], isCounter: true
        ) {
            let outcomes = finder.outcomes
            return DocumentFinder.Outcome.allCases.map { MetricSample($0.rawValue, value: Double(outcomes[$0] ?? 0)) }
        }
        registry.readEach(
            "gateway_document_changes", help: "Documents that the index outside does not have as they are now.",
            labels: ["state"]
        ) {
            let counts = finder.outside?.thread.progress.counts ?? IndexCounts()
            return [
                MetricSample("waiting", value: Double(counts.waiting)),
                MetricSample("refused", value: Double(counts.refused)),
            ]
        }
        registry.gauge("gateway_document_index_away_seconds", help: "For how long the index outside has been away.") {
            let since = finder.outside?.thread.progress.awaySince
            return since.map { max(0, Double((clock.now - $0).milliseconds) / 1_000) } ?? 0
        }
    }
}
