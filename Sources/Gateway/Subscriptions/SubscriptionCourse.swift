import Patterns

/// One subscription at work: what is sent next, and what answers make of it. One event is under way at a time, so
/// every subject's events arrive in order. It has no clock and no thread.
struct SubscriptionCourse {
    /// Tries of an event that the receiver refuses.
    static let mostTries = 3
    private static let firstPause = Duration.seconds(5)
    /// Events that are held in memory.
    private static let pageSize = 50
    /// Pages that are read before others have their turn.
    private static let mostPages = 5

    let record: SubscriptionRecord
    private(set) var progress: SubscriptionProgress
    private let filter: EventFilter
    /// Read and not told, in order.
    private var queue: [GatewayEvent] = []
    /// Everything up to here is in the queue or not wanted.
    private var readTo: EventPosition
    /// Dead letters that are sent again, before anything else.
    private var replays: [DeadLetter] = []
    private var underWay: UnderWay?
    /// What is under way was sent before a replay; its answer moves nothing.
    private var isOutdated = false
    /// There may be more to read.
    private var mayHaveNews = true

    private enum UnderWay {
        case event(GatewayEvent)
        case letter(DeadLetter)
    }

    /// What is to be done now.
    enum Step {
        case send(ProviderRequest)
        /// Nothing before then; `nil` for before there is news.
        case wait(until: Timestamp?)
    }

    init(_ record: SubscriptionRecord, _ progress: SubscriptionProgress, replays: [DeadLetter]) {
        self.record = record
        self.progress = progress
        self.replays = replays
        readTo = progress.position
        filter = EventFilter(
            types: record.types.map { Glob($0) }, subject: record.subject, tenant: record.seesAll ? nil : record.tenant)
    }

    var isUnderWay: Bool { underWay != nil }

    // MARK: sending

    mutating func noteNews() { mayHaveNews = true }

    /// A caller wants dead letters to be sent again.
    mutating func replay(_ letters: [DeadLetter]) {
        let known = Set(replays.map(\.position))
        replays += letters.filter { !known.contains($0.position) }
    }

    /// A caller wants everything after a position once more; what is under way is told, too.
    mutating func replay(after position: EventPosition) {
        progress.position = position
        readTo = position
        queue = []
        (progress.refusals, progress.failures, progress.due, progress.awaySince) = (0, 0, nil, nil)
        progress.gone = nil
        mayHaveNews = true
        // Its answer is about the past.
        if case .event = underWay { isOutdated = true }
    }

    /// - Parameter age: the configured one, where the subscription has none of its own.
    mutating func next(
        _ window: inout EventWindow, now: Timestamp, age: Duration?
    ) throws(StoreError) -> Step {
        guard underWay == nil, progress.gone == nil else { return .wait(until: nil) }
        // Further away than any pause: the clock was set back meanwhile.
        if let due = progress.due, due > now, due - now <= ReceiverAnswer.longestPause { return .wait(until: due) }
        while let letter = replays.first {
            if let event = try window.feed.event(at: letter.position) {
                underWay = .letter(letter)
                return .send(StandardWebhook.request(event, record, now: now))
            }
            replays.removeFirst()
        }
        try fill(&window, now: now, age: record.maxAge ?? age)
        guard let event = queue.first else { return .wait(until: mayHaveNews ? now : nil) }
        underWay = .event(event)
        return .send(StandardWebhook.request(event, record, now: now))
    }

    /// Reads on while nothing is there to be told, for a while.
    private mutating func fill(_ window: inout EventWindow, now: Timestamp, age: Duration?) throws(StoreError) {
        for _ in 0..<Self.mostPages where queue.isEmpty && mayHaveNews {
            let page = try window.page(after: readTo, filter, limit: Self.pageSize)
            readTo = page.end
            mayHaveNews = !page.isAtEnd
            for event in page.events {
                if let age, event.time + age < now { progress.passedOver += 1 } else { queue.append(event) }
            }
            if queue.isEmpty { progress.position = readTo }
        }
    }

    // MARK: answers

    /// What an answer changes of dead letters.
    struct Outcome {
        var letter: DeadLetter?
        var done: DeadLetter?
    }

    /// The receiver answered, or could not be reached.
    /// - Parameter jitter: 0 to 1.
    mutating func cameBack(_ answer: ReceiverAnswer, now: Timestamp, jitter: Double) -> Outcome {
        defer { (underWay, isOutdated) = (nil, false) }
        guard let underWay else { return Outcome() }
        note(answer, now: now)
        if case .gone = answer {
            progress.gone = now
            return Outcome()
        }
        if case .away(_, let after) = answer {
            progress.failures += 1
            progress.due = now + max(Self.pause(after: progress.failures, jitter: jitter), after ?? .zero)
            return Outcome()
        }
        (progress.failures, progress.due, progress.awaySince) = (0, nil, nil)
        switch underWay {
        case .letter(let letter): return cameBack(letter, answer, now: now)
        case .event(let event): return cameBack(event, answer, now: now, jitter: jitter)
        }
    }

    private mutating func note(_ answer: ReceiverAnswer, now: Timestamp) {
        switch answer {
        case .told:
            progress.status = 200
            progress.lastTold = now
            progress.told += 1
        case .gone: progress.status = 410
        case .refused(let status): progress.status = status
        case .away(let status, _):
            progress.status = status
            progress.awaySince = progress.awaySince ?? now
        }
    }

    private mutating func cameBack(_ letter: DeadLetter, _ answer: ReceiverAnswer, now: Timestamp) -> Outcome {
        replays.removeAll { $0.position == letter.position }
        guard case .refused(let status) = answer else { return Outcome(done: letter) }
        var letter = letter
        letter.isReplayed = false
        letter.tries += 1
        letter.status = status
        letter.at = now
        return Outcome(letter: letter)
    }

    private mutating func cameBack(
        _ event: GatewayEvent, _ answer: ReceiverAnswer, now: Timestamp, jitter: Double
    ) -> Outcome {
        guard !isOutdated else { return Outcome() }
        var letter: DeadLetter?
        if case .refused(let status) = answer {
            progress.refusals += 1
            guard progress.refusals == Self.mostTries else {
                progress.due = now + Self.pause(after: progress.refusals, jitter: jitter)
                return Outcome()
            }
            letter = DeadLetter(
                subscription: record.id, position: event.position, type: event.type, subject: event.subject,
                status: status, tries: Self.mostTries, at: now)
        }
        progress.refusals = 0
        queue.removeFirst()
        progress.position = queue.isEmpty ? readTo : event.position
        return Outcome(letter: letter)
    }

    /// How long to wait after failed tries: equal jitter below 5 s · 2ⁿ and an hour.
    static func pause(after tries: Int, jitter: Double) -> Duration {
        let highest = min(ReceiverAnswer.longestPause, firstPause * (1 << min(max(tries, 1) - 1, 16)))
        return .milliseconds(Int64(Double(highest.milliseconds) * (0.5 + jitter / 2)))
    }
}
