import JSON

// Who is offered which task: the board decides, and what it decides is a row of the turn's commit. A start, or a commit that
// failed, reads it again from the rows.

/// What a worker is ready for, as a caller of the API says it.
public struct WorkerChange: Sendable {
    /// The name in the configuration.
    public var worker: String
    /// Whether tasks can come.
    public var activity: WorkerRecord.Activity
    /// The id of the API key with which it came.
    public var key: String

    /// A change.
    public init(_ activity: WorkerRecord.Activity, of worker: String, by key: String) {
        self.worker = worker
        self.activity = activity
        self.key = key
    }
}

extension EngineCore {
    func take(_ change: WorkerChange, _ ticket: Int) {
        guard var worker = board.worker(change.worker) else { return release(ticket, .notFound) }
        guard worker.activity != change.activity else { return release(ticket, .worker(worker)) }
        worker.activity = change.activity
        worker.since = now
        if change.activity == .available { worker.idle = now }
        keep(worker)
        publish(
            .workerChanged, of: "worker:" + worker.name, tenant: nil,
            [
                "worker": .string(worker.name), "activity": .string(worker.activity.rawValue),
                "key": .string(change.key),
            ])
        release(ticket, .worker(worker))
    }

    private func keep(_ worker: WorkerRecord) {
        turn.batch.workers.append(worker)
        board.put(worker)
    }

    // MARK: the board

    /// Reads what is open, and who works, with what this turn has changed so far.
    func loadBoard() throws(StoreError) {
        let routing = directory.taskRouting
        var board = TaskBoard(routing)
        for task in try store.openTasks(routedOnly: routing.queues.isEmpty) { board.put(task) }
        for worker in try store.workers() { board.put(worker) }
        for task in turn.batch.tasks { board.put(task) }
        for worker in turn.batch.workers { board.put(worker) }
        self.board = board
        isBoardStale = false
    }

    func readBoard() {
        guard isBoardStale else { return }
        _ = readNow { () throws(StoreError) in try loadBoard() }
    }

    /// When the board must be asked although nothing happens.
    var nextOffer: Timestamp? { isBoardStale ? now + .seconds(1) : board.nextDue }

    /// Ends offers and waits whose time is over, and offers what can be offered.
    func offerTasks() {
        guard !isBoardStale else { return }
        for change in board.advance(to: now) {
            // The board has no attributes, and contacts may have been merged.
            guard let stored = task(change.task.id) else {
                isBoardStale = true
                return
            }
            var task = change.task
            (task.attributes, task.contact) = (stored.attributes, stored.contact)
            turn.batch.tasks.append(task)
            if let worker = change.worker { turn.batch.workers.append(worker) }
            switch change.kind {
            case .reserved: publish(.reservationCreated, task)
            case .timedOut(let worker): publish(.reservationTimedOut, task, worker: worker)
            case .withdrawn(let worker): publish(.reservationCanceled, task, worker: worker)
            case .moved: publish(.taskMoved, task)
            }
        }
    }

    // MARK: figures

    func countAccepted(_ task: TaskRecord) {
        guard let queue = board.routing.queues[task.queue] else { return }
        let waited = now - task.entered
        count {
            $0.queues[queue.name, default: QueueCounters()].accepted += 1
            $0.queues[queue.name, default: QueueCounters()].waited += waited
            guard queue.serviceLevel.map({ waited <= $0 }) ?? true else { return }
            $0.queues[queue.name, default: QueueCounters()].inTime += 1
        }
    }

    func countCompleted(_ task: TaskRecord) {
        guard let queue = board.routing.queues[task.queue], let accepted = task.accepted else { return }
        let handled = now - accepted
        count {
            $0.queues[queue.name, default: QueueCounters()].completed += 1
            $0.queues[queue.name, default: QueueCounters()].handled += handled
        }
    }
}

extension JSONObject {
    /// What stands under a name, or under `a.b` within an object.
    func value(at path: String) -> JSONValue? {
        if let value = self[path] { return value }
        let parts = path.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return self[String(parts[0])]?.object?.value(at: String(parts[1]))
    }
}
