import Gateway
import JSON
import Testing

@Suite("Stories of workers and queues")
struct TaskRoutingStories {
    private static let owner = StoryConfiguration.owner

    private static let routing = """
        workers:
          ann: { skills: [engine], languages: [en] }
          ben: { skills: [engine, sails], capacity: 2 }
        queues:
          engines: { workers: 'skills HAS "engine"', reservation_timeout: 30s, service_level: 1m }
          sails: { workers: 'skills HAS "sails"' }
          desk: {}
        workflows:
          service:
            filters:
              - when: channel == "sms" AND kind == "sail"
                targets: [{ queue: sails, timeout: 2m, priority: 7 }]
              - { when: text CONTAINS "urgent", targets: [{ queue: sails, skip_if_no_worker: true, timeout: 1m }] }
            default: { queue: desk }
        """

    private func gateway() throws -> VirtualGateway { try VirtualGateway(Self.story()) }

    private static func story(_ routing: String = routing) -> StoryConfiguration {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.inbound = """
                - { name: engines, when: { text: /engine/i }, do: [{ task: { queue: engines } }] }
                - { name: sails, when: { text: /sail/i }, do: [{ task: { workflow: service, attributes: { kind: sail } } }] }
                - { name: others, do: [{ task: { workflow: service, priority: 3 } }] }
            """
        story.sections = routing
        return story
    }

    private func write(_ text: String, _ gateway: VirtualGateway) throws -> TaskRecord {
        try gateway.control(
            "POST", "phones/\(Self.owner)/text", ["to": .string(StoryConfiguration.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
        return try #require(try gateway.store.tasks(TaskQuery(), after: nil, limit: 99).last)
    }

    private func set(_ activity: WorkerRecord.Activity, _ worker: String, _ gateway: VirtualGateway) {
        gateway.submit(.worker(WorkerChange(activity, of: worker, by: "k"), ticket: gateway.takeTicket()))
        gateway.run(for: .seconds(1))
    }

    private func take(_ action: TaskAction, _ id: RecordID, _ gateway: VirtualGateway) {
        gateway.submit(.task(TaskChange(action, of: id, by: "k"), ticket: gateway.takeTicket()))
        gateway.run(for: .seconds(1))
    }

    /// Events of tasks and offers, with whom they are about.
    private func told(_ gateway: VirtualGateway) throws -> [String] {
        try gateway.store.eventRows(after: 0, limit: 999).compactMap { row in
            guard case .published(let event) = row, !event.type.hasPrefix("inbound.") else { return nil }
            let worker = (try? JSONValue(parsing: event.body))?["worker"]?.string
            return event.type + (worker.map { " " + $0 } ?? "")
        }
    }

    @Test("a task is offered to whoever can do it, goes on when nobody answers, and is taken and done")
    func offered() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        set(.available, "ben", gateway)
        let task = try write("The engine smokes", gateway)
        #expect(task.state == .reserved && task.worker == "ann" && task.accepted == nil)
        gateway.run(for: .seconds(29))
        #expect(try gateway.store.task(task.id)?.worker == "ben")
        take(.reject(by: "ben"), task.id, gateway)
        #expect(try gateway.store.task(task.id)?.state == .pending, "all had it, so it rests")
        gateway.run(for: .seconds(5))
        #expect(try gateway.store.task(task.id)?.worker == "ann", "nobody is locked out")
        take(.accept(worker: "ben"), task.id, gateway)
        #expect(try gateway.store.task(task.id)?.state == .reserved, "it is offered to ann")
        take(.accept(worker: "ann"), task.id, gateway)
        gateway.run(for: .seconds(300))
        take(.complete(reason: nil, by: "ben"), task.id, gateway)
        take(.complete(reason: "new pump", by: "ann"), task.id, gateway)
        let done = try #require(try gateway.store.task(task.id))
        #expect(done.state == .completed && done.worker == "ann" && done.reason == "new pump")
        #expect(
            try told(gateway) == [
                "worker.changed ann", "worker.changed ben", "task.created", "reservation.created ann",
                "reservation.timed_out ann", "reservation.created ben", "reservation.rejected ben",
                "reservation.created ann", "reservation.accepted ann", "task.accepted ann", "task.completed ann",
            ])
        let figures = try gateway.store.figures(
            ofQueue: "engines", since: Timestamp(milliseconds: 0), level: .seconds(60))
        #expect(figures.accepted == 1 && figures.inTime == 1 && figures.completed == 1)
        #expect(figures.handled >= .seconds(300) && figures.waited < .seconds(60))
    }

    @Test("offers, ways and workers are kept over a kill, and their time goes on")
    func kept() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        let task = try write("The engine smokes", gateway)
        let sail = try write("The sail is torn", gateway)
        #expect(sail.queue == "sails" && sail.priority == 7 && sail.state == .pending, "ann does no sails")
        try gateway.restart()
        gateway.run(for: .seconds(1))
        #expect(try gateway.store.task(task.id)?.worker == "ann")
        set(.available, "ben", gateway)
        #expect(try gateway.store.task(sail.id)?.worker == "ben")
        gateway.run(for: .seconds(60))
        #expect(try told(gateway).filter { $0 == "reservation.timed_out ann" }.count >= 1)
        gateway.crashAfterNextCommit()
        take(.accept(worker: "ben"), sail.id, gateway)
        gateway.run(for: .seconds(60))
        let kept = try #require(try gateway.store.task(sail.id))
        #expect(kept.state == .assigned && kept.worker == "ben" && kept.course.workflow == "service")
    }

    @Test("a target that is over leads on to the last one, where the task waits as long as it must")
    func escalates() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        let task = try write("The sail is torn", gateway)
        gateway.run(for: .seconds(100))
        #expect(try gateway.store.task(task.id)?.queue == "sails")
        gateway.run(for: .seconds(25))
        let moved = try #require(try gateway.store.task(task.id))
        #expect(moved.queue == "desk" && moved.priority == 0 && moved.worker == "ann")
        #expect(try told(gateway).contains("task.moved"))
        // Nobody does sails now, so that target is left out.
        let other = try write("urgent: the fridge", gateway)
        #expect(other.queue == "desk" && other.course.step == 1 && other.priority == 3)
    }

    @Test("a task is handed on to a queue or to a worker who is there")
    func transfer() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        let task = try write("The engine smokes", gateway)
        take(.accept(worker: "ann"), task.id, gateway)
        for refused in [
            TaskAction.offer(worker: "ben", until: .distantFuture), .offer(worker: "cid", until: .distantFuture),
            .move(queue: "nowhere"), .move(queue: "desk", by: "ben"),
        ] {
            take(refused, task.id, gateway)
            #expect(try gateway.store.task(task.id)?.worker == "ann", "\(refused)")
        }
        set(.available, "ben", gateway)
        take(.offer(worker: "ben", until: .distantFuture, by: "ann"), task.id, gateway)
        let offered = try #require(try gateway.store.task(task.id))
        #expect(offered.state == .reserved && offered.worker == "ben" && offered.queue == "engines")
        take(.accept(worker: "ben"), task.id, gateway)
        take(.move(queue: "desk", by: "ben"), task.id, gateway)
        let moved = try #require(try gateway.store.task(task.id))
        #expect(moved.queue == "desk" && moved.worker == "ann", "whoever gives it away comes last")
    }

    @Test("whoever is not available any more loses what was only offered")
    func leaving() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        let task = try write("The engine smokes", gateway)
        set(.offline, "ann", gateway)
        #expect(try gateway.store.task(task.id)?.state == .pending)
        set(.available, "ann", gateway)
        #expect(try gateway.store.task(task.id)?.worker == "ann")
        #expect(try told(gateway).filter { $0 == "reservation.canceled ann" }.count == 1)
        #expect(try gateway.store.workers().map(\.activity) == [.available])
    }

    @Test("another file is for tasks that wait already: who left it loses offers, who came gets them")
    func reload() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        let task = try write("The engine smokes", gateway)
        let sail = try write("The sail is torn", gateway)
        #expect(task.worker == "ann" && sail.worker == nil)
        try gateway.reload(
            Self.story(
                """
                workers:
                  cid: { skills: [engine] }
                queues:
                  engines: { workers: 'skills HAS "engine"' }
                  sails: {}
                workflows:
                  service: { default: { queue: sails } }
                """))
        gateway.run(for: .seconds(1))
        #expect(try gateway.store.task(task.id)?.state == .pending, "ann is not in the file any more")
        set(.available, "cid", gateway)
        #expect(try gateway.store.task(sail.id)?.worker == "cid", "the queue of a task has other workers now")
        take(.accept(worker: "cid"), sail.id, gateway)
        #expect(try gateway.store.task(task.id)?.state == .pending, "one at a time")
        take(.complete(reason: nil), sail.id, gateway)
        #expect(try gateway.store.task(task.id)?.worker == "cid")
        // Without queues nobody is offered anything, and whoever asks can have it.
        var story = Self.story("")
        story.inbound = "    - { name: all, do: [ignore] }"
        try gateway.reload(story)
        gateway.run(for: .seconds(1))
        #expect(try gateway.store.task(task.id)?.state == .pending)
        take(.accept(worker: "anybody"), task.id, gateway)
        #expect(try gateway.store.task(task.id)?.worker == "anybody")
    }

    @Test("a commit that fails leaves offers as they were, and their time goes on")
    func rollback() throws {
        let gateway = try gateway()
        set(.available, "ann", gateway)
        let task = try write("The engine smokes", gateway)
        let planned = StoreError(.busy, "planned")
        gateway.store.failNextCommit(with: planned)
        take(.accept(worker: "ann"), task.id, gateway)
        #expect(try gateway.store.task(task.id) == task)
        // The turn in which the offer ends fails as well.
        gateway.store.failNextCommit(with: planned)
        gateway.run(for: .seconds(40))
        #expect(gateway.core?.counters.rollbacks ?? 0 == 2)
        let offers = try told(gateway).filter { $0.hasPrefix("reservation.") }
        #expect(offers == ["reservation.created ann", "reservation.timed_out ann", "reservation.created ann"])
        take(.accept(worker: "ann"), task.id, gateway)
        #expect(try gateway.store.task(task.id)?.state == .assigned)
    }
}
