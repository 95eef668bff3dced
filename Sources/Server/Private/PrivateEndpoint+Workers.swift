import Gateway
import HTTP
import JSON

// Who works, and how the queues do.

extension PrivateEndpoint {
    func workers(
        _ request: HTTPRequest, _ name: String, _ action: String, _ respond: HTTPResponder
    ) throws(Problem) {
        switch (request.method, action) {
        case ("GET", ""):
            _ = try authorize(request, "tasks:read")
            let routing = directory.taskRouting
            let wanted = name.isEmpty ? Array(routing.workers) : [routing.workers[name]].compactMap { $0 }
            guard name.isEmpty || !wanted.isEmpty else { throw Self.unknownWorker }
            store(respond) { [self] () throws(StoreError) in
                let views = try views(of: wanted)
                return name.isEmpty ? ["data": .array(views)] : views.first
            }
        case ("POST", "activity"):
            let key = try authorize(request, "tasks:write")
            let change = WorkerChange(try activity(request), of: name, by: key.id)
            engine.ask({ .worker(change, ticket: $0) }) { [self] result in tell(result, respond) }
        case (_, ""): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, "activity"): throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    private static let unknownWorker = Problem(404, "not_found", "The configuration has no worker with this name.")

    private func activity(_ request: HTTPRequest) throws(Problem) -> WorkerRecord.Activity {
        let body = try object(request)
        var faults = RequestFaults()
        faults.addUnknown(of: body, ["activity"])
        let activity = body["activity"]?.string.flatMap(WorkerRecord.Activity.init)
        if activity == nil { faults.add("/activity", "must be available, unavailable or offline") }
        try faults.check()
        return activity ?? .offline
    }

    private func tell(_ result: EngineAnswer, _ respond: HTTPResponder) {
        switch result {
        case .worker(let worker):
            guard let definition = directory.taskRouting.workers[worker.name] else {
                return fail(Self.unknownWorker, respond)
            }
            store(respond) { [self] () throws(StoreError) in try views(of: [definition]).first }
        case .notFound: fail(Self.unknownWorker, respond)
        default: fail(.cannotWrite, respond)
        }
    }

    /// Most tasks that are shown with their workers.
    private static let mostTasks = 20_000

    private func views(of workers: [WorkerDefinition]) throws(StoreError) -> [JSONValue] {
        let known = Dictionary(try records.workers().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var query = TaskQuery()
        query.states = [.reserved, .assigned]
        if workers.count == 1 { query.worker = workers[0].name }
        let tasks = try records.tasks(query, after: nil, limit: Self.mostTasks)
        let held = Dictionary(grouping: tasks) { $0.worker ?? "" }
        return workers.map { worker in
            RecordViews.worker(worker, known[worker.name] ?? WorkerRecord(name: worker.name), held[worker.name] ?? [])
        }
    }

    // MARK: queues

    /// Figures are those of the last hours, one day unless the query says otherwise.
    func listQueues(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "tasks:read")
        let query = try ListQuery(request, filters: ["hours"])
        let hours = query.filters["hours"].map(Int.init) ?? 24
        guard let hours, (1...720).contains(hours) else {
            throw Problem(400, "bad_parameter", "hours must be a whole number from 1 to 720.")
        }
        let (now, routing) = (clock.now, directory.taskRouting)
        let since = now + .seconds(-3_600 * hours)
        store(respond) { [self] () throws(StoreError) in
            var views: [JSONValue] = []
            for queue in routing.queues {
                let figures = try records.figures(ofQueue: queue.name, since: since, level: queue.serviceLevel)
                let workers = routing.eligible(for: queue).map(\.name)
                views.append(RecordViews.queue(queue, workers, figures, now))
            }
            return ["data": .array(views), "hours": .int(hours)]
        }
    }
}

extension RecordViews {
    static func worker(_ worker: WorkerDefinition, _ record: WorkerRecord, _ tasks: [TaskRecord]) -> JSONValue {
        var attributes = JSONObject()
        for attribute in worker.attributes where attribute.name != "name" {
            attributes[attribute.name] = attribute.value.json
        }
        return [
            "name": .string(worker.name), "activity": .string(record.activity.rawValue),
            "since": record.since.milliseconds == 0 ? .null : .string(MessageViews.time(record.since)),
            "capacity": .int(worker.capacity), "attributes": .object(attributes),
            "reserved": ids(tasks.filter { $0.state == .reserved }),
            "assigned": ids(tasks.filter { $0.state == .assigned }),
        ]
    }

    private static func ids(_ tasks: [TaskRecord]) -> JSONValue { .array(tasks.map { .string($0.id.text(.task)) }) }

    static func queue(
        _ queue: QueueDefinition, _ workers: [String], _ figures: QueueFigures, _ now: Timestamp
    ) -> JSONValue {
        var out: JSONObject = [
            "name": .string(queue.name), "order": .string(queue.order.rawValue),
            "workers": .array(workers.map(JSONValue.string)), "waiting": .int(figures.waiting),
            "oldest_wait": .number(figures.oldest.map { seconds(now - $0) } ?? 0), "assigned": .int(figures.assigned),
            "accepted": .int(figures.accepted), "completed": .int(figures.completed),
        ]
        if figures.accepted > 0 { out["waited"] = .number(seconds(figures.waited) / Double(figures.accepted)) }
        if figures.completed > 0 { out["handled"] = .number(seconds(figures.handled) / Double(figures.completed)) }
        if let level = queue.serviceLevel {
            var object: JSONObject = ["within": .string(level.written), "in_time": .int(figures.inTime)]
            if figures.accepted > 0 {
                object["share"] = .number(
                    (Double(figures.inTime) / Double(figures.accepted) * 10_000).rounded() / 10_000)
            }
            out["service_level"] = .object(object)
        }
        return .object(out)
    }

    private static func seconds(_ duration: Duration) -> Double { Double(max(0, duration.milliseconds)) / 1_000 }
}
