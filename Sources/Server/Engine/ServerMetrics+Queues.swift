import Gateway
import Telemetry

extension ServerMetrics {
    /// One series for each queue of the configuration.
    func watchQueues(_ engine: EngineThread) {
        registry.readEach("gateway_queue_waiting", help: "Tasks that wait in the queue.", labels: ["queue"]) {
            engine.gauges.queues.map { MetricSample($0.name, value: Double($0.waiting)) }
        }
        queues("gateway_queue_accepted_total", "The queue's tasks that workers took.", engine) { Double($0.accepted) }
        queues("gateway_queue_in_time_total", "Those that waited no longer than they should.", engine) {
            Double($0.inTime)
        }
        queues("gateway_queue_wait_seconds_total", "How long they waited in the queue.", engine) {
            Double($0.waited.milliseconds) / 1_000
        }
        queues("gateway_queue_completed_total", "The queue's tasks that workers took and did.", engine) {
            Double($0.completed)
        }
        queues("gateway_queue_handling_seconds_total", "How long that took.", engine) {
            Double($0.handled.milliseconds) / 1_000
        }
    }

    private func queues(
        _ name: StaticString, _ help: StaticString, _ engine: EngineThread,
        _ read: @escaping @Sendable (QueueCounters) -> Double
    ) {
        registry.readEach(name, help: help, labels: ["queue"], isCounter: true) {
            let counters = engine.counters.queues
            return engine.gauges.queues.map {
                MetricSample($0.name, value: read(counters[$0.name] ?? QueueCounters()))
            }
        }
    }
}
