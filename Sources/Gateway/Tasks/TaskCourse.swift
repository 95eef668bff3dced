import JSON

/// The way of a task through queues and workers, as it was when the task was made: what the file says later is for later
/// tasks.
public struct TaskCourse: Sendable, Hashable {
    /// The workflow that made it; `nil` for none.
    public var workflow: String?
    /// Where it waits, in order; empty for its queue alone.
    public var steps: [TaskStep]
    /// Where in `steps` it is.
    public var step = 0
    /// Its own priority, for steps that say none; `nil` where no step said one.
    public var priority: Int?
    /// It is offered to its worker until then.
    public var until: Timestamp?
    /// Whom it was offered to, and who gave it back, since the last round of all workers.
    public var tried: [String] = []

    /// A way.
    public init(workflow: String? = nil, steps: [TaskStep] = [], priority: Int? = nil) {
        self.workflow = workflow
        self.steps = steps
        self.priority = priority
    }

    /// How long it waits where it is; `nil` for ever, as on the last step.
    var timeout: Duration? { step + 1 < steps.count ? steps[step].timeout : nil }

    /// As the store keeps it; `nil` where it says nothing.
    public var bytes: [UInt8]? {
        if self == TaskCourse() { return nil }
        var object: JSONObject = ["step": .int(step), "tried": .array(tried.map(JSONValue.string))]
        object["workflow"] = workflow.map(JSONValue.string)
        object["priority"] = priority.map(JSONValue.int)
        object["until"] = until.map { .integer($0.milliseconds) }
        object["steps"] = .array(
            steps.map { step in
                var object: JSONObject = ["queue": .string(step.queue)]
                object["priority"] = step.priority.map(JSONValue.int)
                object["timeout"] = step.timeout.map { .integer($0.milliseconds) }
                if step.skipsWithoutWorker { object["skip"] = true }
                return .object(object)
            })
        return JSONValue.object(object).bytes()
    }

    /// Reads `bytes`; `nil` for anything else.
    public init?(_ bytes: [UInt8]?) {
        self.init()
        guard let bytes else { return }
        guard let value = try? JSONValue(parsing: bytes), let list = value["steps"]?.array,
            let place = value["step"]?.int, place >= 0, place == 0 || place < list.count
        else { return nil }
        step = Int(place)
        workflow = value["workflow"]?.string
        priority = value["priority"]?.int.flatMap(Int.init(exactly:))
        until = value["until"]?.int.map(Timestamp.init(milliseconds:))
        tried = value["tried"]?.array?.compactMap(\.string) ?? []
        for item in list {
            guard let queue = item["queue"]?.string else { return nil }
            var step = TaskStep(queue: queue, priority: item["priority"]?.int.flatMap(Int.init(exactly:)))
            step.timeout = item["timeout"]?.int.map(Duration.milliseconds)
            step.skipsWithoutWorker = item["skip"]?.bool ?? false
            steps.append(step)
        }
    }
}

/// What the gateway remembers of a worker.
public struct WorkerRecord: Sendable, Hashable {
    /// Whether a worker is given tasks; the words of Twilio's TaskRouter.
    public enum Activity: String, Sendable, Hashable, CaseIterable {
        /// Tasks can come.
        case available
        /// There, and not to be disturbed.
        case unavailable
        /// Not there.
        case offline
    }

    /// The name under `workers:`.
    public var name: String
    /// What the worker, or somebody else, said last.
    public var activity: Activity
    /// Since when.
    public var since: Timestamp
    /// When a task was last ended, given back or let pass, or the worker became available.
    public var idle: Timestamp
    /// When a task was last offered.
    public var given: Timestamp

    /// Somebody of whom nothing is known.
    public init(name: String) {
        self.name = name
        activity = .offline
        since = Timestamp(milliseconds: 0)
        idle = since
        given = since
    }
}
