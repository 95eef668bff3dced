import YAML

/// Who works, where tasks wait, and how they get there: what channels.yaml says of it.
public struct TaskRouting: Sendable {
    /// Those who are given tasks, by name.
    public var workers: Definitions<WorkerDefinition>
    /// Where tasks wait for a worker, by name.
    public var queues: Definitions<QueueDefinition>
    /// Ways of tasks through queues, by name.
    public var workflows: Definitions<WorkflowDefinition>

    /// The file says nothing: tasks wait in queues of any name until somebody takes them.
    public init() {
        workers = Definitions()
        queues = Definitions()
        workflows = Definitions()
    }

    /// Workers of a queue, in the file's order.
    public func eligible(for queue: QueueDefinition) -> [WorkerDefinition] { workers.filter(queue.takes) }
}

/// Somebody who is given tasks.
public struct WorkerDefinition: NamedDefinition, Hashable {
    /// The name under `workers:`.
    public var name: String
    /// `name`, `skills`, `languages` and what the file adds.
    public var attributes: [Attribute]
    /// Tasks at once, 1...50.
    public var capacity: Int
    /// Where the file defines it.
    public var mark: YAMLMark

    /// What expressions see of a worker.
    public struct Attribute: Sendable, Hashable {
        /// Unique.
        public var name: String
        /// Its value.
        public var value: AttributeValue
    }

    /// The value of an attribute; `nil` where the worker has none of this name.
    public subscript(attribute: String) -> AttributeValue? { attributes.first { $0.name == attribute }?.value }

    /// A worker with skills and languages.
    public init(
        name: String, skills: [String], languages: [String], capacity: Int, mark: YAMLMark,
        attributes: [Attribute] = []
    ) {
        self.name = name
        self.capacity = capacity
        self.mark = mark
        self.attributes =
            [
                Attribute(name: "name", value: .text(name)),
                Attribute(name: "skills", value: .list(skills.map(AttributeValue.text))),
                Attribute(name: "languages", value: .list(languages.map(AttributeValue.text))),
            ] + attributes
    }
}

/// Where tasks wait for a worker.
public struct QueueDefinition: NamedDefinition, Hashable {
    /// Who of those who are free is next.
    public enum Order: String, Sendable, CaseIterable {
        /// Whoever has had nothing to do for longest.
        case longestIdle = "longest_idle"
        /// Whoever was given a task longest ago.
        case roundRobin = "round_robin"
    }

    /// The name under `queues:`.
    public var name: String
    /// Which workers are given its tasks; `nil` for all.
    public var workers: TaskExpression?
    /// Who is next.
    public var order = Order.longestIdle
    /// How long a worker may take to accept.
    public var reservationTimeout = Duration.seconds(30)
    /// Within what time a task should be accepted; `nil` for no promise.
    public var serviceLevel: Duration?
    /// Where the file defines it.
    public var mark: YAMLMark

    /// A queue of these workers.
    public init(name: String, workers: TaskExpression?, mark: YAMLMark) {
        self.name = name
        self.workers = workers
        self.mark = mark
    }

    /// Whether a worker is given its tasks.
    public func takes(_ worker: WorkerDefinition) -> Bool { workers?.holds { worker[$0] } ?? true }
}

/// The way of tasks through queues.
public struct WorkflowDefinition: NamedDefinition, Hashable {
    /// The name under `workflows:`.
    public var name: String
    /// In order: the first one that holds decides.
    public var filters: [Filter]
    /// Where a task is that no filter takes, or that no target gave to a worker in time.
    public var last: TaskStep
    /// Where the file defines it.
    public var mark: YAMLMark

    /// A condition with its targets.
    public struct Filter: Sendable, Hashable {
        /// Of a task's attributes; `nil` for all tasks.
        public var when: TaskExpression?
        /// In order.
        public var targets: [TaskStep]
    }

    /// A way.
    public init(name: String, filters: [Filter], last: TaskStep, mark: YAMLMark) {
        self.name = name
        self.filters = filters
        self.last = last
        self.mark = mark
    }

    /// Where a task with these attributes waits, in order. The last one has no timeout.
    public func steps(_ attributes: (String) -> AttributeValue?) -> [TaskStep] {
        let filter = filters.first { $0.when?.holds(attributes) ?? true }
        return (filter?.targets ?? []) + [last]
    }
}

/// A queue in which a task waits for some time.
public struct TaskStep: Sendable, Hashable {
    /// The queue's name.
    public var queue: String
    /// 0...1000; `nil` for the task's own.
    public var priority: Int?
    /// After that the next one is tried; `nil` for never.
    public var timeout: Duration?
    /// It is left out while no worker of the queue is available.
    public var skipsWithoutWorker = false

    /// A queue without a timeout.
    public init(queue: String, priority: Int? = nil) {
        self.queue = queue
        self.priority = priority
    }
}
