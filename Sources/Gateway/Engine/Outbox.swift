/// What other systems are still to be told, and when each is tried next. In memory, rebuilt from the store's rows.
struct Outbox {
    /// Requests under way at once; the rest wait, so that a receiver that hangs costs nobody else a connection.
    static let window = 32
    /// For so long after it happened something is tried again.
    static let patience = Duration.seconds(24 * 3_600)
    private static let firstPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(3_600)

    private var records: [RecordID: OutgoingRecord] = [:]
    /// By due time; an entry whose generation is not the number of failed tries is out of date.
    private var schedule = TimerHeap()
    /// What is under way, by the number of its exchange.
    private var flights: [Int: RecordID] = [:]

    // What the running turn changed, as it was before.
    private var before: [RecordID: OutgoingRecord?] = [:]
    private var flightsBefore: [Int: RecordID] = [:]

    var count: Int { records.count }

    /// When the next try is due; `nil` while none may leave.
    var nextDue: Timestamp? { flights.count < Self.window ? schedule.first?.due : nil }

    // MARK: turns

    /// A turn begins: what it changes can be taken back.
    mutating func begin() {
        before.removeAll(keepingCapacity: true)
        flightsBefore = flights
    }

    /// The turn's commit failed: everything is as it was when it began.
    mutating func rollBack() {
        flights = flightsBefore
        for (id, record) in before.sorted(by: { $0.key < $1.key }) {
            records[id] = record
            if let record { plan(record) }
        }
        before.removeAll()
    }

    private mutating func remember(_ id: RecordID) {
        if before[id] == nil { before.updateValue(records[id], forKey: id) }
    }

    // MARK: records

    /// Something new, or something with its next try.
    mutating func put(_ record: OutgoingRecord) {
        remember(record.id)
        records[record.id] = record
        plan(record)
    }

    mutating func remove(_ id: RecordID) {
        remember(id)
        records[id] = nil
    }

    /// What is told about a delivery, in order.
    func ids(of delivery: RecordID, type: String) -> [RecordID] {
        records.values.filter { $0.delivery == delivery && $0.type == type }.map(\.id).sorted()
    }

    private mutating func plan(_ record: OutgoingRecord) {
        schedule.insert(
            .init(due: record.due, delivery: record.id, generation: UInt32(truncatingIfNeeded: record.tries)))
    }

    // MARK: tries

    /// The next record whose time has come and for which there is room.
    mutating func takeDue(at now: Timestamp) -> OutgoingRecord? {
        while let due = nextDue, due <= now, let entry = schedule.removeFirst() {
            guard let record = records[entry.delivery],
                UInt32(truncatingIfNeeded: record.tries) == entry.generation,
                !flights.values.contains(record.id)
            else { continue }
            remember(record.id)
            return record
        }
        return nil
    }

    mutating func left(_ id: RecordID, as exchange: Int) { flights[exchange] = id }

    /// Whether an exchange is one of these.
    func isUnderWay(_ exchange: Int) -> Bool { flights[exchange] != nil }

    /// An exchange came back; `nil` when its record was withdrawn meanwhile.
    mutating func cameBack(_ exchange: Int) -> OutgoingRecord? {
        guard let id = flights.removeValue(forKey: exchange), let record = records[id] else { return nil }
        remember(id)
        return record
    }

    /// How long to wait after failed tries: equal jitter below 5 s · 2ⁿ and an hour.
    /// - Parameter jitter: 0 to 1.
    static func pause(afterTries tries: Int, jitter: Double) -> Duration {
        let highest = min(longestPause, firstPause * (1 << min(max(tries, 1) - 1, 16)))
        return .milliseconds(Int64(Double(highest.milliseconds) * (0.5 + jitter / 2)))
    }
}
