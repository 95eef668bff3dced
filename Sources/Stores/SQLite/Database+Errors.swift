import Gateway
import SQL

extension Database {
    /// Adds to the rows of the same errors, which keep their ids and first times; else inserts.
    func store(_ errors: [ErrorRecord]) throws(StoreError) {
        for row in errors {
            let context = row.context
            try run(
                """
                INSERT INTO error(id, hour, code, tenant, channel, provider, country, provider_code, owner, severity,
                    message, first_at, last_at, times, delivery, message_id, step, attempt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(hour, code, tenant, channel, provider, country, provider_code, owner) DO UPDATE
                SET last_at = max(last_at, excluded.last_at), times = times + excluded.times,
                    delivery = excluded.delivery, message_id = excluded.message_id, step = excluded.step,
                    attempt = excluded.attempt
                """, .id(row.id), .integer(row.hour), .text(row.code), .text(context.tenant), .text(context.channel),
                .text(context.provider), .text(context.country), .integer(Int64(context.providerCode)),
                .integer(row.owner?.rawValue ?? 0), .integer(Int64(row.severity.rawValue)), .text(row.message),
                .time(row.first), .time(row.last), .integer(Int64(row.count)), .id(context.delivery),
                .id(context.message), .integer(context.step.map(Int64.init)),
                .integer(context.attempt.map(Int64.init)))
        }
    }
}

extension SQLiteRecords {
    package func errors(_ query: ErrorQuery, before: RecordID?, limit: Int) throws(StoreError) -> [ErrorRecord] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT id, code, tenant, channel, provider, country, provider_code, owner, severity, message, first_at,
                    last_at, times, delivery, message_id, step, attempt FROM error
                WHERE id <= ?1 AND (?2 IS NULL OR tenant = ?2) AND ((1 << severity) & ?3) <> 0
                    AND (?4 IS NULL OR code = ?4) AND (?5 IS NULL OR channel = ?5) AND (?6 IS NULL OR provider = ?6)
                    AND (?7 IS NULL OR last_at >= ?7) AND (?8 IS NULL OR first_at < ?8)
                    AND (?9 IS NULL OR ?9 IN (id, delivery, message_id))
                    AND (?10 IS NULL OR instr(lower(code || char(10) || message || char(10) || channel || char(10)
                        || provider || char(10) || country || char(10) || provider_code), ?10) > 0)
                ORDER BY id DESC LIMIT ?11
                """, Self.upTo(before), .text(query.tenant), .integer(query.severityMask), .text(query.code),
                .text(query.channel), .text(query.provider), .time(query.since), .time(query.until),
                .id(query.subject), .text(query.loweredText), .limit(limit)
            ) { (row) throws(StoreError) in try ErrorRecord(row) }
        }
    }
}

extension ErrorRecord {
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        var context = ErrorContext()
        context.tenant = row.text(2)
        context.channel = row.text(3)
        context.provider = row.text(4)
        context.country = row.text(5)
        context.providerCode = Int(row.integer(6))
        context.delivery = row.isNull(13) ? nil : try row.id(13)
        context.message = row.isNull(14) ? nil : try row.id(14)
        context.step = row.optionalInteger(15).map { Int($0) }
        context.attempt = row.optionalInteger(16).map { Int($0) }
        self.init(
            id: try row.id(0), code: row.text(1),
            // One of a later version.
            severity: UInt8(exactly: row.integer(8)).flatMap(ErrorSeverity.init) ?? .error, message: row.text(9),
            times: (first: row.time(10), last: row.time(11), count: Int(row.integer(12))), context,
            isShared: row.integer(7) == 0)
    }
}
