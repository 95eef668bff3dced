import Gateway
import SQL

/// What both the engine and the API ask.
extension Database {
    /// Whether versions 1 to 3 of the schema stored look-up keys here; no version after them adds any.
    func hasOldLookUps() throws(StoreError) -> Bool {
        try first("SELECT 1 FROM lookup LIMIT 1") { _ in true } ?? false
    }

    /// What versions 1 to 3 of the schema stored of a look-up key.
    func oldLookUps(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID] {
        try all("SELECT id FROM lookup WHERE kind = ? AND key = ?", .integer(Int64(kind.rawValue)), .text(key)) {
            (row) throws(StoreError) in try row.id(0)
        }
    }

    func snapshot(_ hash: String) throws(StoreError) -> SnapshotRecord? {
        try first("SELECT body FROM snapshot WHERE hash = ?", .text(hash)) { row in
            SnapshotRecord(hash: hash, body: row.blob(0))
        }
    }

    func message(_ id: RecordID) throws(StoreError) -> MessageRecord? {
        try first("SELECT id, created, body FROM message WHERE id = ?", .id(id)) { (row) throws(StoreError) in
            try MessageRecord(row)
        }
    }

    func delivery(_ id: RecordID) throws(StoreError) -> DeliveryRecord? {
        try first("SELECT id, message, body FROM delivery WHERE id = ?", .id(id)) { (row) throws(StoreError) in
            try DeliveryRecord(row)
        }
    }

    func review(_ id: RecordID) throws(StoreError) -> ReviewRecord? {
        try first("SELECT \(ReviewRecord.columns) FROM review WHERE id = ?", .id(id)) { (row) throws(StoreError) in
            try ReviewRecord(row)
        }
    }

    /// The single delivery shares its message's identifier and has no entry in the index.
    func deliveries(ofMessage id: RecordID) throws(StoreError) -> [DeliveryRecord] {
        try all(
            """
            SELECT id, message, body FROM delivery WHERE id = ?1 AND message = ?1
            UNION ALL SELECT id, message, body FROM delivery WHERE message = ?1 AND message <> id ORDER BY 1
            """, .id(id)
        ) { (row) throws(StoreError) in try DeliveryRecord(row) }
    }

    /// The state of a delivery, open or ended.
    func state(of delivery: RecordID) throws(StoreError) -> StateRecord? {
        let ended = try state("SELECT delivery, blob FROM closed WHERE delivery = ?", delivery)
        guard ended == nil else { return ended }
        return try state("SELECT delivery, blob FROM state WHERE delivery = ?", delivery)
    }

    private func state(_ sql: String, _ delivery: RecordID) throws(StoreError) -> StateRecord? {
        try first(sql, .id(delivery)) { (row) throws(StoreError) in try StateRecord(row) }
    }
}
