import Gateway
import SQL

/// The engine's side of a store in a SQLite file: one connection, used by one thread.
///
/// A commit is one transaction with one flush to the disk (WAL, `synchronous=FULL`). When it throws, nothing of the
/// batch is stored and the next commit may try again.
package final class SQLiteDeliveries {
    // Before the file: properties go in this order, and the lock must outlive the connection.
    private let writer: BatchWriter
    private let epoch: SQLStatement
    private let answer: SQLStatement
    let database: Database
    let file: SQLiteFile

    init(file: SQLiteFile) throws(StoreError) {
        self.file = file
        database = try file.connect(.writer)
        epoch = try database.prepare("SELECT epoch FROM lease WHERE partition = ?")
        answer = try database.prepare("SELECT body, until FROM answer WHERE key = ?")
        writer = try BatchWriter(database)
    }

    /// How many states one page of a scan holds; a visitor may use the store between pages.
    private static let page = 1_024

    private func check(_ lease: Lease) throws(StoreError) {
        var latest: Int64?
        epoch.bind(Int64(lease.partition))
        try storeError { () throws(SQLError) in try epoch.query { latest = $0.integer(0) } }
        guard latest == lease.epoch else {
            throw StoreError(.fenced, "partition \(lease.partition) was taken by another gateway")
        }
    }

    private func states(_ lease: Lease, after: Int64) throws(StoreError) -> [StateRecord] {
        if lease.partition == 0 {
            return try database.all(
                "SELECT delivery, blob FROM state WHERE delivery > ? ORDER BY delivery LIMIT ?", .integer(after),
                .limit(Self.page)
            ) { (row) throws(StoreError) in try StateRecord(row) }
        }
        return try database.all(
            """
            SELECT delivery, blob FROM state WHERE delivery > ? AND delivery >> 12 & 1023 = ?
            ORDER BY delivery LIMIT ?
            """, .integer(after), .integer(Int64(lease.partition)), .limit(Self.page)
        ) { (row) throws(StoreError) in try StateRecord(row) }
    }
}

extension SQLiteDeliveries: DeliveryStore {
    package func open(partition: Int) throws(StoreError) -> Lease {
        guard 0...1023 ~= partition else { throw StoreError(.failed, "there is no partition \(partition)") }
        let epoch = try file.write { () throws(StoreError) in
            try database.change { () throws(StoreError) in
                try database.first(
                    """
                    INSERT INTO lease(partition, epoch) VALUES (?, 1)
                    ON CONFLICT(partition) DO UPDATE SET epoch = epoch + 1 RETURNING epoch
                    """, .integer(Int64(partition))
                ) { $0.integer(0) }
            }
        }
        guard let epoch else { throw StoreError(.failed, "the lease was not stored") }
        return Lease(partition: partition, epoch: epoch)
    }

    package func scan(_ lease: Lease, _ visit: (StateRecord) throws(StoreError) -> Void) throws(StoreError) {
        try check(lease)
        var last: Int64 = 0
        while true {
            let page = try states(lease, after: last)
            for state in page { try visit(state) }
            guard page.count == Self.page, let end = page.last else { return }
            last = end.delivery.rawValue
        }
    }

    package func body(of delivery: RecordID) throws(StoreError) -> (delivery: DeliveryRecord, message: MessageRecord)? {
        try database.first(
            """
            SELECT delivery.id, message, delivery.body, message.id, created, message.body
            FROM delivery JOIN message ON message.id = delivery.message WHERE delivery.id = ?
            """, .id(delivery)
        ) { (row) throws(StoreError) in (try DeliveryRecord(row), try MessageRecord(row, at: 3)) }
    }

    package func state(of delivery: RecordID) throws(StoreError) -> StateRecord? {
        try database.state(of: delivery)
    }

    package func deliveries(ofMessage message: RecordID) throws(StoreError) -> [RecordID] {
        try database.deliveries(ofMessage: message).map(\.id)
    }

    package func lookUp(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID] {
        try file.lookUps.ids(kind, key, database)
    }

    package func answer(_ key: String) throws(StoreError) -> AnswerRecord? {
        answer.bind(key)
        var found: AnswerRecord?
        try storeError { () throws(SQLError) in
            try answer.query { row in found = AnswerRecord(key: key, body: row.blob(0), until: row.time(1)) }
        }
        return found
    }

    package func snapshot(_ hash: String) throws(StoreError) -> SnapshotRecord? { try database.snapshot(hash) }

    package func marks(at now: Timestamp) throws(StoreError) -> [AddressMark] {
        try database.all(
            """
            SELECT number, kind, scope, at, until FROM mark WHERE until IS NULL OR until > ?
            ORDER BY number, kind, scope
            """, .time(now)
        ) { (row) throws(StoreError) in try AddressMark(row) }
    }

    package func receipts() throws(StoreError) -> [ReceiptRecord] { try database.receipts() }

    package func spends(onDay day: Int64) throws(StoreError) -> [SpendRecord] { try database.spends(onDay: day) }

    package func outgoing() throws(StoreError) -> [OutgoingRecord] { try database.outgoing() }

    package func openMailings() throws(StoreError) -> [MailingProgressRecord] { try database.openMailings() }

    package func mailingProgress(_ id: RecordID) throws(StoreError) -> MailingProgressRecord? {
        try database.mailingProgress(id)
    }

    package func highest() throws(StoreError) -> (id: RecordID?, event: Int64) {
        let highest = try database.first(
            """
            SELECT max(coalesce((SELECT max(id) FROM message), 0), coalesce((SELECT max(id) FROM delivery), 0),
                coalesce((SELECT max(delivery) FROM state), 0), coalesce((SELECT max(delivery) FROM closed), 0),
                coalesce((SELECT max(id) FROM review), 0), coalesce((SELECT max(id) FROM inbound), 0),
                coalesce((SELECT max(id) FROM outgoing), 0), coalesce((SELECT max(id) FROM mailing), 0),
                coalesce((SELECT max(id) FROM error), 0), coalesce((SELECT max(id) FROM subscription), 0),
                coalesce((SELECT max(id) FROM consent_statement), 0), coalesce((SELECT max(id) FROM media), 0),
                coalesce((SELECT max(id) FROM task), 0), coalesce((SELECT max(id) FROM conference), 0),
                coalesce((SELECT max(id) FROM conference_participant), 0)),
                max(coalesce((SELECT max(sequence) FROM event), 0),
                    coalesce((SELECT max(sequence) FROM published), 0))
            """
        ) { row in (id: RecordID(rawValue: row.integer(0)), event: row.integer(1)) }
        return highest ?? (nil, 0)
    }

    package func contact(_ id: String) throws(StoreError) -> ContactRecord? { try database.contact(id) }

    package func warranty(_ id: String) throws(StoreError) -> WarrantyRecord? { try database.warranty(id) }

    package func reminders(ofWarranty id: String) throws(StoreError) -> [ReminderRecord] {
        try database.reminders(ofWarranty: id)
    }

    package func media(_ id: RecordID) throws(StoreError) -> MediaRecord? { try database.media(id) }

    package func task(_ id: RecordID) throws(StoreError) -> TaskRecord? { try database.task(id) }

    package func openTasks(routedOnly: Bool) throws(StoreError) -> [TaskRecord] {
        try database.openTasks(routedOnly: routedOnly)
    }

    package func workers() throws(StoreError) -> [WorkerRecord] { try database.workers() }
    package func openConferences() throws(StoreError) -> [ConferenceRoster] { try database.openConferences() }

    package func openReview(of delivery: RecordID) throws(StoreError) -> ReviewRecord? {
        try database.first(
            """
            SELECT \(ReviewRecord.columns) FROM review
            WHERE is_open = 1 AND delivery = ? ORDER BY id DESC LIMIT 1
            """, .id(delivery)
        ) { (row) throws(StoreError) in try ReviewRecord(row) }
    }

    package func review(_ id: RecordID) throws(StoreError) -> ReviewRecord? { try database.review(id) }

    package func commit(_ batch: Batch, _ lease: Lease) throws(StoreError) {
        try file.write { () throws(StoreError) in
            if !batch.lookUps.isEmpty { try file.lookUps.makeRoom() }
            let logged = try database.change { () throws(StoreError) in
                try check(lease)
                return try writer.store(batch)
            }
            if let logged { file.lookUps.add(batch.lookUps, logged) }
        }
    }
}
