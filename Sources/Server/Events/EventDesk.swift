import Gateway

/// Somebody who reads events and may wait for them.
protocol EventReader: Sendable {
    /// Looks for events and hands over what there is.
    /// - Parameters:
    ///   - now: nanoseconds of the clock that never goes back.
    ///   - isNews: something was committed since the last time.
    /// - Returns: When to be called again at the latest, if nothing is committed before; `nil` when it is over.
    mutating func serve(_ feed: EventFeed, now: UInt64, isNews: Bool) -> UInt64?
}

/// All readers of events, and when each wants to be called. It has no thread and no clock.
struct EventDesk: Sendable {
    private var readers: [(reader: any EventReader, due: UInt64)] = []

    var count: Int { readers.count }

    /// When somebody wants to be called without news; `nil` while nobody waits.
    var nextDue: UInt64? { readers.map(\.due).min() }

    mutating func add(_ reader: any EventReader) { readers.append((reader, 0)) }

    /// Serves those whose time has come, and with news everybody.
    mutating func pass(_ feed: EventFeed, now: UInt64, isNews: Bool) {
        var left: [(reader: any EventReader, due: UInt64)] = []
        left.reserveCapacity(readers.count)
        for (reader, due) in readers {
            guard isNews || due <= now else {
                left.append((reader, due))
                continue
            }
            var reader = reader
            if let due = reader.serve(feed, now: now, isNews: isNews) { left.append((reader, due)) }
        }
        readers = left
    }
}
