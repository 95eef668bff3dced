import Gateway
import SQL

// What has ended is removed in parts (docs/decisions/0057-what-has-ended-is-removed-in-parts.md).

extension SQLiteDeliveries {
    package func purge(before now: Timestamp, limit: Int) throws(StoreError) -> Int {
        try file.write { () throws(StoreError) in
            try database.change { () throws(StoreError) in
                max(
                    try database.purgeAnswers(before: now, limit: limit),
                    try database.purgeMarks(before: now, limit: limit),
                    try database.purgeErrors(at: now, limit: limit))
            }
        }
    }
}

extension Database {
    fileprivate func purgeAnswers(before now: Timestamp, limit: Int) throws(StoreError) -> Int {
        try run(
            "DELETE FROM answer WHERE key IN (SELECT key FROM answer WHERE until < ? ORDER BY until LIMIT ?)",
            .time(now), .limit(limit))
        return changes
    }

    fileprivate func purgeMarks(before now: Timestamp, limit: Int) throws(StoreError) -> Int {
        try run(
            """
            DELETE FROM mark WHERE (number, kind, scope) IN (SELECT number, kind, scope FROM mark
                WHERE until < ? ORDER BY until, number, kind, scope LIMIT ?)
            """, .time(now), .limit(limit))
        return changes
    }

    /// Looks at the oldest rows alone: ids rise with the time of the first error, and a row holds those of an hour.
    fileprivate func purgeErrors(at now: Timestamp, limit: Int) throws(StoreError) -> Int {
        let count = try first("SELECT count(*) FROM error") { Int($0.integer(0)) } ?? 0
        let surplus = min(limit, count - ErrorRecord.limit)
        var removed = 0
        if surplus > 0 {
            try run("DELETE FROM error WHERE id IN (SELECT id FROM error ORDER BY id LIMIT ?)", .limit(surplus))
            removed = changes
        }
        try run(
            "DELETE FROM error WHERE id IN (SELECT id FROM error ORDER BY id LIMIT ?) AND last_at < ?",
            .limit(limit - removed), .time(now + (.zero - ErrorRecord.lifetime)))
        return removed + changes
    }
}
