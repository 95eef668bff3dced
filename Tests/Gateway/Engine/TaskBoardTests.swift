import Crypto
import Testing
import YAML

@testable import Gateway

@Suite("Which worker is offered which task")
struct TaskBoardTests {
    private static let mark = YAMLMark(line: 1, column: 1)

    private static func worker(_ name: String, _ skills: [String] = ["a"], capacity: Int = 1) -> WorkerDefinition {
        WorkerDefinition(name: name, skills: skills, languages: [], capacity: capacity, mark: mark)
    }

    private static func queue(
        _ name: String, _ workers: String? = nil, _ order: QueueDefinition.Order = .longestIdle
    ) throws -> QueueDefinition {
        var queue = QueueDefinition(
            name: name, workers: try workers.map { text throws in try TaskExpression(parsing: text) }, mark: mark)
        queue.order = order
        return queue
    }

    private static func time(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: Int64(seconds) * 1_000) }

    private static func board(_ workers: [WorkerDefinition], _ queues: [QueueDefinition]) -> TaskBoard {
        var routing = TaskRouting()
        routing.workers = Definitions(workers)
        routing.queues = Definitions(queues)
        return TaskBoard(routing)
    }

    private static func task(_ id: Int64, _ queue: String, priority: Int = 0, at seconds: Int = 0) throws -> TaskRecord
    {
        TaskRecord(
            id: try #require(RecordID(rawValue: id)), queue: queue, priority: priority, at: time(seconds),
            attributes: Array("{}".utf8))
    }

    private static func available(_ name: String, since seconds: Int = 0) -> WorkerRecord {
        var worker = WorkerRecord(name: name)
        worker.activity = .available
        worker.idle = time(seconds)
        return worker
    }

    /// What is offered, as `task>worker`.
    private static func offers(_ changes: [TaskBoard.Change]) -> [String] {
        changes.filter { $0.kind == .reserved }.map { "\($0.task.id.rawValue)>\($0.task.worker ?? "")" }
    }

    @Test("the highest priority goes first over all queues, then age; nobody gets more than the capacity")
    func priorities() throws {
        var board = Self.board(
            [Self.worker("ann", capacity: 2), Self.worker("ben", ["b"])],
            [try Self.queue("q", "skills HAS 'a'"), try Self.queue("r"), try Self.queue("none", "skills HAS 'c'")])
        board.put(Self.available("ann"))
        board.put(try Self.task(1, "q", at: 5))
        board.put(try Self.task(2, "r", priority: 9, at: 8))
        board.put(try Self.task(3, "q", at: 4))
        board.put(try Self.task(4, "none", priority: 99))
        board.put(try Self.task(5, "unknown", priority: 99))
        #expect(Self.offers(board.advance(to: Self.time(10))) == ["2>ann", "3>ann"])
        #expect(board.load(of: "ann") == 2 && board.waiting(in: "q") == 1)
        #expect(board.advance(to: Self.time(10)).isEmpty)
        board.put(Self.available("ben"))
        #expect(board.advance(to: Self.time(11)).isEmpty, "q is not for ben")
        board.put(try Self.task(6, "r"))
        #expect(Self.offers(board.advance(to: Self.time(11))) == ["6>ben"])
    }

    @Test("an offer that is not taken goes on to the others, and after a rest comes back to the same one")
    func rounds() throws {
        var board = Self.board(["ann", "ben", "cid"].map { Self.worker($0) }, [try Self.queue("q")])
        for name in ["ann", "ben", "cid"] { board.put(Self.available(name)) }
        board.put(try Self.task(1, "q"))
        var told: [String] = []
        while let due = board.nextDue, due < Self.time(300) {
            let now = max(due, Self.time(0))
            for change in board.advance(to: now) {
                let who = change.kind == .reserved ? change.task.worker ?? "" : "-"
                told.append("\(now.milliseconds / 1_000)\(who)")
            }
        }
        #expect(
            told == [
                "0ann", "30-", "30ben", "60-", "60cid", "90-", "95ann", "125-", "125ben", "155-", "155cid", "185-",
                "195ann", "225-", "225ben", "255-", "255cid", "285-",
            ])
        #expect(board.worker("ann")?.activity == .available, "nobody is locked out")
    }

    @Test("whoever refuses everything is asked less and less, and others get it at once")
    func refusals() throws {
        var board = Self.board(["ann", "ben"].map { Self.worker($0, capacity: 9) }, [try Self.queue("q")])
        board.put(Self.available("ann"))
        board.put(try Self.task(1, "q"))
        var offers = 0
        var now = Self.time(0)
        while let due = board.nextDue, due < Self.time(3_600) {
            now = max(due, now)
            for change in board.advance(to: now) where change.kind == .reserved {
                offers += 1
                var task = change.task
                _ = try task.take(.reject(by: "ann"), at: now)
                board.put(task)
            }
        }
        #expect((10...14).contains(offers), "\(offers)")
        board.put(try Self.task(2, "q"))
        #expect(Self.offers(board.advance(to: now)) == ["2>ann"], "another task is not in the way of the first")
        var back = Self.available("ann")
        back.since = now + .seconds(1)
        board.put(back)
        #expect(Self.offers(board.advance(to: now + .seconds(1))) == ["1>ann"], "who comes back is asked at once")
    }

    @Test("whoever had nothing to do for longest, or was given something longest ago, is next")
    func orders() throws {
        for (order, expected) in [(QueueDefinition.Order.longestIdle, "cid"), (.roundRobin, "ben")] {
            var board = Self.board(
                ["ann", "ben", "cid"].map { Self.worker($0) }, [try Self.queue("q", nil, order)])
            for (name, idle, given) in [("ann", 10, 9), ("ben", 20, 5), ("cid", 8, 7)] {
                var worker = Self.available(name, since: idle)
                worker.given = Self.time(given)
                board.put(worker)
            }
            board.put(try Self.task(1, "q"))
            #expect(Self.offers(board.advance(to: Self.time(30))) == ["1>" + expected])
        }
    }

    @Test("a target that is over leads to the next one, one without workers is left out, the last one never ends")
    func targets() throws {
        var board = Self.board([Self.worker("ann")], [try Self.queue("q", "skills HAS 'x'"), try Self.queue("r")])
        var steps = [TaskStep(queue: "r", priority: 7), TaskStep(queue: "q", priority: 5), TaskStep(queue: "r")]
        steps[0].skipsWithoutWorker = true
        steps[1].timeout = .seconds(60)
        var task = try Self.task(1, "", priority: 3)
        task.course = TaskCourse(workflow: "w", steps: steps)
        task = board.entering(0, task, at: Self.time(0))
        #expect(task.queue == "q" && task.priority == 5 && task.course.step == 1)
        board.put(task)
        #expect(board.advance(to: Self.time(59)).isEmpty && board.nextDue == Self.time(60))
        let moved = try #require(board.advance(to: Self.time(60)).first)
        #expect(moved.kind == .moved && moved.task.queue == "r" && moved.task.priority == 3)
        #expect(moved.task.entered == Self.time(60) && board.nextDue == nil)
        #expect(board.advance(to: Self.time(9_999_999)).isEmpty)
        board.put(Self.available("ann"))
        #expect(Self.offers(board.advance(to: Self.time(9_999_999))) == ["1>ann"])
    }

    @Test("whoever leaves keeps what was taken, and loses what was only offered")
    func leaving() throws {
        var board = Self.board([Self.worker("ann", capacity: 2), Self.worker("ben")], [try Self.queue("q")])
        board.put(Self.available("ann"))
        board.put(try Self.task(1, "q"))
        board.put(try Self.task(2, "q"))
        var taken = try #require(board.advance(to: Self.time(1)).first?.task)
        _ = try taken.take(.accept(worker: "ann"), at: Self.time(2))
        board.put(taken)
        board.put(WorkerRecord(name: "ann"))
        board.put(Self.available("ben"))
        let changes = board.advance(to: Self.time(3))
        #expect(changes.map(\.kind) == [.withdrawn(worker: "ann"), .reserved])
        #expect(Self.offers(changes) == ["2>ben"] && board.load(of: "ann") == 1)
    }

    @Test("without queues in the file nothing is kept, but what an earlier file began goes on")
    func unmanaged() throws {
        var board = Self.board([Self.worker("ann")], [])
        _ = board.advance(to: Self.time(0))
        var task = try Self.task(1, "q")
        board.put(task)
        #expect(board.waiting(in: "q") == 0 && board.nextDue == nil)
        _ = try task.take(.accept(worker: "anybody"), at: Self.time(1))
        board.put(task)
        #expect(board.load(of: "anybody") == 0 && board.nextDue == nil)
        var offered = try Self.task(2, "q")
        _ = try offered.take(.offer(worker: "ann", until: Self.time(30)), at: Self.time(1))
        board.put(offered)
        let changes = board.advance(to: Self.time(2))
        #expect(changes.map(\.kind) == [.withdrawn(worker: "ann")] && board.waiting(in: "q") == 1)
    }

    @Test("the way of a task is read as it was written, and nothing else is")
    func codec() throws {
        var course = TaskCourse(workflow: "w", steps: [TaskStep(queue: "é", priority: 0)], priority: 7)
        course.steps[0].timeout = .milliseconds(1_500)
        course.steps[0].skipsWithoutWorker = true
        (course.until, course.tried) = (Self.time(5), ["a", "\u{0}"])
        #expect(TaskCourse(course.bytes) == course && TaskCourse(nil) == TaskCourse() && TaskCourse().bytes == nil)
        for text in [
            "", "7", "[]", "{}", #"{"step":1,"steps":[]}"#, #"{"step":-1,"steps":[]}"#, #"{"step":0,"steps":[{}]}"#,
        ] {
            #expect(TaskCourse(Array(text.utf8)) == nil, "\(text)")
        }
    }
}
