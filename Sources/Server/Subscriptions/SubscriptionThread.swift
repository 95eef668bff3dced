import Crypto
import Gateway

/// The thread that tells subscribers: it reads events, signs and sends them, and keeps how far each subscription is. The
/// engine never waits for it.
public final class SubscriptionThread: @unchecked Sendable {
    // Sendable by the lock of `mailbox`; `desk` and `random` belong to the thread.
    /// What the thread needs.
    public struct Parts: Sendable {
        /// Where events are read and progress is written.
        public var records: any RecordStore
        /// The time of tries.
        public var clock: any GatewayClock
        /// Of the running configuration.
        public var directory: @Sendable () -> ConfigurationDirectory
        /// Makes a request; whether private addresses may be reached is the configuration's.
        public var exchange:
            @Sendable (ProviderRequest, _ allowsPrivate: Bool, @escaping @Sendable (ProviderAnswer) -> Void) -> Void

        /// The parts of a running program.
        public init(
            records: any RecordStore, clock: any GatewayClock,
            directory: @escaping @Sendable () -> ConfigurationDirectory,
            exchange:
                @escaping @Sendable (
                    ProviderRequest, _ allowsPrivate: Bool, @escaping @Sendable (ProviderAnswer) -> Void
                ) -> Void
        ) {
            self.records = records
            self.clock = clock
            self.directory = directory
            self.exchange = exchange
        }
    }

    private enum Arrival {
        case added(SubscriptionRecord, SubscriptionProgress)
        case removed(RecordID)
        case replay(RecordID, after: EventPosition)
        case letters(RecordID, [DeadLetter])
        case answer(RecordID, ProviderAnswer)
    }

    private let parts: Parts
    private let mailbox: Mailbox<Arrival>
    private var published: [RecordID: SubscriptionProgress] = [:]
    /// What requests came to since the start, by its word.
    private var results: [String: Int] = [:]
    private var desk: SubscriptionDesk
    private var random: SeededRandom
    private var thread: JoinableThread?

    /// What was told is written once in so long; what was only passed by, every half minute.
    private static let savePause: UInt64 = 1_000_000_000
    private static let passedPause: UInt64 = 30_000_000_000

    /// Reads the subscriptions.
    /// - Parameter seed: of the jitter.
    public init(_ parts: Parts, seed: UInt64) throws(StoreError) {
        self.parts = parts
        mailbox = Mailbox(parts.clock)
        random = SeededRandom(seed: seed)
        desk = SubscriptionDesk(
            try parts.records.subscriptions(), replays: try parts.records.replayedLetters(),
            feed: EventFeed(records: parts.records, directory: parts.directory()))
        published = desk.progress
        mailbox.watch(!published.isEmpty)
    }

    /// Starts the thread.
    public func start() { thread = JoinableThread { [self] in run() } }

    /// Writes how far everything is and ends the thread; what is under way is told again at the next start. Blocks.
    public func stop() {
        mailbox.stop()
        thread?.join()
    }

    /// Something was committed that may be an event. Any thread; cheap.
    public func committed() { mailbox.noteNews() }

    /// How far each subscription is now.
    var progress: [RecordID: SubscriptionProgress] { mailbox.locked { _ in published } }

    /// What requests came to since the start, by its word.
    var outcomes: [String: Int] { mailbox.locked { _ in results } }

    func add(_ record: SubscriptionRecord, _ progress: SubscriptionProgress) {
        mailbox.locked { _ in published[record.id] = progress }
        // Before it is read for the first time: from now on every commit is news to somebody.
        mailbox.watch(true)
        take(.added(record, progress))
    }

    func remove(_ id: RecordID) { take(.removed(id)) }

    func replay(_ id: RecordID, after position: EventPosition) { take(.replay(id, after: position)) }

    func replay(_ id: RecordID, _ letters: [DeadLetter]) { take(.letters(id, letters)) }

    private func take(_ arrival: Arrival) { mailbox.put(arrival) }

    // MARK: the loop

    private func run() {
        let clock = parts.clock
        var wake: Timestamp?
        var (nextSave, nextPassed) = (clock.monotonic, clock.monotonic + Self.passedPause)
        while true {
            let unsaved = desk.hasLetters || !desk.changes(all: false).isEmpty
            let delivery = mailbox.wait(
                until: [deadline(wake), unsaved ? nextSave : nil].compactMap { $0 }.min())
            for arrival in delivery.letters { carryOut(arrival) }
            if delivery.isNews { desk.noteNews() }
            if delivery.isLast {
                _ = save(all: true)
                return
            }
            wake = send()
            guard clock.monotonic >= nextSave else { continue }
            let all = clock.monotonic >= nextPassed
            nextSave = clock.monotonic + Self.savePause
            if save(all: all), all { nextPassed = clock.monotonic + Self.passedPause }
        }
    }

    /// The wall clock is looked at every minute at least: somebody may set it.
    private func deadline(_ time: Timestamp?) -> UInt64? {
        guard let time else { return nil }
        let left = max(0, min((time - parts.clock.now).milliseconds, 60_000))
        return parts.clock.monotonic + UInt64(left) * 1_000_000
    }

    private func carryOut(_ arrival: Arrival) {
        switch arrival {
        case .added(let record, let progress): desk.add(record, progress)
        case .removed(let id): desk.remove(id)
        case .replay(let id, let position): desk.replay(id, after: position)
        case .letters(let id, let letters): desk.replay(id, letters)
        case .answer(let id, let answer):
            let outcome = desk.cameBack(id, answer, now: parts.clock.now, jitter: random.unit())
            if let outcome { mailbox.locked { _ in results[outcome, default: 0] += 1 } }
        }
    }

    private func send() -> Timestamp? {
        let directory = parts.directory()
        let settings = directory.runningConfiguration.gateway.subscriptions
        let (requests, wake) = desk.pass(
            EventFeed(records: parts.records, directory: directory), now: parts.clock.now, age: settings.maxAge)
        for request in requests {
            let id = request.subscription
            parts.exchange(request.request, settings.allowsPrivate) { [weak self] in self?.take(.answer(id, $0)) }
        }
        let progress = desk.progress
        mailbox.locked { _ in published = progress }
        return wake
    }

    /// Whether it is written; what is not, is written later.
    private func save(all: Bool) -> Bool {
        let changes = desk.changes(all: all)
        guard !changes.isEmpty else { return true }
        guard (try? parts.records.save(changes)) != nil else { return false }
        desk.noteSaved(changes)
        return true
    }
}
