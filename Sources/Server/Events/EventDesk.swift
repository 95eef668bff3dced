import Gateway

/// Somebody who reads events and may wait for them.
protocol EventReader: Sendable {
    /// Looks for events and hands over what there is.
    /// - Parameters:
    ///   - now: nanoseconds of the clock that never goes back.
    ///   - window: what others of this pass have read already.
    ///   - isLast: nobody is called again.
    /// - Returns: When to be called again at the latest, if nothing is committed before; `nil` when it is over.
    mutating func serve(_ window: inout EventWindow, now: UInt64, isLast: Bool) -> UInt64?
}

/// All readers of events, and when each wants to be called. It has no thread and no clock.
struct EventDesk: Sendable {
    private var readers: [(reader: any EventReader, due: UInt64)] = []

    var count: Int { readers.count }

    /// When somebody wants to be called without news; `nil` while nobody waits.
    var nextDue: UInt64? { readers.map(\.due).min() }

    mutating func add(_ reader: any EventReader) { readers.append((reader, 0)) }

    /// Serves those whose time has come, and with news everybody.
    /// - Parameter isLast: nobody is called again, and who waits is answered.
    mutating func pass(_ window: inout EventWindow, now: UInt64, isNews: Bool, isLast: Bool = false) {
        if isNews { window.noteNews() }
        var left: [(reader: any EventReader, due: UInt64)] = []
        left.reserveCapacity(readers.count)
        for (reader, due) in readers {
            guard isNews || isLast || due <= now else {
                left.append((reader, due))
                continue
            }
            var reader = reader
            if let due = reader.serve(&window, now: now, isLast: isLast) { left.append((reader, due)) }
        }
        readers = left
    }
}
