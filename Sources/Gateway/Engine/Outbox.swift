/// What other systems are still to be told, and when each is tried next. In memory, rebuilt from the store's rows.
struct Outbox {
    /// Requests under way at once; the rest wait.
    static let window = 32
    /// Of them, to one receiver: one that hangs leaves the others their places.
    static let windowOfReceiver = 8
    /// For so long after it happened something is tried again.
    static let patience = Duration.seconds(24 * 3_600)
    private static let firstPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(3_600)

    private var records: [RecordID: OutgoingRecord] = [:]
    /// By due time; an entry whose generation is not the number of failed tries is out of date.
    private var schedule = TimerHeap()
    /// What is under way, by the number of its exchange.
    private var flights: [Int: Flight] = [:]
    /// Those whose time has come while their receiver had no place, by receiver, in order.
    private var parked: [String: Queue<TimerHeap.Entry>] = [:]
    /// Receivers of `parked` that got a place back.
    private var freed: [String] = []

    private struct Flight {
        let record: RecordID
        let receiver: String
    }

    // What the running turn changed, as it was before.
    private var before: [RecordID: OutgoingRecord?] = [:]
    private var flightsBefore: [Int: Flight] = [:]

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
        // Who has a place is another question now.
        for (_, entries) in parked.sorted(by: { $0.key < $1.key }) {
            for entry in entries.elements { schedule.insert(entry) }
        }
        parked = [:]
        freed = []
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
        if let record = takeParked() { return record }
        while let due = nextDue, due <= now, let entry = schedule.removeFirst() {
            guard let record = waiting(entry) else { continue }
            guard hasPlace(record.receiver) else {
                parked[record.receiver, default: .init()].append(entry)
                continue
            }
            remember(record.id)
            return record
        }
        return nil
    }

    private mutating func takeParked() -> OutgoingRecord? {
        while flights.count < Self.window, let receiver = freed.last {
            guard hasPlace(receiver), let entry = parked[receiver]?.popFirst() else {
                if parked[receiver]?.isEmpty == true { parked[receiver] = nil }
                freed.removeLast()
                continue
            }
            guard let record = waiting(entry) else { continue }
            remember(record.id)
            return record
        }
        return nil
    }

    /// The record of an entry; `nil` for an entry that is out of date.
    private func waiting(_ entry: TimerHeap.Entry) -> OutgoingRecord? {
        guard let record = records[entry.delivery], UInt32(truncatingIfNeeded: record.tries) == entry.generation,
            !flights.values.contains(where: { $0.record == record.id })
        else { return nil }
        return record
    }

    private func hasPlace(_ receiver: String) -> Bool {
        flights.values.count { $0.receiver == receiver } < Self.windowOfReceiver
    }

    mutating func left(_ record: OutgoingRecord, as exchange: Int) {
        flights[exchange] = Flight(record: record.id, receiver: record.receiver)
    }

    /// Whether an exchange is one of these.
    func isUnderWay(_ exchange: Int) -> Bool { flights[exchange] != nil }

    /// An exchange came back; `nil` when its record was withdrawn meanwhile.
    mutating func cameBack(_ exchange: Int) -> OutgoingRecord? {
        guard let flight = flights.removeValue(forKey: exchange) else { return nil }
        if parked[flight.receiver] != nil { freed.append(flight.receiver) }
        guard let record = records[flight.record] else { return nil }
        remember(record.id)
        return record
    }

    /// How long to wait after failed tries: equal jitter below 5 s · 2ⁿ and an hour.
    /// - Parameter jitter: 0 to 1.
    static func pause(afterTries tries: Int, jitter: Double) -> Duration {
        let highest = min(longestPause, firstPause * (1 << min(max(tries, 1) - 1, 16)))
        return .milliseconds(Int64(Double(highest.milliseconds) * (0.5 + jitter / 2)))
    }
}
