import Gateway

/// What makes two errors of an hour the same.
struct ErrorKey: Hashable, Sendable {
    private let hour: Int64
    private let names: [ByteKey]
    private let providerCode: Int
    private let owner: RecordID?

    init(_ row: ErrorRecord) {
        hour = row.hour
        names = [row.code, row.context.tenant, row.context.channel, row.context.provider, row.context.country]
            .map(ByteKey.init)
        providerCode = row.context.providerCode
        owner = row.owner
    }
}

/// Errors by their ids, and their ids by what makes them the same.
struct ErrorContents: Sendable {
    private(set) var rows = SortedTable<RecordID, ErrorRecord>()
    private var ids: [ErrorKey: RecordID] = [:]

    mutating func apply(_ errors: [ErrorRecord]) {
        for row in errors {
            let key = ErrorKey(row)
            if let id = ids[key] {
                rows[id]?.add(row)
            } else {
                rows[row.id] = row
                ids[key] = row.id
            }
        }
    }

    mutating func lastKey() -> RecordID? { rows.lastKey() }

    /// Newest first, those that are wanted.
    mutating func rows(_ query: ErrorQuery, before: RecordID?, limit: Int) -> [ErrorRecord] {
        Array(rows.rows(before: before, limit: .max).lazy.filter(query.fits).prefix(max(0, limit)))
    }

    /// Removes at most `limit` of the oldest: those that happened too long ago, and those that are too many.
    mutating func purge(at now: Timestamp, limit: Int) -> Int {
        let surplus = rows.count - ErrorRecord.limit
        let oldest = rows.rows(after: nil, limit: limit).enumerated()
        let ended = oldest.filter { $0.offset < surplus || $0.element.last + ErrorRecord.lifetime < now }.map(\.element)
        for row in ended {
            rows[row.id] = nil
            // The key is made of the first error's hour and place, which additions do not change.
            ids[ErrorKey(row)] = nil
        }
        return ended.count
    }
}

extension InMemoryStore {
    package func errors(_ query: ErrorQuery, before: RecordID?, limit: Int) throws(StoreError) -> [ErrorRecord] {
        read { $0.errors.rows(query, before: before, limit: limit) }
    }
}
