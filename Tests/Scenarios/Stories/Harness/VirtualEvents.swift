import Gateway
import HTTP
import Simulator

/// What can happen in a simulated world beside the engine's own timers.
enum VirtualEvent {
    case simulatorTimer(Int)
    /// An exchange's answer reaches the gateway of a boot.
    case exchanged(boot: Int, exchange: Int, ExchangeOutcome)
    /// Nobody answered the request in time.
    case exchangeTimeout(request: Int)
    /// The simulator's request reaches the gateway.
    case webhook(Int, Simulator.WebhookRequest)
    case webhookTimeout(Int)
    /// Something that the test planned.
    case planned((VirtualGateway) -> Void)
}

/// The events to come, by time and then in the order in which they were planned.
struct VirtualEvents {
    private struct Entry {
        var time: Timestamp
        var sequence: Int
        var event: VirtualEvent

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : sequence < other.sequence
        }
    }

    private var entries: [Entry] = []
    private var sequence = 0

    var first: Timestamp? { entries.first?.time }

    mutating func insert(_ event: VirtualEvent, at time: Timestamp) {
        sequence += 1
        entries.append(Entry(time: time, sequence: sequence, event: event))
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> VirtualEvent? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first.event }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2
            where child < entries.count && entries[child].isBefore(entries[least]) {
                least = child
            }
            guard least != parent else { return first.event }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
