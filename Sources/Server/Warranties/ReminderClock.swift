import Gateway
import Synchronization

/// Lets the scan run from time to time, and hands the engine what it finds; one pass at a time, on the records thread.
public final class ReminderClock: Sendable {
    /// How late a reminder may be, beside what the engine takes. Read from the wall clock each time, so that it may be set.
    public static let pause = Duration.seconds(20)

    private let scan: ReminderScan
    private let engine: EngineThread
    private let clock: any GatewayClock
    private let directory: @Sendable () -> ConfigurationDirectory
    private let isRunning = Mutex(false)

    /// - Parameter directory: of the running configuration.
    public init(
        _ scan: ReminderScan, engine: EngineThread, clock: any GatewayClock,
        directory: @escaping @Sendable () -> ConfigurationDirectory
    ) {
        self.scan = scan
        self.engine = engine
        self.clock = clock
        self.directory = directory
    }

    /// Runs passes on a thread until nothing is left to do at once. Does nothing while one runs.
    public func tick(on thread: BlockingThread) {
        let mayRun = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard mayRun else { return }
        thread.run { [self] in pass(on: thread) }
    }

    private func pass(on thread: BlockingThread) {
        guard let findings = try? scan.pass(directory(), now: clock.now), !findings.isEmpty || scan.isSweeping else {
            // Nothing is left, or the store cannot be read: the next tick asks again.
            return isRunning.withLock { $0 = false }
        }
        guard !findings.isEmpty else { return thread.run { [self] in pass(on: thread) } }
        let answers = Answers(findings.count)
        for finding in findings {
            engine.ask({ finding.input(ticket: $0) }) { [self] answer in
                guard let isRefused = answers.take(answer) else { return }
                // What the store refused comes again at the next tick.
                if isRefused { return isRunning.withLock { $0 = false } }
                thread.run { [self] in pass(on: thread) }
            }
        }
    }

    /// The answers of one pass.
    private final class Answers: Sendable {
        private let state: Mutex<(left: Int, isRefused: Bool)>

        init(_ count: Int) { state = Mutex((count, false)) }

        /// With the last one: whether the store refused any.
        func take(_ answer: EngineAnswer) -> Bool? {
            state.withLock { state in
                state.left -= 1
                if case .unavailable = answer { state.isRefused = true }
                return state.left == 0 ? state.isRefused : nil
            }
        }
    }
}
