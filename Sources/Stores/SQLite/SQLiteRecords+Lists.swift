import Gateway
import SQL

extension SQLiteRecords: RecordStore {
    package func reviews(openOnly: Bool, after: RecordID?, limit: Int) throws(StoreError) -> [ReviewRecord] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT \(ReviewRecord.columns) FROM review
                WHERE id > ? AND (is_open = 1 OR NOT ?) ORDER BY id LIMIT ?
                """, .integer(after?.rawValue ?? 0), .flag(openOnly), .limit(limit)
            ) { (row) throws(StoreError) in try ReviewRecord(row) }
        }
    }

    package func review(_ id: RecordID) throws(StoreError) -> ReviewRecord? {
        try read { database throws(StoreError) in try database.review(id) }
    }

    package func messages(before: RecordID?, limit: Int) throws(StoreError) -> [MessageRecord] {
        try read { database throws(StoreError) in
            // Without a bound the greatest identifier must be found as well, hence `<=`.
            try database.all(
                "SELECT id, created, body FROM message WHERE id <= ? ORDER BY id DESC LIMIT ?", Self.upTo(before),
                .limit(limit)
            ) { (row) throws(StoreError) in try MessageRecord(row) }
        }
    }

    package func message(_ id: RecordID) throws(StoreError) -> MessageRecord? {
        try read { database throws(StoreError) in try database.message(id) }
    }

    package func delivery(_ id: RecordID) throws(StoreError) -> DeliveryRecord? {
        try read { database throws(StoreError) in try database.delivery(id) }
    }

    package func deliveries(ofMessage id: RecordID) throws(StoreError) -> [DeliveryRecord] {
        try read { database throws(StoreError) in try database.deliveries(ofMessage: id) }
    }

    package func state(of delivery: RecordID) throws(StoreError) -> StateRecord? {
        try look { database throws(StoreError) in try database.state(of: delivery) }
    }

    package func events(of delivery: RecordID) throws(StoreError) -> [EventRecord] {
        try look { database throws(StoreError) in
            guard let state = try database.state(of: delivery) else { return [] }
            return try database.history(of: state)
        }
    }

    package func lookUp(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID] {
        try read { database throws(StoreError) in try file.lookUps.ids(kind, key, database) }
    }

    package func marks(of number: String) throws(StoreError) -> [AddressMark] {
        try read { database throws(StoreError) in
            try database.all(
                "SELECT number, kind, scope, at, until FROM mark WHERE number = ? ORDER BY kind, scope", .text(number)
            ) { (row) throws(StoreError) in try AddressMark(row) }
        }
    }

    package func inbound(_ id: RecordID) throws(StoreError) -> InboundRecord? {
        try read { database throws(StoreError) in
            try database.first("SELECT \(Self.inboundColumns) FROM inbound WHERE id = ?", .id(id)) {
                (row) throws(StoreError) in try InboundRecord(row)
            }
        }
    }

    private static let inboundColumns = """
        id, created, channel, sender, recipient, provider_id,
        coalesce((SELECT a.contact FROM contact_alias a WHERE a.alias = inbound.contact), inbound.contact), body
        """

    package func inbound(before: RecordID?, limit: Int) throws(StoreError) -> [InboundRecord] {
        try read { database throws(StoreError) in
            try database.all(
                "SELECT \(Self.inboundColumns) FROM inbound WHERE id <= ? ORDER BY id DESC LIMIT ?", Self.upTo(before),
                .limit(limit)
            ) { (row) throws(StoreError) in try InboundRecord(row) }
        }
    }

    package func snapshot(_ hash: String) throws(StoreError) -> SnapshotRecord? {
        try read { database throws(StoreError) in try database.snapshot(hash) }
    }

    package func receipts() throws(StoreError) -> [ReceiptRecord] {
        try read { database throws(StoreError) in try database.receipts() }
    }

    static func upTo(_ before: RecordID?) -> SQLValue { .integer(before.map { $0.rawValue - 1 } ?? .max) }
}

extension Database {
    /// The history that ends with the event which `state` names, oldest first.
    fileprivate func history(of state: StateRecord) throws(StoreError) -> [EventRecord] {
        try EventHistory.events(endingAt: state) { (sequence) throws(StoreError) in
            try first("SELECT sequence, delivery, blob FROM event WHERE sequence = ?", .integer(sequence)) {
                (row) throws(StoreError) in try EventRecord(row)
            }
        }
    }
}
