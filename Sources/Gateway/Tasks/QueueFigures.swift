/// How a queue does: what waits in it now, and what became of what was accepted from a time on.
public struct QueueFigures: Sendable, Hashable {
    /// Tasks that nobody has, also those that are offered.
    public var waiting = 0
    /// When the one of them came that has waited longest.
    public var oldest: Timestamp?
    /// Tasks that a worker has.
    public var assigned = 0
    /// Tasks that a worker took since then, and has or had at the end.
    public var accepted = 0
    /// Those of them that waited in the queue no longer than they should.
    public var inTime = 0
    /// How long they waited in the queue, together.
    public var waited = Duration.zero
    /// Those of them that are done.
    public var completed = 0
    /// How long these took from then on, together.
    public var handled = Duration.zero

    /// Nothing.
    public init() {}

    /// Adds a task of the queue.
    public mutating func count(_ task: TaskRecord, since: Timestamp, level: Duration?) {
        switch task.state {
        case .pending, .reserved:
            waiting += 1
            oldest = min(oldest ?? task.entered, task.entered)
        case .assigned: assigned += 1
        case .completed, .canceled: break
        }
        guard let time = task.accepted, time >= since else { return }
        accepted += 1
        waited += time - task.entered
        if let level, time - task.entered <= level { inTime += 1 }
        guard task.state == .completed else { return }
        completed += 1
        handled += task.changed - time
    }
}

/// How a queue did since the start, rising.
public struct QueueCounters: Sendable, Hashable {
    /// Tasks that a worker took.
    public var accepted = 0
    /// Those of them that waited in the queue no longer than they should; all where it says nothing.
    public var inTime = 0
    /// How long they waited in the queue.
    public var waited = Duration.zero
    /// Tasks that were done after a worker took them.
    public var completed = 0
    /// How long that took.
    public var handled = Duration.zero

    /// Nothing.
    public init() {}
}

/// A queue's present size.
public struct QueueGauge: Sendable, Hashable {
    /// The name in the configuration.
    public var name: String
    /// Tasks that wait and are not offered.
    public var waiting: Int
}
