import Dispatch

/// Waits until something happened a number of times.
struct Waiter: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let count: Int

    init(count: Int) { self.count = count }

    func signal() { semaphore.signal() }

    /// Blocks; `false` when the time passed.
    @discardableResult
    func wait(upTo span: Duration) -> Bool {
        let deadline =
            DispatchTime.now()
            + .milliseconds(
                Int(span.components.seconds) * 1_000
                    + Int(span.components.attoseconds / 1_000_000_000_000_000))
        for _ in 0..<count where semaphore.wait(timeout: deadline) == .timedOut { return false }
        return true
    }
}
