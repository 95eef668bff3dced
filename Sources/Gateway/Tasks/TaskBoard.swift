/// Decides which worker is offered which task: what is open, who works, and the time go in, changed tasks come out. Pure.
///
/// Of all queues the task with the highest priority is next, of these the oldest. Nobody is offered more than the worker's
/// capacity, and a task is offered to one worker at a time; to the same one again only when all who could take it had it, and
/// the task rested for a while.
public struct TaskBoard: Sendable {
    /// What the file says.
    public let routing: TaskRouting
    /// Workers of a queue, in the file's order.
    private let eligible: [String: [WorkerDefinition]]
    /// Open ones, without their attributes.
    private var tasks: [RecordID: TaskRecord] = [:]
    private var workers: [String: WorkerRecord] = [:]
    /// Tasks that a worker has or is offered.
    private var loads: [String: Int] = [:]
    private var waiting: [String: SortedKeys<WaitingKey>] = [:]
    private var dues: SortedKeys<DueKey> = SortedKeys()
    private var offered: SortedKeys<RecordID> = SortedKeys()
    /// Of tasks that all who could take them had; not kept over a restart.
    private var rests: [RecordID: Rest] = [:]
    private var restDues: SortedKeys<DueKey> = SortedKeys()
    /// Something changed since tasks were last offered.
    private var isDirty = true

    /// A task is not offered again before then to whoever had it: nobody who refuses everything keeps the gateway busy.
    private struct Rest: Sendable {
        var until: Timestamp
        var count: Int
        var isOver = false
        /// Another round began after it.
        var isUsed = false

        /// 5 s at first, twice as long each time, 10 minutes at most.
        static func pause(_ count: Int) -> Duration { .seconds(min(600, 5 << min(count - 1, 7))) }
    }

    private struct WaitingKey: Comparable, Sendable {
        var priority: Int
        var created: Timestamp
        var id: RecordID

        static func < (left: Self, right: Self) -> Bool {
            (right.priority, left.created, left.id) < (left.priority, right.created, right.id)
        }
    }

    private struct DueKey: Comparable, Sendable {
        var due: Timestamp
        var id: RecordID

        static func < (left: Self, right: Self) -> Bool { (left.due, left.id) < (right.due, right.id) }
    }

    /// Nothing is open, and everybody is offline.
    public init(_ routing: TaskRouting) {
        self.routing = routing
        eligible = Dictionary(
            routing.queues.map { ($0.name, routing.eligible(for: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: what is open, and who works

    /// A task as it is now. One that has ended is forgotten, and one that no queue of the file can have is not looked at.
    public mutating func put(_ task: TaskRecord) {
        let old = tasks.removeValue(forKey: task.id)
        if let old { leave(old) }
        let goesOn = old?.entered == task.entered && (task.state == .pending || task.state == .reserved)
        if !goesOn, let rest = rests.removeValue(forKey: task.id) {
            restDues.remove(DueKey(due: rest.until, id: task.id))
        }
        guard task.isOpen, old != nil || !routing.queues.isEmpty || task.course != TaskCourse() else {
            isDirty = isDirty || old != nil
            return
        }
        isDirty = true
        var task = task
        task.attributes = []
        tasks[task.id] = task
        if let worker = task.worker { loads[worker, default: 0] += 1 }
        if task.state == .pending { waiting[task.queue, default: SortedKeys()].insert(Self.key(task)) }
        if task.state == .reserved { offered.insert(task.id) }
        if let due = Self.due(task) { dues.insert(DueKey(due: due, id: task.id)) }
    }

    private mutating func leave(_ task: TaskRecord) {
        if let worker = task.worker { loads[worker, default: 0] -= 1 }
        waiting[task.queue]?.remove(Self.key(task))
        offered.remove(task.id)
        if let due = Self.due(task) { dues.remove(DueKey(due: due, id: task.id)) }
    }

    private static func key(_ task: TaskRecord) -> WaitingKey {
        WaitingKey(priority: task.priority, created: task.created, id: task.id)
    }

    private static func due(_ task: TaskRecord) -> Timestamp? {
        switch task.state {
        case .pending: task.course.timeout.map { task.entered + $0 }
        case .reserved: task.course.until ?? task.changed
        case .assigned, .completed, .canceled: nil
        }
    }

    /// A worker as it is now.
    public mutating func put(_ worker: WorkerRecord) {
        workers[worker.name] = worker
        isDirty = true
    }

    /// What is known of a worker of the file; `nil` for one that is not in it.
    public func worker(_ name: String) -> WorkerRecord? {
        routing.workers[name].map { _ in workers[name] ?? WorkerRecord(name: name) }
    }

    /// Tasks that the worker has or is offered.
    public func load(of worker: String) -> Int { loads[worker] ?? 0 }

    /// Tasks that wait in a queue.
    public func waiting(in queue: String) -> Int { waiting[queue]?.all.count ?? 0 }

    /// When something is to be decided although nothing happens; `nil` for never.
    public var nextDue: Timestamp? {
        isDirty ? Timestamp(milliseconds: 0) : [dues.all.first?.due, restDues.all.first?.due].compactMap { $0 }.min()
    }

    // MARK: time

    /// What became of a task by itself.
    public struct Change: Sendable, Hashable {
        /// What it was.
        public enum Kind: Sendable, Hashable {
            /// It is offered to its worker.
            case reserved
            /// The worker let the time pass.
            case timedOut(worker: String)
            /// The worker is not there any more.
            case withdrawn(worker: String)
            /// It waits in the next queue of its way.
            case moved
        }

        /// What it was.
        public var kind: Kind
        /// The task afterwards, without its attributes.
        public var task: TaskRecord
        /// The worker that it is about, afterwards.
        public var worker: WorkerRecord?
    }

    /// Ends what is due, and offers what can be offered. Nothing is left to do at this time afterwards.
    public mutating func advance(to now: Timestamp) -> [Change] {
        guard nextDue.map({ $0 <= now }) == true else { return [] }
        var changes: [Change] = []
        withdraw(now, &changes)
        while let key = dues.all.first, key.due <= now, let task = tasks[key.id] { end(task, now, &changes) }
        while let key = restDues.all.first, key.due <= now {
            restDues.remove(key)
            rests[key.id]?.isOver = true
        }
        assign(now, &changes)
        isDirty = false
        return changes
    }

    /// Nobody keeps an offer who is not there.
    private mutating func withdraw(_ now: Timestamp, _ changes: inout [Change]) {
        for id in offered.all {
            guard var task = tasks[id], let name = task.worker, worker(name)?.activity != .available else { continue }
            task.letGo(at: now)
            put(task)
            changes.append(Change(kind: .withdrawn(worker: name), task: task, worker: nil))
        }
    }

    private mutating func end(_ task: TaskRecord, _ now: Timestamp, _ changes: inout [Change]) {
        guard task.state == .reserved else {
            let moved = entering(task.course.step + 1, task, at: now)
            put(moved)
            changes.append(Change(kind: .moved, task: moved, worker: nil))
            return
        }
        var task = task
        let name = task.worker ?? ""
        task.letGo(at: now)
        put(task)
        changes.append(Change(kind: .timedOut(worker: name), task: task, worker: rest(name, at: now)))
    }

    /// The worker is idle from now on; `nil` for one that is not in the file.
    public mutating func rest(_ name: String, at now: Timestamp) -> WorkerRecord? {
        guard var worker = worker(name) else { return nil }
        worker.idle = now
        put(worker)
        return worker
    }

    /// A task that comes to a step of its way, or to the first one behind it that is not left out.
    public func entering(_ step: Int, _ task: TaskRecord, at now: Timestamp) -> TaskRecord {
        var task = task
        let last = task.course.steps.count - 1
        guard last >= 0 else { return task }
        var place = min(step, last)
        while place < last, task.course.steps[place].skipsWithoutWorker, !hasWorker(task.course.steps[place].queue) {
            place += 1
        }
        let own = task.course.priority ?? task.priority
        task.course.priority = own
        task.course.step = place
        task.course.tried = []
        (task.queue, task.entered) = (task.course.steps[place].queue, now)
        task.priority = task.course.steps[place].priority ?? own
        return task
    }

    private func hasWorker(_ queue: String) -> Bool {
        eligible[queue]?.contains { worker($0.name)?.activity == .available } ?? false
    }

    // MARK: offers

    private enum Next {
        case worker(WorkerRecord)
        /// All who are free had it.
        case rests
        /// Nobody is free.
        case nobody
    }

    private mutating func assign(_ now: Timestamp, _ changes: inout [Change]) {
        var open = routing.queues.map { (queue: $0, place: 0) }
        while true {
            open.removeAll { waiting(in: $0.queue.name) <= $0.place }
            guard let index = first(of: open), let key = waiting[open[index].queue.name]?.all[open[index].place],
                var task = tasks[key.id]
            else { return }
            let queue = open[index].queue
            switch next(queue, &task, now) {
            case .nobody: open.remove(at: index)
            case .rests: open[index].place += 1
            case .worker(var worker):
                task.offer(to: worker.name, until: now + queue.reservationTimeout, at: now)
                worker.given = now
                put(task)
                put(worker)
                changes.append(Change(kind: .reserved, task: task, worker: worker))
            }
        }
    }

    /// The queue whose task comes first.
    private func first(of queues: [(queue: QueueDefinition, place: Int)]) -> Int? {
        let heads = queues.indices.compactMap { index in
            waiting[queues[index].queue.name].map { (index: index, key: $0.all[queues[index].place]) }
        }
        return heads.min { $0.key < $1.key }?.index
    }

    /// Who is next of those who are free. A task that all of them had rests before it begins another round.
    private mutating func next(_ queue: QueueDefinition, _ task: inout TaskRecord, _ now: Timestamp) -> Next {
        let free = (eligible[queue.name] ?? []).compactMap { definition in
            worker(definition.name).flatMap {
                $0.activity == .available && load(of: $0.name) < definition.capacity ? $0 : nil
            }
        }
        if free.isEmpty { return .nobody }
        // Whoever came back since is as good as new.
        var fresh = free.filter { !task.course.tried.contains($0.name) || $0.since > task.changed }
        if fresh.isEmpty {
            guard hasRested(task.id, now) else { return .rests }
            task.course.tried = []
            fresh = free
        }
        // The first of several is taken: that is the file's order.
        let next = fresh.min { left, right in
            switch queue.order {
            case .longestIdle: max(left.idle, left.given) < max(right.idle, right.given)
            case .roundRobin: left.given < right.given
            }
        }
        return next.map(Next.worker) ?? .nobody
    }

    /// Whether the pause of a task is over; begins one where there is none.
    private mutating func hasRested(_ id: RecordID, _ now: Timestamp) -> Bool {
        if let rest = rests[id], !rest.isUsed {
            rests[id]?.isUsed = rest.isOver
            return rest.isOver
        }
        let count = (rests[id]?.count ?? 0) + 1
        let rest = Rest(until: now + Rest.pause(count), count: count)
        rests[id] = rest
        restDues.insert(DueKey(due: rest.until, id: id))
        return false
    }
}
