/// The chain of a delivery's events: a state names the last one, and each event the one before it, in the first 8 bytes
/// of their blobs, big-endian. So a history needs no index.
public enum EventHistory {
    /// The history that ends with the event which `state` names, oldest first.
    /// - Parameter event: reads one by its sequence.
    /// - Throws: `.corrupt` for a chain that is broken, a loop, or another delivery's; what `event` throws.
    public static func events(
        endingAt state: StateRecord, _ event: (_ sequence: Int64) throws(StoreError) -> EventRecord?
    ) throws(StoreError) -> [EventRecord] {
        var history: [EventRecord] = []
        var next = try sequence(in: state.blob, before: .max)
        while next != 0 {
            guard let event = try event(next), event.delivery == state.delivery else { throw broken }
            history.append(event)
            next = try sequence(in: event.blob, before: event.sequence)
        }
        return history.reversed()
    }

    /// An event's sequence less than `limit`, or 0 for none.
    private static func sequence(in blob: [UInt8], before limit: Int64) throws(StoreError) -> Int64 {
        guard blob.count >= 8 else { throw broken }
        let value = Int64(bitPattern: blob.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        guard value >= 0, value < limit else { throw broken }
        return value
    }

    private static var broken: StoreError { StoreError(.corrupt, "the history of a delivery is broken") }
}
