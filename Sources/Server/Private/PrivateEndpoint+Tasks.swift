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
        case ("POST", "accept"), ("POST", "reject"), ("POST", "complete"), ("POST", "cancel"):
            let key = try authorize(request, "tasks:write")
            let change = TaskChange(try taskAction(action, request), of: try task(id), by: key.id)
            engine.ask({ .task(change, ticket: $0) }) { [self] result in tell(result, respond) }
        case (_, ""): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, "accept"), (_, "reject"), (_, "complete"), (_, "cancel"):
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
        case nil, "open": wanted.states = [.pending, .assigned]
        case "all": break
        case let word?:
            guard let state = TaskRecord.State(rawValue: word) else {
                throw Problem(
                    400, "bad_parameter", "state must be open, all, pending, assigned, completed or canceled.")
            }
            wanted.states = [state]
        }
        return wanted
    }

    private func taskAction(_ word: String, _ request: HTTPRequest) throws(Problem) -> TaskAction {
        let body = request.body.isEmpty ? JSONObject() : try object(request)
        var faults = RequestFaults()
        let field = word == "accept" ? "worker" : word == "reject" ? nil : "reason"
        faults.addUnknown(of: body, field.map { [$0] } ?? [])
        let text = field.flatMap { body[$0]?.string }
        if let field, body[field] != nil || word == "accept" {
            let limit = word == "accept" ? 64 : 500
            if !(1...limit).contains(text?.utf8.count ?? 0) {
                faults.add("/" + field, body[field] == nil ? "is missing" : "must be a text of 1 to \(limit) bytes")
            }
        }
        try faults.check()
        return switch word {
        case "accept": .accept(worker: text ?? "")
        case "reject": .reject
        case "complete": .complete(reason: text)
        default: .cancel(reason: text)
        }
    }

    private func tell(_ result: EngineAnswer, _ respond: HTTPResponder) {
        switch result {
        case .tasked(let task): answer(RecordViews.task(task), respond)
        case .taskRefused(.taken(let worker)):
            fail(Problem(409, "task_taken", "'\(worker)' has the task; nothing was changed."), respond)
        case .taskRefused(.notTaken):
            fail(Problem(409, "task_not_taken", "Nobody has the task; nothing was changed."), respond)
        case .taskRefused(.ended(let state)):
            fail(Problem(409, "task_ended", "The task is \(state.rawValue); nothing was changed."), respond)
        case .notFound: fail(Self.unknownTask, respond)
        default: fail(.cannotWrite, respond)
        }
    }
}
