/// Work for a person, made of what somebody sent or of a call. Its states are those of Twilio's TaskRouter.
public struct TaskRecord: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nobody has it.
        case pending
        /// It is offered to a worker, who may take it for some time.
        case reserved
        /// A worker has it.
        case assigned
        /// It is done.
        case completed
        /// Nobody does it any more.
        case canceled
    }

    /// Names the task.
    public var id: RecordID
    /// Where it waits; a name.
    public var queue: String
    /// 0...1000; a higher one goes first.
    public var priority: Int
    /// When it was made.
    public var created: Timestamp
    /// How far it is.
    public var state = State.pending
    /// When it came to its state.
    public var changed: Timestamp
    /// Who has it, is offered it, or had it at the end; `nil` for nobody.
    public var worker: String?
    /// When it came into its queue, or was given back: from then on it waits.
    public var entered: Timestamp
    /// When whoever has it, or had it at the end, took it.
    public var accepted: Timestamp?
    /// Its way through queues and workers.
    public var course = TaskCourse()
    /// Why it ended, in the words of whoever ended it.
    public var reason: String?
    /// What came in that it is about.
    public var inbound: RecordID?
    /// The contact of whoever wrote or called; `nil` where it is unknown.
    public var contact: String?
    /// A JSON object: what came in, and what the rule adds.
    public var attributes: [UInt8]

    /// A task that waits.
    public init(id: RecordID, queue: String, priority: Int, at created: Timestamp, attributes: [UInt8]) {
        self.id = id
        self.queue = queue
        self.priority = priority
        self.created = created
        changed = created
        entered = created
        self.attributes = attributes
    }

    /// Somebody may still have to do something about it.
    public var isOpen: Bool { state == .pending || state == .reserved || state == .assigned }
}

/// What people do about a task. `by` is the worker who says it; `nil` for somebody who only has a key.
public enum TaskAction: Sendable, Hashable {
    /// A worker takes it.
    case accept(worker: String)
    /// Whoever has it gives it back, or whoever is offered it does not want it.
    case reject(by: String? = nil)
    /// It is done.
    case complete(reason: String?, by: String? = nil)
    /// Nobody is to do it any more.
    case cancel(reason: String?)
    /// It waits in another queue.
    case move(queue: String, by: String? = nil)
    /// It is offered to a worker until then.
    case offer(worker: String, until: Timestamp, by: String? = nil)
}

/// Why nothing can be done about a task.
public enum TaskRefusal: Error, Sendable, Hashable {
    /// Somebody else has it.
    case taken(by: String)
    /// Somebody else is offered it.
    case reserved(for: String)
    /// Nobody has it who could give it back.
    case notTaken
    /// It ended before, otherwise.
    case ended(TaskRecord.State)
    /// There is no such worker in the file.
    case unknownWorker
    /// The worker is not there.
    case unavailableWorker
    /// There is no such queue in the file.
    case unknownQueue
}

extension TaskRecord {
    /// Carries out an action; whether it changes anything: the same action once more does not.
    public mutating func take(_ action: TaskAction, at now: Timestamp) throws(TaskRefusal) -> Bool {
        if !isOpen {
            switch (action, state) {
            case (.complete, .completed), (.cancel, .canceled): return false
            default: throw .ended(state)
            }
        }
        switch action {
        case .accept(let worker):
            if state != .pending { try check(worker) }
            if state == .assigned { return false }
            self.worker = worker
            accepted = now
            course.tried = []
            become(.assigned, now)
        case .reject(let worker):
            if state == .pending { throw .notTaken }
            try check(worker)
            if state == .assigned { entered = now }
            letGo(at: now)
        case .complete(let reason, let worker):
            if worker != nil, state == .pending { throw .notTaken }
            try check(worker)
            end(.completed, reason, now)
        case .cancel(let reason): end(.canceled, reason, now)
        case .move(let queue, let worker):
            try check(worker)
            let own = course.priority ?? priority
            course = TaskCourse(workflow: course.workflow, steps: [TaskStep(queue: queue)], priority: own)
            course.tried = [self.worker].compactMap { $0 }
            (self.worker, accepted, self.queue, priority, entered) = (nil, nil, queue, own, now)
            become(.pending, now)
        case .offer(let other, let until, let worker):
            try check(worker)
            if self.worker.map({ $0.utf8.elementsEqual(other.utf8) }) == true { return false }
            if state == .assigned { entered = now }
            accepted = nil
            offer(to: other, until: until, at: now)
        }
        return true
    }

    /// A worker is to have it until then, or not.
    mutating func offer(to worker: String, until: Timestamp, at now: Timestamp) {
        self.worker = worker
        become(.reserved, now)
        course.until = until
    }

    /// It waits again; whoever had it, or was offered it, comes after the others.
    mutating func letGo(at now: Timestamp) {
        if let worker, !course.tried.contains(worker) { course.tried.append(worker) }
        (worker, accepted) = (nil, nil)
        become(.pending, now)
    }

    /// Whoever has it or is offered it must be the one who says so.
    private func check(_ worker: String?) throws(TaskRefusal) {
        guard let worker, let holder = self.worker, !holder.utf8.elementsEqual(worker.utf8) else { return }
        if state == .reserved { throw .reserved(for: holder) }
        throw .taken(by: holder)
    }

    private mutating func end(_ state: State, _ reason: String?, _ now: Timestamp) {
        self.reason = reason
        if self.state == .reserved { worker = nil }
        become(state, now)
    }

    private mutating func become(_ state: State, _ now: Timestamp) {
        self.state = state
        course.until = nil
        changed = now
    }
}

/// Which tasks are listed.
public struct TaskQuery: Sendable, Hashable {
    /// Only those of this queue.
    public var queue: String?
    /// Only those in one of these states.
    public var states = Set(TaskRecord.State.allCases)
    /// Only those that this worker has or had.
    public var worker: String?
    /// Only those of this contact.
    public var contact: String?

    /// All of them.
    public init() {}

    /// Whether a task is one of them.
    public func matches(_ task: TaskRecord) -> Bool {
        states.contains(task.state) && (queue.map { $0.utf8.elementsEqual(task.queue.utf8) } ?? true)
            && (worker.map { wanted in task.worker?.utf8.elementsEqual(wanted.utf8) ?? false } ?? true)
            && (contact.map { wanted in task.contact?.utf8.elementsEqual(wanted.utf8) ?? false } ?? true)
    }
}
