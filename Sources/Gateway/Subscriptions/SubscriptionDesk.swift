/// A request to a subscriber.
public struct SubscriberRequest: Sendable {
    /// Whose it is: the answer is handed back under it.
    public var subscription: RecordID
    /// The request itself.
    public var request: ProviderRequest
}

/// All subscriptions at work. It has neither thread nor clock: whoever owns it says what time it is, makes the requests and
/// hands their answers back.
public struct SubscriptionDesk {
    private var courses: [RecordID: SubscriptionCourse] = [:]
    /// The ids in order: nothing iterates the dictionary.
    private var order: [RecordID] = []
    private var window: EventWindow
    private var saved: [RecordID: SubscriptionProgress] = [:]
    private var letters: [DeadLetter] = []
    private var lettersDone: [DeadLetter] = []

    /// - Parameter replays: dead letters that are to be sent again.
    public init(
        _ rows: [(record: SubscriptionRecord, progress: SubscriptionProgress)], replays: [DeadLetter], feed: EventFeed
    ) {
        window = EventWindow(feed)
        for row in rows { add(row.record, row.progress, replays.filter { $0.subscription == row.record.id }) }
    }

    private mutating func add(
        _ record: SubscriptionRecord, _ progress: SubscriptionProgress, _ replays: [DeadLetter]
    ) {
        courses[record.id] = SubscriptionCourse(record, progress, replays: replays)
        saved[record.id] = progress
        order.append(record.id)
    }

    // MARK: what callers want

    /// A new subscription, which is stored.
    public mutating func add(_ record: SubscriptionRecord, _ progress: SubscriptionProgress) {
        add(record, progress, [])
    }

    /// Nothing more is sent; an answer that comes later is ignored.
    public mutating func remove(_ id: RecordID) {
        courses[id] = nil
        saved[id] = nil
        order.removeAll { $0 == id }
        letters.removeAll { $0.subscription == id }
        lettersDone.removeAll { $0.subscription == id }
    }

    /// Everything after a position is sent once more, also where the receiver wanted no more.
    public mutating func replay(_ id: RecordID, after position: EventPosition) {
        courses[id]?.replay(after: position)
    }

    /// Dead letters are sent again, before anything else of their subscription.
    public mutating func replay(_ id: RecordID, _ letters: [DeadLetter]) { courses[id]?.replay(letters) }

    // MARK: work

    /// Something was committed that may be an event.
    public mutating func noteNews() {
        window.noteNews()
        for id in order { courses[id]?.noteNews() }
    }

    /// How long until another look at what the store would not show.
    static let storePause = Duration.seconds(1)

    /// What is to be sent now, and when the next look is due without news or answers.
    /// - Parameters:
    ///   - feed: where events are read; another one after a reload.
    ///   - age: how old an event may be, where a subscription does not say.
    public mutating func pass(
        _ feed: EventFeed, now: Timestamp, age: Duration?
    ) -> (requests: [SubscriberRequest], wake: Timestamp?) {
        window.feed = feed
        var requests: [SubscriberRequest] = []
        var wake: Timestamp?
        for id in order {
            switch step(id, now: now, age: age) {
            case .send(let request): requests.append(SubscriberRequest(subscription: id, request: request))
            case .wait(let until?): wake = min(wake ?? until, until)
            case .wait(nil): break
            }
        }
        return (requests, wake)
    }

    private mutating func step(_ id: RecordID, now: Timestamp, age: Duration?) -> SubscriptionCourse.Step {
        do throws(StoreError) {
            return try courses[id]?.next(&window, now: now, age: age) ?? .wait(until: nil)
        } catch {
            return .wait(until: now + Self.storePause)
        }
    }

    /// A request came back.
    /// - Parameter jitter: 0 to 1.
    /// - Returns: What it came to, as a metric names it: `told`, `refused`, `dead`, `away`, `gone`; `nil` for a subscription
    ///   that has ended.
    @discardableResult
    public mutating func cameBack(
        _ id: RecordID, _ answer: ProviderAnswer, now: Timestamp, jitter: Double
    ) -> String? {
        let answer = ReceiverAnswer(answer)
        guard let outcome = courses[id]?.cameBack(answer, now: now, jitter: jitter) else { return nil }
        if let letter = outcome.letter {
            letters.removeAll { $0.subscription == id && $0.position == letter.position }
            letters.append(letter)
        }
        if let done = outcome.done { lettersDone.append(done) }
        return outcome.letter == nil ? answer.word : "dead"
    }

    // MARK: what is written

    /// What is not written yet.
    /// - Parameter all: also where events were only passed by.
    public func changes(all: Bool) -> SubscriptionChanges {
        var changes = SubscriptionChanges()
        changes.letters = letters
        changes.lettersDone = lettersDone
        for id in order {
            guard let progress = courses[id]?.progress, var before = saved[id], progress != before else { continue }
            before.position = progress.position
            if all || progress != before { changes.progress[id] = progress }
        }
        return changes
    }

    /// Dead letters wait to be written.
    public var hasLetters: Bool { !letters.isEmpty || !lettersDone.isEmpty }

    /// Changes are written.
    public mutating func noteSaved(_ changes: SubscriptionChanges) {
        for (id, progress) in changes.progress where saved[id] != nil { saved[id] = progress }
        letters.removeAll { changes.letters.contains($0) }
        lettersDone.removeAll { changes.lettersDone.contains($0) }
    }

    /// How far each is, by id.
    public var progress: [RecordID: SubscriptionProgress] { courses.mapValues(\.progress) }
}
