import Gateway
import JSON

extension ConfigurationView {
    /// Workers with what expressions see of them; `nil` without any.
    static func workers(_ routing: TaskRouting) -> JSONValue? {
        guard !routing.workers.isEmpty else { return nil }
        return object(
            routing.workers.map { worker in
                let attributes = worker.attributes.filter { $0.name != "name" }.map { ($0.name, $0.value.json) }
                return (worker.name, object([("capacity", .int(worker.capacity)), ("attributes", object(attributes))]))
            })
    }

    /// Queues with the workers that fit; `nil` without any.
    static func queues(_ routing: TaskRouting) -> JSONValue? {
        guard !routing.queues.isEmpty else { return nil }
        return object(
            routing.queues.map { queue in
                (
                    queue.name,
                    object([
                        ("workers", strings(routing.eligible(for: queue).map(\.name))),
                        ("order", .string(queue.order.rawValue)),
                        ("reservation_timeout", .string(queue.reservationTimeout.written)),
                        ("service_level", queue.serviceLevel.map { .string($0.written) }),
                    ])
                )
            })
    }
}
