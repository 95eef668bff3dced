import Gateway

extension InMemoryStore {
    package func task(_ id: RecordID) throws(StoreError) -> TaskRecord? {
        read { contents in contents.tasks[id].map(contents.resolved) }
    }

    package func tasks(_ query: TaskQuery, after: RecordID?, limit: Int) throws(StoreError) -> [TaskRecord] {
        read { contents in
            let later = contents.tasks.rows(after: after, limit: .max).lazy.map(contents.resolved)
            return Array(later.filter(query.matches).prefix(max(0, limit)))
        }
    }
}

extension StoreContents {
    /// With the contact into which its contact was merged.
    func resolved(_ task: TaskRecord) -> TaskRecord {
        var task = task
        if let contact = task.contact { task.contact = aliases[ByteKey(contact)] ?? contact }
        return task
    }
}
