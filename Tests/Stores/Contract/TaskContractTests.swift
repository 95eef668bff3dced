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
}
