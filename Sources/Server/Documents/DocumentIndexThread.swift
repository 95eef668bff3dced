import Crypto
import Gateway
import Telemetry

/// The thread that tells an index outside of documents that were put and removed. Nobody waits for it: what it has not
/// told yet waits in the store.
public final class DocumentIndexThread: @unchecked Sendable {
    // Sendable by the lock of `mailbox`; `feed` and `random` belong to the thread.
    /// What the thread needs.
    public struct Parts: Sendable {
        /// Where changes wait.
        public var records: any RecordStore
        /// The time of tries.
        public var clock: any GatewayClock
        /// The server.
        public var settings: MeilisearchSettings
        /// Makes a request.
        public var exchange: @Sendable (ProviderRequest, @escaping @Sendable (ProviderAnswer) -> Void) -> Void
        /// Keeps an error.
        public var note: @Sendable (ErrorOccurrence) -> Void

        /// The parts of a running program.
        public init(
            records: any RecordStore, clock: any GatewayClock, settings: MeilisearchSettings,
            exchange: @escaping @Sendable (ProviderRequest, @escaping @Sendable (ProviderAnswer) -> Void) -> Void,
            note: @escaping @Sendable (ErrorOccurrence) -> Void
        ) {
            self.records = records
            self.clock = clock
            self.settings = settings
            self.exchange = exchange
            self.note = note
        }
    }

    /// How the feeding goes, for people.
    struct Progress: Sendable, Hashable {
        /// Since when the server has been away; `nil` while it answers.
        var awaySince: Timestamp?
        /// Why: its own code, or `no_answer`.
        var awayCode: String?
        /// Some seconds old: counting takes its time.
        var counts = IndexCounts()
    }

    private enum Letter {
        case answer(ProviderAnswer)
        /// The server does not know the index.
        case lost
    }

    private let parts: Parts
    private let mailbox: Mailbox<Letter>
    private var shown = Progress()
    private var feed: IndexFeed
    private var random: SeededRandom
    private var thread: JoinableThread?
    /// When changes were counted last.
    private var counted: UInt64?
    /// When everything was begun anew because the index was lost.
    private var restarted: UInt64?

    /// Between two looks for what has changed.
    private static let pause: UInt64 = 1_000_000_000
    /// Between two counts of what waits.
    private static let countPause: UInt64 = 5_000_000_000
    /// A server that loses its index again and again is filled once in so long.
    private static let restartPause: UInt64 = 3_600_000_000_000

    /// A thread that has not begun.
    /// - Parameter seed: of the jitter.
    public init(_ parts: Parts, seed: UInt64) {
        self.parts = parts
        mailbox = Mailbox(parts.clock)
        feed = IndexFeed(parts.settings)
        random = SeededRandom(seed: seed)
    }

    /// Starts the thread, which begins with what an earlier run left.
    public func start() { thread = JoinableThread { [self] in run() } }

    /// Ends the thread; what is under way is told again at the next start. Blocks.
    public func stop() {
        mailbox.stop()
        thread?.join()
    }

    /// The server does not know the index, or not how to search it: everything is told again. Any thread.
    func lost() { mailbox.put(.lost) }

    /// How it goes now.
    var progress: Progress { mailbox.locked { _ in shown } }

    // MARK: the loop

    private func run() {
        var due: UInt64 = 0
        while true {
            let delivery = mailbox.wait(until: feed.isBusy ? nil : due)
            if delivery.isLast { return }
            var isKept = true
            for letter in delivery.letters {
                switch letter {
                case .answer(let answer):
                    isKept = keep(feed.cameBack(answer, now: parts.clock.now, jitter: random.unit()))
                case .lost: restart()
                }
            }
            count()
            guard !feed.isBusy else { continue }
            due = isKept ? ask() : parts.clock.monotonic + Self.pause
        }
    }

    /// Asks what is due.
    /// - Returns: when it is to be looked again, where nothing is asked.
    private func ask() -> UInt64 {
        let clock = parts.clock
        if let due = feed.due, due > clock.now {
            // The wall clock is looked at every minute at least: somebody may set it.
            return clock.monotonic + UInt64(min((due - clock.now).milliseconds, 60_000)) * 1_000_000
        }
        guard let state = try? parts.records.indexState() else { return clock.monotonic + Self.pause }
        var changes: [IndexChange] = []
        if state.isPrepared, feed.wantsChanges {
            guard state.isBehind, let waiting = try? parts.records.indexChanges(limit: IndexFeed.window) else {
                return clock.monotonic + Self.pause
            }
            changes = waiting
        }
        guard let request = feed.next(isPrepared: state.isPrepared, changes) else {
            return clock.monotonic + Self.pause
        }
        parts.exchange(request) { [weak self] in self?.mailbox.put(.answer($0)) }
        return 0
    }

    /// What cannot be kept is told again, which does no harm.
    /// - Returns: whether it is kept.
    private func keep(_ outcome: IndexFeed.Outcome) -> Bool {
        var awayCode: String?
        if case .away(let code) = outcome { awayCode = code }
        mailbox.locked { _ in (shown.awaySince, shown.awayCode) = (feed.awaySince, awayCode) }
        do throws(StoreError) {
            switch outcome {
            case .none, .away: break
            case .prepared: try parts.records.noteIndexPrepared()
            case .fed(let sequences): try parts.records.endIndexChanges(sequences)
            case .lost: restart()
            case .refused(let change, let code):
                try parts.records.refuseIndexChange(change.sequence, code: code)
                parts.note(ErrorOccurrence(.documentNotIndexed, ErrorContext()))
            }
            return true
        } catch {
            return false
        }
    }

    /// Counts for the metrics, which wait for no disk.
    private func count() {
        let now = parts.clock.monotonic
        if let counted, now < counted + Self.countPause { return }
        guard let counts = try? parts.records.indexCounts() else { return }
        counted = now
        mailbox.locked { _ in shown.counts = counts }
    }

    private func restart() {
        let now = parts.clock.monotonic
        if let restarted, now < restarted + Self.restartPause { return }
        guard !feed.isBusy, (try? parts.records.aimIndex(at: parts.settings.target, again: true)) != nil else { return }
        restarted = now
        feed.restart()
    }
}
