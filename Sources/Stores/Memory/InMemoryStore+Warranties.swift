import Gateway

extension InMemoryStore {
    package func warranty(_ id: String) throws(StoreError) -> WarrantyRecord? {
        try read(.warranty) { $0.warranties[ByteKey(id)] }
    }

    package func warranties(after: String?, limit: Int) throws(StoreError) -> [WarrantyRecord] {
        read { $0.warranties.rows(after: after.map(ByteKey.init), limit: limit) }
    }

    package func warranties(dueBy time: Timestamp, limit: Int) throws(StoreError) -> [WarrantyRecord] {
        let due = read { $0.warranties.all() }.filter { $0.look.map { $0 <= time } ?? false }
        return Array(
            due.sorted { ($0.look ?? time, ByteKey($0.id)) < ($1.look ?? time, ByteKey($1.id)) }.prefix(max(0, limit)))
    }

    package func reminders(ofWarranty id: String) throws(StoreError) -> [ReminderRecord] {
        let wanted = ByteKey(id)
        return read { $0.reminders.all() }.filter { ByteKey($0.warranty) == wanted }
    }
}

extension StoreContents {
    mutating func applyWarranties(_ batch: Batch) {
        for row in batch.warranties { warranties[ByteKey(row.id)] = row }
        for id in batch.warrantiesRemoved { warranties[ByteKey(id)] = nil }
        for row in batch.reminders { reminders[StoredReminderKey(row)] = row }
    }
}

/// Orders reminders as SQLite does: by warranty and day, lead times falling.
struct StoredReminderKey: Hashable, Comparable {
    private var warranty: ByteKey
    private var expires: Int
    private var lead: Int

    init(_ row: ReminderRecord) {
        warranty = ByteKey(row.warranty)
        expires = row.expires
        lead = row.lead
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.warranty, left.expires, right.lead) < (right.warranty, right.expires, left.lead)
    }
}

extension BatchEncoder {
    mutating func putWarranties(_ batch: Batch) {
        guard !batch.warranties.isEmpty || !batch.warrantiesRemoved.isEmpty || !batch.reminders.isEmpty else { return }
        each(batch.warranties) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.look)
            encoder.put(WarrantyCodec.encode(row))
        }
        each(batch.warrantiesRemoved) { encoder, id in encoder.put(id) }
        each(batch.reminders) { encoder, row in
            encoder.put(row.warranty)
            encoder.put(Int64(row.expires))
            encoder.put(Int64(row.lead))
            encoder.put(row.at)
            encoder.put(row.message?.rawValue ?? 0)
            encoder.put(row.outcome)
        }
    }
}
