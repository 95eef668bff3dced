import Crypto
import Testing
import YAML

@testable import Gateway

@Suite("What is true of every course of tasks and workers")
struct TaskBoardRandomTests {
    /// A board with a second account of it, which is told only what comes out.
    private struct Course {
        var random: SeededRandom
        var board: TaskBoard
        var tasks: [RecordID: TaskRecord] = [:]
        var activities: [String: WorkerRecord.Activity] = [:]
        var had: [RecordID: Set<String>] = [:]
        var now = Timestamp(milliseconds: 1_000)
        var offers = 0

        init(seed: UInt64) {
            var random = SeededRandom(seed: seed)
            let mark = YAMLMark(line: 1, column: 1)
            var routing = TaskRouting()
            let skills = ["a", "b", "c"]
            routing.workers = Definitions(
                (0..<Int.random(in: 1...5, using: &random)).map { index in
                    WorkerDefinition(
                        name: "w\(index)", skills: skills.filter { _ in Bool.random(using: &random) }, languages: [],
                        capacity: Int.random(in: 1...3, using: &random), mark: mark)
                })
            routing.queues = Definitions(
                skills.map { skill in
                    let expression = TaskExpression.relation(.attribute("skills"), .has, .value(.text(skill)))
                    var queue = QueueDefinition(name: skill, workers: expression, mark: mark)
                    queue.order = Bool.random(using: &random) ? .longestIdle : .roundRobin
                    queue.reservationTimeout = .seconds(Int.random(in: 1...20, using: &random))
                    return queue
                })
            board = TaskBoard(routing)
            self.random = random
        }

        var ids: [RecordID] { tasks.keys.sorted() }

        func free(for task: TaskRecord, _ loads: [String: Int]) -> Set<String> {
            guard let queue = board.routing.queues[task.queue] else { return [] }
            let names = board.routing.eligible(for: queue).filter { worker in
                activities[worker.name] == .available && loads[worker.name] ?? 0 < worker.capacity
            }
            return Set(names.map(\.name))
        }

        var loads: [String: Int] {
            tasks.values.reduce(into: [:]) { loads, task in
                if task.isOpen, let worker = task.worker { loads[worker, default: 0] += 1 }
            }
        }

        // MARK: what happens

        mutating func happen(_ next: Int64) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2: arrive(next)
            case 3...4: change()
            case 5...7: act()
            default: break
            }
            if Bool.random(using: &random) {
                now = now + .milliseconds(Int.random(in: 0...15_000, using: &random))
            }
            // Sometimes exactly when something is due.
            if let due = board.nextDue, due > now, Int.random(in: 0..<4, using: &random) == 0 { now = due }
        }

        mutating func arrive(_ next: Int64) {
            guard let id = RecordID(rawValue: next) else { return }
            var task = TaskRecord(
                id: id, queue: ["a", "b", "c", "none"][Int.random(in: 0..<4, using: &random)],
                priority: Int.random(in: 0...3, using: &random), at: now, attributes: [])
            if Bool.random(using: &random) {
                var steps = ["a", "b", "c"].shuffled(using: &random).map { TaskStep(queue: $0) }
                for place in 0..<2 {
                    steps[place].timeout = .seconds(Int.random(in: 1...40, using: &random))
                    steps[place].skipsWithoutWorker = Bool.random(using: &random)
                }
                task.course = TaskCourse(workflow: "w", steps: steps)
                task = board.entering(0, task, at: now)
            }
            tasks[id] = task
            board.put(task)
        }

        mutating func change() {
            guard let worker = board.routing.workers.randomElement(using: &random),
                var record = board.worker(worker.name),
                let activity = WorkerRecord.Activity.allCases.randomElement(using: &random)
            else { return }
            record.activity = activity
            activities[worker.name] = activity
            board.put(record)
        }

        mutating func act() {
            guard
                let id = ids.filter({ tasks[$0]?.worker != nil && tasks[$0]?.isOpen == true })
                    .randomElement(using: &random), var task = tasks[id], let worker = task.worker
            else { return }
            let action: TaskAction =
                switch Int.random(in: 0..<5, using: &random) {
                case 0...1: task.state == .reserved ? .accept(worker: worker) : .complete(reason: nil)
                case 2: .reject(by: worker)
                case 3: .cancel(reason: nil)
                default: .move(queue: "b", by: worker)
                }
            guard (try? task.take(action, at: now)) == true else { return }
            tasks[id] = task
            switch action {
            case .accept: had[id] = []
            case .reject: had[id, default: []].insert(worker)
            case .move: had[id] = [worker]
            default: break
            }
            board.put(task)
            if task.state != .assigned { _ = board.rest(worker, at: now) }
        }

        // MARK: what must hold

        mutating func advance() throws {
            for change in board.advance(to: now) {
                let before = try #require(tasks[change.task.id])
                #expect(change.task.attributes.isEmpty && change.task.isOpen)
                switch change.kind {
                case .reserved: try check(offer: change.task, before)
                case .timedOut(let worker):
                    #expect(before.state == .reserved && before.worker == worker && change.task.state == .pending)
                    #expect(before.course.until.map { $0 <= now } == true, "nobody loses it too early")
                    #expect(activities[worker] == .available, "it does not change what the worker said")
                    had[before.id, default: []].insert(worker)
                case .withdrawn(let worker):
                    #expect(before.state == .reserved && before.worker == worker && activities[worker] != .available)
                    had[before.id, default: []].insert(worker)
                case .moved:
                    #expect(before.state == .pending && change.task.course.step > before.course.step)
                    #expect(before.course.step + 1 < before.course.steps.count, "the last target never ends")
                    had[before.id] = []
                }
                tasks[change.task.id] = change.task
            }
            let loads = loads
            let possible = tasks.values.filter { $0.state == .pending && !free(for: $0, loads).isEmpty }
            let idle = possible.filter { !free(for: $0, loads).isSubset(of: had[$0.id] ?? []) }
            #expect(idle.isEmpty, "nothing waits while somebody could have it who did not yet")
            #expect(possible.isEmpty || board.nextDue.map { $0 <= now + .seconds(600) } == true, "no rest is for ever")
            let late = tasks.values.filter { task in
                guard task.state == .reserved, let until = task.course.until, let worker = task.worker else {
                    return task.state == .reserved
                }
                return until <= now || activities[worker] != .available
            }
            #expect(late.isEmpty, "no offer lasts too long, or is for nobody")
            #expect(board.advance(to: now).isEmpty, "nothing is left to do")
        }

        private mutating func check(offer task: TaskRecord, _ before: TaskRecord) throws {
            offers += 1
            let worker = try #require(task.worker)
            #expect(before.state == .pending && before.worker == nil, "one worker at a time")
            let free = free(for: before, loads)
            #expect(free.contains(worker), "available, able, and below the capacity")
            let earlier = had[task.id] ?? []
            if earlier.contains(worker) {
                #expect(free.isSubset(of: earlier), "nobody gets it again before all who could take it had it")
                had[task.id] = []
            }
        }
    }

    @Test("nothing waits that could be offered, nobody has too much, and offers go round", arguments: 0..<40)
    func random(_ seed: Int) throws {
        var course = Course(seed: UInt64(seed))
        for step in 1...120 {
            course.happen(Int64(step))
            try course.advance()
        }
        // In the end somebody takes everything that anybody can do.
        for worker in course.board.routing.workers {
            guard var record = course.board.worker(worker.name) else { continue }
            record.activity = .available
            course.activities[worker.name] = .available
            course.board.put(record)
        }
        for _ in 0..<400 {
            try course.advance()
            let open = course.ids.compactMap { course.tasks[$0] }.filter { $0.isOpen && $0.worker != nil }
            if open.isEmpty, course.board.nextDue == nil { break }
            for var task in open {
                guard let worker = task.worker else { continue }
                let action: TaskAction = task.state == .reserved ? .accept(worker: worker) : .complete(reason: nil)
                _ = try task.take(action, at: course.now)
                course.tasks[task.id] = task
                course.board.put(task)
            }
            if open.isEmpty, let due = course.board.nextDue { course.now = max(course.now, due) }
        }
        for task in course.tasks.values where task.isOpen {
            let queue = course.board.routing.queues[task.queue]
            #expect(queue.map { course.board.routing.eligible(for: $0).isEmpty } ?? true)
        }
    }
}
