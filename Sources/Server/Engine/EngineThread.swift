import Gateway
import Glibc

/// The thread that owns the engine: takes everything that waits, runs a turn, commits, then releases answers and
/// requests. Nothing leaves before its commit is on disk.
public final class EngineThread: @unchecked Sendable {
    // Sendable by confinement: `core` and `store` belong to the thread, everything else is behind `signal`.
    /// What the thread tells the program.
    public struct Outlets: Sendable {
        /// Makes an exchange with a provider; the answer comes back by `exchanged`.
        public var exchange: @Sendable (EngineRequest) -> Void
        /// Operations, metrics, logs.
        public var notice: @Sendable (EngineNotice) -> Void
        /// The store is lost to us: the process must end.
        public var fatal: @Sendable (StoreError) -> Void
        /// What is to be done for a mailing; it comes back by `slice`.
        public var work: @Sendable (MailingWork) -> Void
        /// How long a commit took, with what it let out.
        public var committed: @Sendable (Duration) -> Void
        /// Events were committed that others may wait for.
        public var events: @Sendable () -> Void
        /// Files were committed that people sent.
        public var media: @Sendable () -> Void

        /// Where the thread's effects go.
        public init(
            exchange: @escaping @Sendable (EngineRequest) -> Void,
            notice: @escaping @Sendable (EngineNotice) -> Void,
            fatal: @escaping @Sendable (StoreError) -> Void,
            work: @escaping @Sendable (MailingWork) -> Void = { _ in },
            committed: @escaping @Sendable (Duration) -> Void = { _ in },
            events: @escaping @Sendable () -> Void = {},
            media: @escaping @Sendable () -> Void = {}
        ) {
            self.exchange = exchange
            self.notice = notice
            self.fatal = fatal
            self.work = work
            self.committed = committed
            self.events = events
            self.media = media
        }
    }

    private let core: EngineCore
    private let store: any DeliveryStore
    private let clock: any GatewayClock
    private let outlets: Outlets
    private let signal = Signal()

    private var inbox: [EngineInput] = []
    private var waiting: [Int: @Sendable (EngineAnswer) -> Void] = [:]
    private var nextTicket = 1
    private var isStopping = false
    /// Since when there is something in the inbox, about.
    private var waitsSince: UInt64 = 0
    private var taken = 0
    private var isUnderPressure = false
    private var published = EngineCounters()
    private var publishedGauges = EngineGauges()
    private var thread: JoinableThread?
    /// Errors that were met elsewhere and are not with the engine yet, and when it takes them.
    private var noted: [ErrorOccurrence] = []
    private var takesNoted: UInt64 = 0
    /// The thread's own copy of `isUnderPressure`.
    private var mailingsWait = false

    /// At most so many inputs in one batch.
    static let batchLimit = 1_000
    /// In which time the auditor goes round, and how often what has ended is removed.
    static let auditPause: UInt64 = 60_000_000_000
    /// Errors that come from outside are stored once in so long, however many there are.
    static let notingPause: UInt64 = 1_000_000_000
    /// So much of each kind at a time, a hundredth of a second's work; while more is left, four times a second.
    static let purgeLimit = 250
    static let purgePause: UInt64 = 250_000_000

    /// A thread around an engine that is rebuilt from its store.
    public init(core: EngineCore, store: any DeliveryStore, clock: any GatewayClock, outlets: Outlets) {
        self.core = core
        self.store = store
        self.clock = clock
        self.outlets = outlets
    }

    /// Starts the thread; the recovery is its first commit.
    public func start() {
        thread = JoinableThread { [self] in run() }
    }

    /// Finishes what is queued, then ends the thread. Blocks.
    public func stop() {
        signal.locked {
            isStopping = true
            signal.signal()
        }
        thread?.join()
    }

    // MARK: the way in

    /// Queues an input that nobody waits for.
    public func submit(_ input: EngineInput) {
        signal.locked { append(input) }
    }

    /// While locked.
    private func append(_ input: consuming EngineInput) {
        inbox.append(input)
        guard inbox.count == 1 else { return }
        waitsSince = clock.monotonic
        signal.signal()
    }

    /// Memory or disk run out, or do no more: mailings wait.
    public func set(underPressure: Bool) {
        signal.locked {
            isUnderPressure = underPressure
            append(.tick)
        }
    }

    /// Notes an error that was met outside of the engine, to be stored. A flood of them costs one commit a second.
    public func note(_ error: ErrorOccurrence) {
        signal.locked {
            if noted.isEmpty { signal.signal() }
            noted.note(error)
        }
    }

    /// While locked: what was noted becomes an input when its time has come.
    private func takeNoted() {
        guard !noted.isEmpty, isStopping || clock.monotonic >= takesNoted else { return }
        takesNoted = clock.monotonic + Self.notingPause
        append(.errors(noted))
        noted.removeAll()
    }

    /// How many inputs wait, for how long the oldest of them has, and how many were taken since the start.
    public var load: (waiting: Int, delay: Duration, taken: Int) {
        signal.locked {
            let age = inbox.isEmpty ? 0 : clock.monotonic - waitsSince
            return (inbox.count, .nanoseconds(Int64(clamping: age)), taken)
        }
    }

    /// Queues an input and calls back on the engine's thread once its effect is durable.
    public func ask(
        _ input: @Sendable (_ ticket: Int) -> EngineInput, _ answer: @escaping @Sendable (EngineAnswer) -> Void
    ) {
        signal.locked {
            let ticket = nextTicket
            nextTicket += 1
            waiting[ticket] = answer
            append(input(ticket))
        }
    }

    /// Inputs that wait; the API refuses new work above a limit.
    public var backlog: Int { signal.locked { inbox.count } }

    /// The engine's figures as of its last turn.
    public var counters: EngineCounters { signal.locked { published } }

    /// How long ago the auditor first saw the oldest delivery without a wake-up; `nil` when there is none.
    public var oldestViolationAge: Duration? {
        counters.oldestViolation.map { max(.zero, clock.now - $0) }
    }

    /// The engine's present sizes as of its last turn.
    public var gauges: EngineGauges { signal.locked { publishedGauges } }

    // MARK: the loop

    private func run() {
        _ = finish(core.recoveryTurn(now: clock.now))
        var wakeAt: Timestamp? = clock.now
        var lastCommit: UInt64 = 0
        var nextAudit = clock.monotonic + Self.auditPause
        var nextPurge = clock.monotonic + Self.auditPause
        while true {
            let (inputs, isLast) = take(
                wakeAt: wakeAt, lastCommit: lastCommit, nextCare: min(nextAudit, nextPurge))
            let started = clock.monotonic
            core.isUnderPressure = mailingsWait
            let turn = core.turn(inputs, now: clock.now)
            if !turn.batch.isEmpty { lastCommit = started }
            // After a failed commit what was due is due again.
            let decided = clock.monotonic
            wakeAt = finish(turn) ? turn.wakeAt : clock.now
            if !turn.batch.isEmpty { outlets.committed(.nanoseconds(Int64(clock.monotonic - decided))) }
            if clock.monotonic >= nextAudit { nextAudit = clock.monotonic + audit() }
            if clock.monotonic >= nextPurge {
                nextPurge = clock.monotonic + (purge() ? Self.purgePause : Self.auditPause)
            }
            if isLast, inputs.isEmpty { return }
        }
    }

    /// Whether more is left that has ended. A store that refuses is told by the next commit.
    private func purge() -> Bool {
        (try? store.purge(before: clock.now, limit: Self.purgeLimit)) == Self.purgeLimit
    }

    /// Looks at the next part of what is open. Returns how long to wait until the one after it.
    private func audit() -> UInt64 {
        let (violations, parts) = core.auditNext()
        for id in violations {
            outlets.notice(.auditViolation(delivery: id))
            var context = ErrorContext()
            context.delivery = id
            note(ErrorOccurrence(.auditViolation, context))
        }
        let counters = core.counters
        signal.locked { published = counters }
        return Self.auditPause / UInt64(parts)
    }

    /// Waits for inputs or the next timer. What comes during a commit is taken together (docs/decisions/0004-group-commit.md).
    private func take(wakeAt: Timestamp?, lastCommit: UInt64, nextCare: UInt64) -> ([EngineInput], Bool) {
        signal.locked {
            let due = min(deadline(wakeAt) ?? nextCare, nextCare)
            while inbox.isEmpty, !isStopping {
                let next = noted.isEmpty ? due : min(due, takesNoted)
                guard clock.monotonic < next else { break }
                signal.wait(until: next)
            }
            takeNoted()
            mailingsWait = isUnderPressure
            taken += min(inbox.count, Self.batchLimit)
            guard inbox.count > Self.batchLimit else {
                defer { inbox.removeAll(keepingCapacity: true) }
                return (inbox, isStopping)
            }
            // Those that are left came after the last turn began, or before: they are not as old as the first.
            waitsSince = max(waitsSince, lastCommit)
            let batch = Array(inbox.prefix(Self.batchLimit))
            inbox.removeFirst(Self.batchLimit)
            return (batch, isStopping)
        }
    }

    private func deadline(_ time: Timestamp?) -> UInt64? {
        guard let time else { return nil }
        let left = max(0, min((time - clock.now).milliseconds, 86_400_000))
        return clock.monotonic + UInt64(left) * 1_000_000
    }

    /// Commits a turn and lets its effects out; `false` when the store refused.
    private func finish(_ turn: EngineTurn) -> Bool {
        do throws(StoreError) {
            if let refusal = turn.refusal { throw refusal }
            if !turn.batch.isEmpty { try store.commit(turn.batch, core.currentLease) }
        } catch {
            fail(error)
            return false
        }
        for index in turn.requests.indices { outlets.exchange(turn.requests[index]) }
        answer(turn.releases)
        for work in turn.work { outlets.work(work) }
        for notice in turn.notices { outlets.notice(notice) }
        if !turn.batch.events.isEmpty || !turn.batch.published.isEmpty { outlets.events() }
        if !turn.batch.media.isEmpty { outlets.media() }
        let (counters, gauges) = (core.counters, core.gauges)
        signal.locked {
            published = counters
            publishedGauges = gauges
        }
        return true
    }

    private func answer(_ releases: [EngineRelease]) {
        guard !releases.isEmpty else { return }
        let answers = signal.locked { releases.map { (waiting.removeValue(forKey: $0.ticket), $0.answer) } }
        for (callback, answer) in answers { callback?(answer) }
    }

    /// Nothing of the turn happened; those who wait are told, results come again.
    private func fail(_ error: StoreError) {
        let (releases, again) = core.rollBack(error)
        answer(releases)
        signal.locked {
            if inbox.isEmpty { waitsSince = clock.monotonic }
            inbox.insert(contentsOf: again, at: 0)
        }
        switch error.kind {
        case .fenced, .corrupt: outlets.fatal(error)
        // A full disk stays full for a while: do not spin on it.
        case .full, .busy, .failed, .late:
            let until = clock.monotonic + 50_000_000
            signal.locked { while clock.monotonic < until { signal.wait(until: until) } }
        }
    }
}
