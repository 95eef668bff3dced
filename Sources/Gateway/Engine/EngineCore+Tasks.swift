import JSON
import Zones

// Tasks: made of what comes in, and worked on by people over the API.

/// What a caller of the API does about a task.
public struct TaskChange: Sendable {
    /// The task.
    public var task: RecordID
    /// What is done.
    public var action: TaskAction
    /// The id of the API key with which it came.
    public var key: String

    /// A change.
    public init(_ action: TaskAction, of task: RecordID, by key: String) {
        self.task = task
        self.action = action
        self.key = key
    }
}

extension EngineCore {
    /// Makes a task of what came in.
    func makeTask(
        _ action: TaskCreation, _ rule: String, _ inbound: RecordID, _ context: InboundContext
    ) -> RecordID {
        var attributes = context.variables
        attributes["inbound"] = .string(inbound.text(.inbound))
        attributes["rule"] = .string(rule)
        for member in action.attributes { attributes[member.name] = .string(member.value) }
        var task = TaskRecord(
            id: ids.next(at: now), queue: action.queue, priority: action.priority, at: now,
            attributes: JSONValue.object(attributes).bytes())
        task.inbound = inbound
        task.contact = context.contact
        if let workflow = action.workflow.flatMap({ directory.taskRouting.workflows[$0] }) {
            let steps = workflow.steps { name in
                AttributeValue(attributes.value(at: name))
                    ?? (name == "priority" ? .number(Double(action.priority)) : nil)
            }
            task.course = TaskCourse(workflow: workflow.name, steps: steps)
            task = board.entering(0, task, at: now)
        }
        keep(task)
        count { $0.tasks += 1 }
        publish(.taskCreated, task)
        return task.id
    }

    func take(_ change: TaskChange, _ ticket: Int) {
        guard var task = task(change.task) else { return release(ticket, .notFound) }
        let before = task
        do throws(TaskRefusal) {
            let action = try checked(change.action, task)
            guard try task.take(action, at: now) else { return release(ticket, .tasked(task)) }
        } catch {
            return release(ticket, .taskRefused(error))
        }
        keep(task)
        if task.state != .assigned, let worker = before.worker.flatMap({ board.rest($0, at: now) }) {
            turn.batch.workers.append(worker)
        }
        tell(change, before, task)
        release(ticket, .tasked(task))
    }

    /// Every change of a task is in the batch and on the board.
    func keep(_ task: TaskRecord) {
        turn.batch.tasks.append(task)
        board.put(task)
    }

    /// Whom and what an action names must be in the file, where the file names any.
    private func checked(_ action: TaskAction, _ task: TaskRecord) throws(TaskRefusal) -> TaskAction {
        let routing = board.routing
        switch action {
        case .accept(let worker):
            let isManaged = routing.queues[task.queue] != nil && !routing.workers.isEmpty
            if isManaged, routing.workers[worker] == nil { throw .unknownWorker }
        case .move(let queue, _):
            if !routing.queues.isEmpty, routing.queues[queue] == nil { throw .unknownQueue }
        case .offer(let name, _, let by):
            guard let worker = board.worker(name) else { throw .unknownWorker }
            guard worker.activity == .available else { throw .unavailableWorker }
            let timeout = routing.queues[task.queue]?.reservationTimeout ?? .seconds(30)
            return .offer(worker: name, until: now + timeout, by: by)
        case .reject, .complete, .cancel: break
        }
        return action
    }

    private func tell(_ change: TaskChange, _ before: TaskRecord, _ task: TaskRecord) {
        let wasOffered = before.state == .reserved
        if wasOffered {
            let type: EventType =
                switch change.action {
                case .accept: .reservationAccepted
                case .reject: .reservationRejected
                case .complete, .cancel, .move, .offer: .reservationCanceled
                }
            publish(type, task, key: change.key, worker: before.worker)
        }
        switch change.action {
        case .accept:
            countAccepted(task)
            publish(.taskAccepted, task, key: change.key)
        case .reject: if !wasOffered { publish(.taskRejected, task, key: change.key) }
        case .complete:
            countCompleted(task)
            publish(.taskCompleted, task, key: change.key)
        case .cancel: publish(.taskCanceled, task, key: change.key)
        case .move: publish(.taskMoved, task, key: change.key)
        case .offer: publish(.reservationCreated, task, key: change.key)
        }
    }

    /// A task as this turn leaves it.
    func task(_ id: RecordID) -> TaskRecord? {
        if let changed = turn.batch.tasks.last(where: { $0.id == id }) { return changed }
        return readNow { () throws(StoreError) in try store.task(id) } ?? nil
    }

    /// - Parameter worker: whom an offer was for that is over; else the task's.
    func publish(_ type: EventType, _ task: TaskRecord, key: String? = nil, worker: String? = nil) {
        var data = JSONObject([
            ("task", .string(task.id.text(.task))), ("queue", .string(task.queue)),
            ("priority", .int(task.priority)), ("state", .string(task.state.rawValue)),
        ])
        data["worker"] = (worker ?? task.worker).map(JSONValue.string)
        data["workflow"] = task.course.workflow.map(JSONValue.string)
        if let until = task.course.until { data["until"] = .string(DateText.rfc3339(until.milliseconds)) }
        data["inbound"] = task.inbound.map { .string($0.text(.inbound)) }
        data["contact"] = task.contact.map(JSONValue.string)
        data["key"] = key.map(JSONValue.string)
        publish(type, of: task.id.text(.task), tenant: nil, data)
    }
}
