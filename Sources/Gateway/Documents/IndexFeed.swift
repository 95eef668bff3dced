/// The feeding of an index outside, one request at a time. It has neither thread nor clock nor store: whoever owns it
/// says what time it is, makes its requests, hands the answers back, and keeps what they came to.
public struct IndexFeed: Sendable {
    /// What an answer came to, to be kept.
    public enum Outcome: Sendable, Hashable {
        case none
        /// The index is there and empty.
        case prepared
        /// It was told of these changes, by their sequences.
        case fed([Int64])
        /// It does not know what it was asked to do: it has lost its memory, and perhaps the index.
        case lost
        /// It refuses a change, and will again.
        case refused(IndexChange, code: String)
        /// It is not there, or lets nobody in; the same is tried again.
        case away(code: String)
    }

    private let server: Meilisearch
    /// What the server was asked to do and has not done yet.
    private var step: Meilisearch.Step?
    /// Where it is queued; `nil` before that is known.
    private var task: Int64?
    private var polls = 0
    private var failures = 0
    /// Steps of the preparation that are done.
    private var prepared = 0
    /// So many changes are told one by one, because one of them was refused with others.
    private var single = 0
    private var isAsking = false

    /// Nothing is asked before; `nil` for at once.
    public private(set) var due: Timestamp?
    /// Since when the server has been away; `nil` while it answers.
    public private(set) var awaySince: Timestamp?

    /// Changes that are read at a time.
    public static let window = 64
    private static let firstPause: Duration = .seconds(1)
    private static let longestPause: Duration = .seconds(300)

    /// Nothing was asked yet.
    public init(_ settings: MeilisearchSettings) { server = Meilisearch(settings) }

    /// Whether a request is under way.
    public var isBusy: Bool { isAsking }

    /// The next request; `nil` where there is nothing to tell. Only while none is under way.
    /// - Parameter changes: the first ones that wait, at most `window`.
    public mutating func next(isPrepared: Bool, _ changes: [IndexChange]) -> ProviderRequest? {
        if step == nil { step = nextStep(isPrepared, changes) }
        guard let step else { return nil }
        isAsking = true
        if let task { return server.request(task: task) }
        return server.request(step)
    }

    /// Whether the store is to be asked for changes before `next`.
    public var wantsChanges: Bool { step == nil }

    private func nextStep(_ isPrepared: Bool, _ changes: [IndexChange]) -> Meilisearch.Step? {
        let preparation = Meilisearch.Step.preparation
        guard isPrepared else { return preparation[min(prepared, preparation.count - 1)] }
        let puts = changes.filter { $0.document != nil }
        let most = single > 0 ? 1 : Self.window
        if puts.isEmpty { return changes.isEmpty ? nil : .remove(Array(changes.prefix(most))) }
        var batch: [IndexChange] = []
        var bytes = 0
        for change in puts.prefix(most) {
            bytes += change.document?.text.utf8.count ?? 0
            if !batch.isEmpty, bytes > Meilisearch.batchBytes { break }
            batch.append(change)
        }
        return .put(batch)
    }

    /// Takes an answer.
    /// - Parameter jitter: 0 to 1.
    public mutating func cameBack(_ answer: ProviderAnswer, now: Timestamp, jitter: Double) -> Outcome {
        isAsking = false
        guard let step else { return .none }
        let progress = Meilisearch.progress(answer)
        switch progress {
        case .away(let code): return away(code, now, jitter)
        case .failed(let code):
            begin()
            return away(code, now, jitter)
        default: awaySince = nil
        }
        switch progress {
        case .task(let id):
            failures = 0
            task = id
            // It mostly takes some milliseconds.
            due = now + .milliseconds(Int64(min(20 << min(polls, 6), 1_000)))
            polls += 1
            return .none
        case .forgotten:
            begin()
            prepared = 0
            due = now + Self.firstPause
            return .lost
        case .done:
            failures = 0
            begin()
            return done(step)
        case .refused(let code):
            let changes = step.changes
            // What prepares the index is refused to somebody who may not, or by another server.
            if changes.isEmpty { return away(code, now, jitter) }
            begin()
            guard changes.count == 1, let change = changes.first else {
                single = changes.count
                return .none
            }
            single = max(0, single - 1)
            return .refused(change, code: code)
        case .away, .failed: return .none
        }
    }

    private mutating func done(_ step: Meilisearch.Step) -> Outcome {
        let changes = step.changes
        if changes.isEmpty {
            prepared += 1
            guard prepared == Meilisearch.Step.preparation.count else { return .none }
            prepared = 0
            return .prepared
        }
        single = max(0, single - changes.count)
        return .fed(changes.map(\.sequence))
    }

    /// The next step is begun anew.
    private mutating func begin() {
        step = nil
        task = nil
        polls = 0
        due = nil
    }

    /// Begins with the preparation: the index is another one, or was lost.
    public mutating func restart() {
        begin()
        prepared = 0
        single = 0
        failures = 0
        isAsking = false
    }

    /// A task goes on being followed; anything else is asked again from what the store has by then.
    private mutating func away(_ code: String, _ now: Timestamp, _ jitter: Double) -> Outcome {
        if task == nil { begin() }
        failures += 1
        awaySince = awaySince ?? now
        let highest = min(Self.longestPause, Self.firstPause * (1 << min(failures - 1, 16)))
        due = now + .milliseconds(Int64(Double(highest.milliseconds) * (0.5 + jitter / 2)))
        return .away(code: code)
    }
}
