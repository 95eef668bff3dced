import Gateway
import Telemetry

extension ServerMetrics {
    /// Reads who is told of events when asked.
    public func watch(_ events: EventThread, _ subscriptions: SubscriptionThread, clock: any GatewayClock) {
        registry.gauge("gateway_event_readers", help: "Requests that read events or wait for them.") {
            Double(events.readers)
        }
        registry.readEach("gateway_subscriptions", help: "Subscriptions, by how they go.", labels: ["state"]) {
            let progress = subscriptions.progress.values
            return SubscriptionProgress.words.map { word in
                MetricSample(word, value: Double(progress.count { $0.word == word }))
            }
        }
        registry.readEach(
            "gateway_subscription_tries_total", help: "Requests to subscribers, by what they came to.",
            labels: ["outcome"], isCounter: true
        ) {
            let outcomes = subscriptions.outcomes
            return ["told", "refused", "dead", "away", "gone"].map { word in
                MetricSample(word, value: Double(outcomes[word] ?? 0))
            }
        }
        registry.gauge(
            "gateway_subscription_away_seconds", help: "For how long the subscriber has been away that is away longest."
        ) {
            let since = subscriptions.progress.values.filter { $0.gone == nil }.compactMap(\.awaySince).min()
            return since.map { max(0, Double((clock.now - $0).milliseconds) / 1_000) } ?? 0
        }
    }
}
