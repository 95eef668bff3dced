import Gateway
import HTTP
import Telemetry

/// The thread that fetches files which people sent: it downloads, checks, writes and files them, and it removes those
/// that are to be gone. The engine keeps what becomes of them and never waits for it.
public final class MediaThread: @unchecked Sendable {
    // Sendable by the lock of `mailbox`; `downloads`, `ended`, `removal` and what is due belong to the thread.
    /// What the thread needs.
    public struct Parts: Sendable {
        /// Where files wait, and where documents are put.
        public var records: any RecordStore
        /// The time of tries.
        public var clock: any GatewayClock
        /// Which files are taken now.
        public var settings: @Sendable () -> MediaSettings
        /// A provider by its name, where it has files and is configured.
        public var provider: @Sendable (String) -> (any MediaProvider)?
        /// Where files go.
        public var folder: MediaFolder
        /// Makes the requests.
        public var client: MediaClient
        /// Whether the disk has room; while it has not, nothing new is fetched, and the store keeps what is left.
        public var hasRoom: @Sendable () -> Bool
        /// Has a change committed; told whether it was.
        public var commit: @Sendable (MediaChange, @escaping @Sendable (_ isCommitted: Bool) -> Void) -> Void

        /// The parts of a running program.
        public init(
            records: any RecordStore, clock: any GatewayClock, settings: @escaping @Sendable () -> MediaSettings,
            provider: @escaping @Sendable (String) -> (any MediaProvider)?, folder: MediaFolder, client: MediaClient,
            hasRoom: @escaping @Sendable () -> Bool = { true },
            commit: @escaping @Sendable (MediaChange, @escaping @Sendable (_ isCommitted: Bool) -> Void) -> Void
        ) {
            self.records = records
            self.clock = clock
            self.settings = settings
            self.provider = provider
            self.folder = folder
            self.client = client
            self.hasRoom = hasRoom
            self.commit = commit
        }
    }

    private enum Arrival {
        case news
        /// Something came for a download.
        case part(RecordID)
        /// The end of one is durable, or could not be made so.
        case committed(RecordID, Bool)
        /// That one is to be gone is durable, or could not be made so.
        case marked(Bool)
        /// Its row is gone, or could not be removed.
        case gone(RecordID, Bool)
    }

    private let parts: Parts
    private let mailbox: Mailbox<Arrival>
    /// What became of files since the start, by its word.
    private var results: [String: Int] = [:]
    private var thread: JoinableThread?

    private var downloads: [RecordID: MediaDownload] = [:]
    /// What came to an end and is not durable yet; `nil` while a commit is under way.
    private var ended: [RecordID: (record: MediaRecord, result: MediaResult, again: UInt64?)] = [:]
    private var removal = MediaRemoval()

    /// Downloads at one time.
    static let parallel = 4
    /// Until a commit, or a look into the store, is tried again that failed.
    private static let retryPause: UInt64 = 1_000_000_000
    /// Until the disk is looked at again that had no room.
    private static let roomPause: UInt64 = 10_000_000_000

    /// A thread that has not begun.
    public init(_ parts: Parts) {
        self.parts = parts
        mailbox = Mailbox(parts.clock)
    }

    /// Starts the thread, which begins with what an earlier run left. Where that is nothing it looks at nothing, so that
    /// what a look needs of the program stays out of memory.
    public func start() {
        let nothingWaits = (try? parts.records.waitingMedia(limit: 1))?.isEmpty ?? false
        let isIdle = nothingWaits && parts.folder.unsettled.isEmpty
        thread = JoinableThread { [self] in run(from: isIdle ? nil : 0) }
    }

    /// Ends the thread; what is under way is fetched again at the next start. Blocks.
    public func stop() {
        mailbox.stop()
        thread?.join()
    }

    /// Files were committed. Any thread; cheap.
    public func committed() { take(.news) }

    /// What became of files since the start, by its word.
    var outcomes: [String: Int] { mailbox.locked { _ in results } }

    private func take(_ arrival: Arrival) { mailbox.put(arrival) }

    // MARK: the loop

    /// - Parameter due: when something is due first; `nil` for not before there is news.
    private func run(from due: UInt64?) {
        var due = due
        for hash in parts.folder.unsettled { settle(hash) }
        removal.nextLook = parts.clock.monotonic + MediaRemoval.pause
        // In the order in which they came, so that none is passed over.
        var ready: [RecordID] = []
        while true {
            let delivery = mailbox.wait(until: ready.isEmpty ? nextDue(due) : 0)
            if delivery.isLast { return cancelAll() }
            var isNews = due.map { $0 <= parts.clock.monotonic } ?? false
            for arrival in delivery.letters {
                switch arrival {
                case .news: isNews = true
                case .part(let id): if !ready.contains(id) { ready.append(id) }
                case .committed(let id, let isDone):
                    isNews = true
                    noteCommit(id, isDone)
                case .marked(let isDone): removal.noteMark(isDone, at: parts.clock.monotonic)
                case .gone(let id, let isDone):
                    removal.noteGone(id)
                    isNews = isNews || isDone
                    if isDone {
                        mailbox.locked { _ in results["removed", default: 0] += 1 }
                    } else {
                        due = min(due ?? .max, parts.clock.monotonic + Self.retryPause)
                    }
                }
            }
            let turn = ready
            ready = turn.filter { look($0) }
            commitAgain()
            markOld()
            if isNews { due = begin() }
        }
    }

    private func nextDue(_ due: UInt64?) -> UInt64? {
        ([due, removal.nextLook] + ended.values.map(\.again)).compactMap { $0 }.min()
    }

    /// Begins what is due: removals at once, downloads as far as there is room.
    /// - Returns: when something is due next.
    private func begin() -> UInt64? {
        // Beside those that are under way there are as many as may begin.
        guard let waiting = try? parts.records.waitingMedia(limit: 2 * Self.parallel + MediaRemoval.page) else {
            return parts.clock.monotonic + Self.retryPause
        }
        let removed = waiting.filter { $0.state == .removed }
        // All of them, although one cannot be removed now.
        let isStuck = removed.count { !remove($0) } > 0
        let again = isStuck ? parts.clock.monotonic + Self.retryPause : nil
        return [again, beginDownloads(waiting.filter { $0.state == .waiting })].compactMap { $0 }.min()
    }

    private func beginDownloads(_ waiting: [MediaRecord]) -> UInt64? {
        let clock = parts.clock
        guard downloads.count + ended.count < Self.parallel else { return nil }
        guard parts.hasRoom() else { return clock.monotonic + Self.roomPause }
        let now = clock.now
        for record in waiting where downloads[record.id] == nil && ended[record.id] == nil {
            guard downloads.count + ended.count < Self.parallel else { return nil }
            guard let due = record.due, due <= now else {
                // The wall clock is looked at every minute at least: somebody may set it.
                let left = max(0, min(((record.due ?? now) - now).milliseconds, 60_000))
                return clock.monotonic + UInt64(left) * 1_000_000
            }
            begin(record)
        }
        return nil
    }

    private func begin(_ record: MediaRecord) {
        let provider = parts.provider(record.provider)
        let id = record.id
        let surroundings = MediaDownload.Surroundings(
            client: parts.client, folder: parts.folder, settings: parts.settings(),
            headers: provider?.mediaHeaders ?? [], now: { [clock = parts.clock] in clock.now },
            arrived: { [weak self] in self?.take(.part(id)) })
        let download = MediaDownload(
            record, origin: provider.flatMap { HTTPURL($0.mediaOrigin)?.origin }, surroundings)
        downloads[id] = download
        follow(download.begin(), of: download)
    }

    /// Whether there may be more at once.
    private func look(_ id: RecordID) -> Bool {
        guard let download = downloads[id] else { return false }
        return follow(download.look(), of: download)
    }

    @discardableResult
    private func follow(_ progress: MediaDownload.Progress, of download: MediaDownload) -> Bool {
        switch progress {
        case .more: return true
        case .waits: return false
        case .ended(let result):
            let record = download.record
            downloads[record.id] = nil
            ended[record.id] = (record, result, nil)
            commit(record.id)
            return false
        }
    }

    // MARK: the end of a download

    /// The document first: where the process ends in between, both are made again.
    private func commit(_ id: RecordID) {
        guard let (record, result, _) = ended[id] else { return }
        if case .stored(let content) = result, let boat = record.boat {
            var media = record
            media.content = content
            let filing = MediaFiling(records: parts.records)
            guard (try? filing.file(media, MediaFiling.Wish(boat: boat), at: parts.clock.now)) != nil else {
                ended[id]?.again = parts.clock.monotonic + Self.retryPause
                return
            }
        }
        ended[id]?.again = nil
        parts.commit(.ended(id, result)) { [weak self] in self?.take(.committed(id, $0)) }
    }

    private func commitAgain() {
        let now = parts.clock.monotonic
        let late = ended.filter { $0.value.again.map { $0 <= now } ?? false }.keys.sorted()
        for id in late { commit(id) }
    }

    private func noteCommit(_ id: RecordID, _ isDone: Bool) {
        guard isDone else {
            ended[id]?.again = parts.clock.monotonic + Self.retryPause
            return
        }
        guard let (record, result, _) = ended.removeValue(forKey: id) else { return }
        var media = record
        media.take(result, at: parts.clock.now)
        let word = media.state == .waiting ? "retried" : media.state.rawValue
        mailbox.locked { _ in results[word, default: 0] += 1 }
        if case .stored(let content) = result { settle(content.hash) }
    }

    // MARK: removal

    /// Has those marked that are kept long enough, a page at a time.
    private func markOld() {
        let clock = parts.clock
        guard removal.mayLook(at: clock.monotonic) else { return }
        removal.nextLook = clock.monotonic + MediaRemoval.pause
        guard let keep = parts.settings().keep,
            let old = try? parts.records.media(announcedBefore: clock.now + (.zero - keep), limit: MediaRemoval.page)
        else { return }
        removal.noteMarks(old.count)
        for media in old { parts.commit(.removed(media.id)) { [weak self] in self?.take(.marked($0)) } }
    }

    /// Removes a file that is to be gone, its documents first and its row last: whatever ends the process in between, the
    /// row leads the next start here again.
    /// - Returns: `false` where it must be tried again later.
    private func remove(_ media: MediaRecord) -> Bool {
        let id = media.id
        guard removal.mayBegin(id), ended[id] == nil else { return true }
        downloads.removeValue(forKey: id)?.cancel()
        // A file that has just come with the same bytes is not durable yet; its end leads here again.
        if let hash = media.content?.hash, isEnded(hash) { return true }
        do {
            for document in try parts.records.documents(ofMedia: id) { _ = try parts.records.removeDocument(document) }
            if let hash = media.content?.hash, try !parts.records.hasMedia(withHash: hash) {
                try parts.folder.remove(hash)
            }
        } catch {
            return false
        }
        removal.noteBegin(id)
        parts.commit(.gone(id)) { [weak self] in self?.take(.gone(id, $0)) }
        return true
    }

    /// Lets go a file that has come, where no row says in the end that it is kept. What cannot be told now is looked at
    /// again by the next start.
    private func settle(_ hash: String) {
        guard !isEnded(hash), let isKept = try? parts.records.hasMedia(withHash: hash) else { return }
        try? parts.folder.settle(hash, isKept: isKept)
    }

    /// Whether a file with the hash has come whose row does not say so yet.
    private func isEnded(_ hash: String) -> Bool {
        ended.values.contains { end in
            if case .stored(let content) = end.result { content.hash == hash } else { false }
        }
    }

    private func cancelAll() {
        for id in downloads.keys.sorted() { downloads[id]?.cancel() }
        downloads = [:]
    }
}

extension ServerMetrics {
    /// Reads what becomes of files when asked.
    public func watch(_ media: MediaThread) {
        registry.readEach(
            "gateway_media_total", help: "Files that people sent, by what their downloads came to.",
            labels: ["outcome"], isCounter: true
        ) {
            let outcomes = media.outcomes
            return ["stored", "refused", "failed", "retried", "removed"].map { word in
                MetricSample(word, value: Double(outcomes[word] ?? 0))
            }
        }
    }
}
