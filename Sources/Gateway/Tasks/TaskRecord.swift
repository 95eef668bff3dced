/// Work for a person, made of what somebody sent or of a call. Its states are those of Twilio's TaskRouter.
public struct TaskRecord: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nobody has it.
        case pending
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
    /// Who has it, or had it at the end; `nil` for nobody.
    public var worker: String?
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
        self.attributes = attributes
    }

    /// Somebody may still have to do something about it.
    public var isOpen: Bool { state == .pending || state == .assigned }
}

/// What people do about a task.
public enum TaskAction: Sendable, Hashable {
    /// A worker takes it.
    case accept(worker: String)
    /// Whoever has it gives it back.
    case reject
    /// It is done.
    case complete(reason: String?)
    /// Nobody is to do it any more.
    case cancel(reason: String?)
}

/// Why nothing can be done about a task.
public enum TaskRefusal: Error, Sendable, Hashable {
    /// Somebody else has it.
    case taken(by: String)
    /// Nobody has it who could give it back.
    case notTaken
    /// It ended before, otherwise.
    case ended(TaskRecord.State)
}

extension TaskRecord {
    /// Carries out an action; whether it changes anything: the same action once more does not.
    public mutating func take(_ action: TaskAction, at now: Timestamp) throws(TaskRefusal) -> Bool {
        switch (action, state) {
        case (.accept(let worker), .pending):
            self.worker = worker
            become(.assigned, now)
        case (.accept(let worker), .assigned):
            guard self.worker == worker else { throw .taken(by: self.worker ?? "") }
            return false
        case (.reject, .assigned):
            worker = nil
            become(.pending, now)
        case (.reject, .pending): throw .notTaken
        case (.complete(let reason), .pending), (.complete(let reason), .assigned): end(.completed, reason, now)
        case (.cancel(let reason), .pending), (.cancel(let reason), .assigned): end(.canceled, reason, now)
        case (.complete, .completed), (.cancel, .canceled): return false
        case (_, .completed), (_, .canceled): throw .ended(state)
        }
        return true
    }

    private mutating func end(_ state: State, _ reason: String?, _ now: Timestamp) {
        self.reason = reason
        become(state, now)
    }

    private mutating func become(_ state: State, _ now: Timestamp) {
        self.state = state
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
