import Gateway
import SQL

extension Database {
    /// Inserts tasks, or replaces them by their ids.
    func store(_ tasks: [TaskRecord]) throws(StoreError) {
        for row in tasks {
            try run(
                """
                REPLACE INTO task(id, queue, priority, created, state, changed, worker, reason, inbound, contact,
                    attributes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .text(row.queue), .integer(Int64(row.priority)), .time(row.created),
                .text(row.state.rawValue), .time(row.changed), .text(row.worker), .text(row.reason),
                .id(row.inbound), .text(row.contact), .blob(row.attributes))
        }
    }

    func task(_ id: RecordID) throws(StoreError) -> TaskRecord? {
        try first("SELECT \(TaskRecord.columns) FROM task WHERE id = ?", .id(id)) { (row) throws(StoreError) in
            try TaskRecord(row)
        }
    }
}

extension SQLiteRecords {
    package func task(_ id: RecordID) throws(StoreError) -> TaskRecord? {
        try read { database throws(StoreError) in try database.task(id) }
    }

    package func tasks(_ query: TaskQuery, after: RecordID?, limit: Int) throws(StoreError) -> [TaskRecord] {
        // Open ones have an index; there are few of them beside those that have ended.
        let openOnly = query.states.isSubset(of: [.pending, .assigned])
        let open = openOnly ? "state IN ('pending', 'assigned')" : "1"
        let states = query.states.map(\.rawValue).sorted().joined(separator: " ")
        return try read { database throws(StoreError) in
            try database.all(
                """
                SELECT * FROM (SELECT \(TaskRecord.columns) FROM task
                    WHERE id > ?1 AND \(open) AND instr(' ' || ?2 || ' ', ' ' || state || ' ') > 0
                        AND (?3 IS NULL OR queue = ?3) AND (?4 IS NULL OR worker = ?4))
                WHERE ?5 IS NULL OR contact = ?5 ORDER BY id LIMIT ?6
                """, .integer(after?.rawValue ?? 0), .text(states), .text(query.queue), .text(query.worker),
                .text(query.contact), .limit(limit)
            ) { (row) throws(StoreError) in try TaskRecord(row) }
        }
    }
}

extension TaskRecord {
    /// What `init` reads; the contact is the one into which it was merged.
    fileprivate static let columns = """
        id, queue, priority, created, state, changed, worker, reason, inbound,
        coalesce((SELECT a.contact FROM contact_alias a WHERE a.alias = task.contact), task.contact) AS contact,
        attributes
        """

    /// Reads `columns`.
    fileprivate init(_ row: SQLRow) throws(StoreError) {
        guard let state = State(rawValue: row.text(4)) else {
            throw StoreError(.corrupt, "a stored task has an unknown state")
        }
        self.init(
            id: try row.id(0), queue: row.text(1), priority: Int(row.integer(2)), at: row.time(3),
            attributes: row.blob(10))
        self.state = state
        changed = row.time(5)
        worker = row.optionalText(6)
        reason = row.optionalText(7)
        inbound = row.isNull(8) ? nil : try row.id(8)
        contact = row.optionalText(9)
    }
}
