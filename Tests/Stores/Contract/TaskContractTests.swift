import Gateway
import Testing

@Suite("tasks, of every store")
struct TaskContractTests {
    private static func task(_ raw: Int64, _ queue: String = "q", contact: String? = nil) -> TaskRecord {
        var task = TaskRecord(
            id: Sample.id(raw), queue: queue, priority: 3, at: Sample.time(raw), attributes: Array(#"{"a":1}"#.utf8))
        task.contact = contact
        return task
    }

    @Test("a task comes back whole, and is replaced whole", arguments: StoreKind.allCases)
    func whole(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        var task = Self.task(7, contact: "ana")
        task.inbound = Sample.id(3)
        try store.commit(lease) { $0.tasks = [task] }
        #expect(try store.task(Sample.id(7)) == task)
        #expect(try records.task(Sample.id(7)) == task)
        #expect(try store.task(Sample.id(8)) == nil)
        #expect(try store.highest().id == Sample.id(7))
        for action in [TaskAction.accept(worker: "é"), .complete(reason: "")] {
            #expect(try task.take(action, at: Sample.time(9)))
            try store.commit(lease) { $0.tasks = [Self.task(7), task] }
            #expect(try store.task(Sample.id(7)) == task)
        }
    }

    @Test("tasks are listed oldest first, by state, queue, worker and contact", arguments: StoreKind.allCases)
    func lists(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var tasks = [Self.task(1), Self.task(2, "r"), Self.task(3, contact: "ana"), Self.task(4), Self.task(5)]
        _ = try tasks[1].take(.accept(worker: "w"), at: Sample.time(9))
        _ = try tasks[3].take(.complete(reason: nil), at: Sample.time(9))
        _ = try tasks[4].take(.cancel(reason: nil), at: Sample.time(9))
        let all = tasks
        try fixture.deliveries.commit(lease) { $0.tasks = all }
        func ids(_ after: Int64? = nil, _ limit: Int = 9, _ change: (inout TaskQuery) -> Void) throws -> [Int64] {
            var query = TaskQuery()
            change(&query)
            return try fixture.records.tasks(query, after: after.map(Sample.id), limit: limit).map(\.id.rawValue)
        }
        #expect(try ids { _ in } == [1, 2, 3, 4, 5])
        #expect(try ids(2, 2) { _ in } == [3, 4])
        #expect(try ids(nil, 0) { _ in } == [])
        #expect(try ids { $0.states = [.pending, .assigned] } == [1, 2, 3])
        #expect(try ids { $0.states = [.canceled] } == [5])
        #expect(try ids { $0.states = [] } == [])
        #expect(try ids { $0.queue = "r" } == [2])
        #expect(try ids { $0.queue = "R" } == [])
        #expect(try ids { $0.worker = "w" } == [2])
        #expect(try ids { $0.contact = "ana" } == [3])
        // Whoever is merged takes their tasks along.
        try fixture.records.put(Sample.contact("ana"))
        try fixture.records.put(Sample.contact("bea"))
        try fixture.records.merge(Sample.contact("bea"), from: "ana", [])
        #expect(try ids { $0.contact = "bea" } == [3])
        #expect(try ids { $0.contact = "ana" } == [])
        #expect(try fixture.records.task(Sample.id(3))?.contact == "bea")
    }

    @Test(
        "the way of a task comes back whole; open ones are found, and what is known of workers",
        arguments: StoreKind.allCases)
    func routing(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        var routed = Self.task(1)
        var steps = [TaskStep(queue: "q", priority: 4), TaskStep(queue: "é")]
        steps[0].timeout = .milliseconds(1_500)
        steps[0].skipsWithoutWorker = true
        routed.course = TaskCourse(workflow: "w", steps: steps, priority: 3)
        routed.course.step = 1
        routed.entered = Sample.time(3)
        _ = try routed.take(.offer(worker: "ann", until: Sample.time(99)), at: Sample.time(4))
        routed.course.tried = ["ben", "é"]
        var ended = routed
        ended.id = Sample.id(2)
        _ = try ended.take(.cancel(reason: nil), at: Sample.time(5))
        var worker = WorkerRecord(name: "é")
        try store.commit(lease) {
            $0.tasks = [routed, ended, Self.task(3)]
            $0.workers = [worker, WorkerRecord(name: "ann")]
        }
        #expect(try store.task(Sample.id(1)) == routed && records.task(Sample.id(2)) == ended)
        #expect(try store.openTasks(routedOnly: false).map(\.id.rawValue) == [1, 3])
        #expect(try store.openTasks(routedOnly: true) == [routed])
        (worker.activity, worker.since, worker.idle, worker.given) = (
            .available, Sample.time(1), Sample.time(2), Sample.time(3)
        )
        try store.commit(lease) { $0.workers = [worker] }
        #expect(try store.workers() == [WorkerRecord(name: "ann"), worker])
        #expect(try records.workers() == [WorkerRecord(name: "ann"), worker])
    }

    @Test("figures of a queue: what waits, and how fast tasks were accepted and done", arguments: StoreKind.allCases)
    func figures(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var tasks = (1...6).map { Self.task($0) }
        // Made at 1 to 5; the sixth waits, as the fifth does that is only offered.
        for (place, (accepted, ended)) in [(11, 41), (4, 10), (30, 0), (50, 60)].enumerated() {
            _ = try tasks[place].take(.accept(worker: "w"), at: Sample.time(Int64(accepted)))
            if ended > 0 { _ = try tasks[place].take(.complete(reason: nil), at: Sample.time(Int64(ended))) }
        }
        _ = try tasks[4].take(.offer(worker: "w", until: Sample.time(99)), at: Sample.time(9))
        tasks[5].queue = "r"
        let all = tasks
        try fixture.deliveries.commit(lease) { $0.tasks = all }
        func figures(_ queue: String, _ since: Int64, _ level: Int64?) throws -> QueueFigures {
            try fixture.records.figures(
                ofQueue: queue, since: Sample.time(since), level: level.map(Duration.milliseconds))
        }
        var expected = QueueFigures()
        (expected.waiting, expected.oldest, expected.assigned) = (1, Sample.time(5), 1)
        (expected.accepted, expected.inTime, expected.completed) = (3, 2, 2)
        (expected.waited, expected.handled) = (Sample.time(83) - Sample.time(0), Sample.time(40) - Sample.time(0))
        let level = (Sample.time(27) - Sample.time(0)).milliseconds
        #expect(try figures("q", 5, level) == expected)
        #expect(try figures("q", 5, nil).inTime == 0)
        #expect(try figures("q", 0, nil).accepted == 4)
        #expect(try figures("r", 0, nil).waiting == 1 && figures("none", 0, 9) == QueueFigures())
    }
}
