/// Swift tasks and actors on a loop: `Task.immediate(executorPreference: loop)` runs up to its first suspension at once
/// and comes back to the same thread (SE-0417, SE-0472).
extension EventLoop {
    /// Queues a job of the Swift runtime; any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    /// Makes `assumeIsolated` and `preconditionIsolated` work for actors on this loop.
    public func checkIsolated() {
        precondition(isOnLoop, "not on the event loop")
    }

    /// This loop as the executor of an actor.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    func run(_ job: UnownedJob) {
        job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
}
