import JSON

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
        turn.batch.tasks.append(task)
        count { $0.tasks += 1 }
        publish(.taskCreated, task)
        return task.id
    }

    func take(_ change: TaskChange, _ ticket: Int) {
        guard var task = task(change.task) else { return release(ticket, .notFound) }
        do throws(TaskRefusal) {
            guard try task.take(change.action, at: now) else { return release(ticket, .tasked(task)) }
        } catch {
            return release(ticket, .taskRefused(error))
        }
        turn.batch.tasks.append(task)
        let type: EventType =
            switch change.action {
            case .accept: .taskAccepted
            case .reject: .taskRejected
            case .complete: .taskCompleted
            case .cancel: .taskCanceled
            }
        publish(type, task, key: change.key)
        release(ticket, .tasked(task))
    }

    /// A task as this turn leaves it.
    private func task(_ id: RecordID) -> TaskRecord? {
        if let changed = turn.batch.tasks.last(where: { $0.id == id }) { return changed }
        return readNow { () throws(StoreError) in try store.task(id) } ?? nil
    }

    private func publish(_ type: EventType, _ task: TaskRecord, key: String? = nil) {
        var data = JSONObject([
            ("task", .string(task.id.text(.task))), ("queue", .string(task.queue)),
            ("priority", .int(task.priority)), ("state", .string(task.state.rawValue)),
        ])
        data["worker"] = task.worker.map(JSONValue.string)
        data["inbound"] = task.inbound.map { .string($0.text(.inbound)) }
        data["contact"] = task.contact.map(JSONValue.string)
        data["key"] = key.map(JSONValue.string)
        publish(type, of: task.id.text(.task), tenant: nil, data)
    }
}
