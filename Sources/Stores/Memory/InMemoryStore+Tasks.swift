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

extension InMemoryStore {
    package func openTasks(routedOnly: Bool) throws(StoreError) -> [TaskRecord] {
        read { contents in
            contents.tasks.all().filter { $0.isOpen && !(routedOnly && $0.course == TaskCourse()) }
                .map(contents.resolved)
        }
    }

    package func workers() throws(StoreError) -> [WorkerRecord] { read { $0.workers.all() } }

    package func figures(
        ofQueue queue: String, since: Timestamp, level: Duration?
    ) throws(StoreError) -> QueueFigures {
        let tasks = read { $0.tasks.all() }.filter { $0.queue.utf8.elementsEqual(queue.utf8) }
        var figures = QueueFigures()
        for task in tasks { figures.count(task, since: since, level: level) }
        return figures
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
