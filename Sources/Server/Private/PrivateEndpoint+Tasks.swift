import Gateway
import HTTP
import JSON

// Work for people: listed, taken, given back and ended.

extension PrivateEndpoint {
    func tasks(
        _ request: HTTPRequest, _ id: String, _ action: String, _ respond: HTTPResponder
    ) throws(Problem) {
        switch (request.method, action) {
        case ("GET", "") where id.isEmpty: try listTasks(request, respond)
        case ("GET", ""):
            _ = try authorize(request, "tasks:read")
            let id = try task(id)
            store(respond) { [self] () throws(StoreError) in try records.task(id).map(RecordViews.task) }
        case ("POST", "accept"), ("POST", "reject"), ("POST", "complete"), ("POST", "cancel"),
            ("POST", "transfer"):
            let key = try authorize(request, "tasks:write")
            let change = TaskChange(try taskAction(action, request), of: try task(id), by: key.id)
            engine.ask({ .task(change, ticket: $0) }) { [self] result in tell(result, respond) }
        case (_, ""): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, "accept"), (_, "reject"), (_, "complete"), (_, "cancel"), (_, "transfer"):
            throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    private static let unknownTask = Problem(404, "not_found", "There is no task with this id.")

    private func task(_ text: String) throws(Problem) -> RecordID {
        guard let id = RecordID(text, .task) else { throw Self.unknownTask }
        return id
    }

    /// Those that are open, unless the query says otherwise; the oldest first.
    private func listTasks(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "tasks:read")
        let query = try ListQuery(request, filters: ["state", "queue", "worker", "contact"])
        let wanted = try Self.wanted(query.filters)
        store(respond) { [self] () throws(StoreError) in
            query.page(
                try records.tasks(wanted, after: query.cursor, limit: query.limit), RecordViews.task
            ) { $0.id.digits }
        }
    }

    private static func wanted(_ filters: [String: String]) throws(Problem) -> TaskQuery {
        var wanted = TaskQuery()
        (wanted.queue, wanted.worker, wanted.contact) = (filters["queue"], filters["worker"], filters["contact"])
        switch filters["state"] {
        case nil, "open": wanted.states = [.pending, .reserved, .assigned]
        case "all": break
        case let word?:
            guard let state = TaskRecord.State(rawValue: word) else {
                throw Problem(
                    400, "bad_parameter", "state must be open, all, pending, reserved, assigned, completed or canceled."
                )
            }
            wanted.states = [state]
        }
        return wanted
    }

    private func taskAction(_ word: String, _ request: HTTPRequest) throws(Problem) -> TaskAction {
        let body = request.body.isEmpty ? JSONObject() : try object(request)
        var faults = RequestFaults()
        let fields =
            switch word {
            case "accept", "reject": ["worker"]
            case "complete": ["worker", "reason"]
            case "transfer": ["worker", "queue", "to"]
            default: ["reason"]
            }
        faults.addUnknown(of: body, fields)
        func text(_ field: String, isNeeded: Bool = false) -> String? {
            guard body[field] != nil || isNeeded else { return nil }
            let (text, limit) = (body[field]?.string, field == "reason" ? 500 : 64)
            if !(1...limit).contains(text?.utf8.count ?? 0) {
                faults.add("/" + field, body[field] == nil ? "is missing" : "must be a text of 1 to \(limit) bytes")
            }
            return text
        }
        let worker = fields.contains("worker") ? text("worker", isNeeded: word == "accept") : nil
        let action: TaskAction
        switch word {
        case "accept": action = .accept(worker: worker ?? "")
        case "reject": action = .reject(by: worker)
        case "complete": action = .complete(reason: text("reason"), by: worker)
        case "transfer":
            // When the offer ends is the engine's to say.
            let (queue, other) = (text("queue", isNeeded: body["to"] == nil), text("to"))
            if queue != nil, other != nil { faults.add("/to", "cannot be beside a queue") }
            action =
                other.map { .offer(worker: $0, until: .distantFuture, by: worker) }
                ?? .move(queue: queue ?? "", by: worker)
        default: action = .cancel(reason: text("reason"))
        }
        try faults.check()
        return action
    }

    private func tell(_ result: EngineAnswer, _ respond: HTTPResponder) {
        switch result {
        case .tasked(let task): answer(RecordViews.task(task), respond)
        case .taskRefused(.taken(let worker)):
            fail(Problem(409, "task_taken", "'\(worker)' has the task; nothing was changed."), respond)
        case .taskRefused(.reserved(let worker)):
            fail(Problem(409, "task_reserved", "'\(worker)' is offered the task; nothing was changed."), respond)
        case .taskRefused(.unknownWorker):
            fail(Problem(409, "unknown_worker", "The configuration has no such worker; nothing was changed."), respond)
        case .taskRefused(.unavailableWorker):
            fail(Problem(409, "worker_not_available", "The worker is not available; nothing was changed."), respond)
        case .taskRefused(.unknownQueue):
            fail(Problem(409, "unknown_queue", "The configuration has no such queue; nothing was changed."), respond)
        case .taskRefused(.notTaken):
            fail(Problem(409, "task_not_taken", "Nobody has the task; nothing was changed."), respond)
        case .taskRefused(.ended(let state)):
            fail(Problem(409, "task_ended", "The task is \(state.rawValue); nothing was changed."), respond)
        case .notFound: fail(Self.unknownTask, respond)
        default: fail(.cannotWrite, respond)
        }
    }
}
