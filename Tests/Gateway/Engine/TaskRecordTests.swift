import Testing

@testable import Gateway

@Suite("tasks")
struct TaskRecordTests {
    private static let actions: [TaskAction] = [
        .accept(worker: "ann"), .accept(worker: "ben"), .reject(), .complete(reason: "done"), .complete(reason: nil),
        .cancel(reason: "gone"), .cancel(reason: nil), .reject(by: "ann"), .complete(reason: nil, by: "ben"),
        .move(queue: "r", by: "ann"), .offer(worker: "ben", until: Timestamp(milliseconds: 99)),
    ]

    private static func start() throws -> TaskRecord {
        try TaskRecord(
            id: #require(RecordID(rawValue: 7)), queue: "q", priority: 1, at: Timestamp(milliseconds: 0), attributes: []
        )
    }

    /// What a chain of actions should come to, told in another way: by who has it and how it ended.
    private struct Model: Equatable {
        var worker: String?
        var end: TaskRecord.State?
        var reason: String?

        init(_ task: TaskRecord) {
            worker = task.worker
            end = task.isOpen ? nil : task.state
            reason = task.reason
        }
    }

    @Test("every chain of up to four actions: an end is for good, one worker at a time, a repeat changes nothing")
    func exhaustive() throws {
        var chains: [[TaskAction]] = [[]]
        for _ in 0..<4 { chains += chains.flatMap { chain in Self.actions.map { chain + [$0] } } }
        for chain in chains {
            var task = try Self.start()
            for (index, action) in chain.enumerated() {
                let before = task
                let now = Timestamp(milliseconds: Int64(index + 1))
                let changed: Bool
                do throws(TaskRefusal) {
                    changed = try task.take(action, at: now)
                } catch {
                    #expect(task == before, "a refused action changes nothing")
                    switch error {
                    case .taken(let worker): #expect(before.worker == worker && before.state == .assigned)
                    case .reserved(let worker): #expect(before.worker == worker && before.state == .reserved)
                    case .notTaken: #expect(before.worker == nil && before.state == .pending)
                    case .ended(let state): #expect(state == before.state && !before.isOpen)
                    case .unknownWorker, .unavailableWorker, .unknownQueue: Issue.record("not the task's")
                    }
                    continue
                }
                #expect(changed ? task.changed == now : task == before)
                var again = task
                let isRepeated = (try? again.take(action, at: now)) == false
                switch action {
                case .reject, .move: break
                default: #expect(isRepeated, "the same once more changes nothing")
                }
                let isHeld = task.state == .assigned || task.state == .reserved
                #expect(isHeld == (task.isOpen && task.worker != nil))
                #expect((task.state == .reserved) == (task.course.until != nil))
                #expect(task.state == .assigned ? task.accepted != nil : !task.isOpen || task.accepted == nil)
                if !before.isOpen { #expect(Model(task) == Model(before), "an end is for good") }
                let waitsAgain = before.state == .assigned && (task.state == .pending || task.state == .reserved)
                if changed, waitsAgain { #expect(task.entered == now, "its time in the queue begins") }
                switch action {
                case .accept(let worker): #expect(task.worker == worker && task.state == .assigned)
                case .reject: #expect(task.worker == nil && task.state == .pending)
                case .complete:
                    let worker = before.state == .reserved ? nil : before.worker
                    #expect(task.state == .completed && task.worker == worker)
                case .cancel: #expect(task.state == .canceled)
                case .move(let queue, _): #expect(task.queue == queue && task.state == .pending)
                case .offer(let worker, _, _): #expect(task.worker == worker)
                }
            }
        }
    }
}
