import Gateway
import SQL

extension Database {
    /// Inserts tasks, or replaces them by their ids.
    func store(_ tasks: [TaskRecord]) throws(StoreError) {
        for row in tasks {
            try run(
                """
                REPLACE INTO task(id, queue, priority, created, state, changed, worker, reason, inbound, contact,
                    attributes, entered, accepted, course)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .id(row.id), .text(row.queue), .integer(Int64(row.priority)), .time(row.created),
                .text(row.state.rawValue), .time(row.changed), .text(row.worker), .text(row.reason),
                .id(row.inbound), .text(row.contact), .blob(row.attributes), .time(row.entered),
                .time(row.accepted), row.course.bytes.map { .blob($0) } ?? .null)
        }
    }

    func task(_ id: RecordID) throws(StoreError) -> TaskRecord? {
        try first("SELECT \(TaskRecord.columns) FROM task WHERE id = ?", .id(id)) { (row) throws(StoreError) in
            try TaskRecord(row)
        }
    }
}

extension Database {
    /// Inserts what is remembered of workers, or replaces it by their names.
    func store(_ workers: [WorkerRecord]) throws(StoreError) {
        for row in workers {
            try run(
                "REPLACE INTO worker(name, activity, since, idle, given) VALUES (?, ?, ?, ?, ?)", .text(row.name),
                .text(row.activity.rawValue), .time(row.since), .time(row.idle), .time(row.given))
        }
    }

    func workers() throws(StoreError) -> [WorkerRecord] {
        try all("SELECT name, activity, since, idle, given FROM worker ORDER BY name") { (row) throws(StoreError) in
            guard let activity = WorkerRecord.Activity(rawValue: row.text(1)) else {
                throw StoreError(.corrupt, "a stored worker has an unknown activity")
            }
            var worker = WorkerRecord(name: row.text(0))
            worker.activity = activity
            (worker.since, worker.idle, worker.given) = (row.time(2), row.time(3), row.time(4))
            return worker
        }
    }

    func openTasks(routedOnly: Bool) throws(StoreError) -> [TaskRecord] {
        try all(
            """
            SELECT \(TaskRecord.columns) FROM task
            WHERE \(TaskRecord.isOpenCondition) AND (course IS NOT NULL OR NOT ?) ORDER BY id
            """, .flag(routedOnly)
        ) { (row) throws(StoreError) in try TaskRecord(row) }
    }

    func figures(ofQueue queue: String, since: Timestamp, level: Duration?) throws(StoreError) -> QueueFigures {
        var figures = QueueFigures()
        let now = try first(
            """
            SELECT coalesce(sum(state <> 'assigned'), 0), coalesce(sum(state = 'assigned'), 0),
                min(iif(state <> 'assigned', coalesce(entered, created), NULL))
            FROM task WHERE \(TaskRecord.isOpenCondition) AND queue = ?
            """, .text(queue)
        ) { row in (Int(row.integer(0)), Int(row.integer(1)), row.optionalTime(2)) }
        if let now { (figures.waiting, figures.assigned, figures.oldest) = now }
        let past = try first(
            """
            SELECT count(*), coalesce(sum(accepted - coalesce(entered, created)), 0),
                coalesce(sum(accepted - coalesce(entered, created) <= ?3), 0), coalesce(sum(state = 'completed'), 0),
                coalesce(sum(iif(state = 'completed', changed - accepted, 0)), 0)
            FROM task WHERE queue = ?1 AND accepted IS NOT NULL AND accepted >= ?2
            """, .text(queue), .time(since), .integer(level?.milliseconds)
        ) { row in (0..<5).map { row.integer($0) } }
        guard let past else { return figures }
        (figures.accepted, figures.inTime, figures.completed) = (Int(past[0]), Int(past[2]), Int(past[3]))
        (figures.waited, figures.handled) = (.milliseconds(past[1]), .milliseconds(past[4]))
        return figures
    }
}

extension SQLiteRecords {
    package func workers() throws(StoreError) -> [WorkerRecord] {
        try read { database throws(StoreError) in try database.workers() }
    }

    package func figures(
        ofQueue queue: String, since: Timestamp, level: Duration?
    ) throws(StoreError) -> QueueFigures {
        try read { database throws(StoreError) in
            try database.figures(ofQueue: queue, since: since, level: level)
        }
    }

    package func task(_ id: RecordID) throws(StoreError) -> TaskRecord? {
        try read { database throws(StoreError) in try database.task(id) }
    }

    package func tasks(_ query: TaskQuery, after: RecordID?, limit: Int) throws(StoreError) -> [TaskRecord] {
        // Open ones have an index; there are few of them beside those that have ended.
        let openOnly = query.states.isSubset(of: [.pending, .reserved, .assigned])
        let open = openOnly ? TaskRecord.isOpenCondition : "1"
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
        attributes, coalesce(entered, created), accepted, course
        """

    /// As the index says it.
    fileprivate static let isOpenCondition = "state IN ('pending', 'reserved', 'assigned')"

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
        entered = row.time(11)
        accepted = row.optionalTime(12)
        guard let course = TaskCourse(row.optionalBlob(13)) else {
            throw StoreError(.corrupt, "a stored task has a way that cannot be read")
        }
        self.course = course
    }
}
