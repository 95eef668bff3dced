import Gateway

extension InMemoryStore {
    package func put(_ subscription: SubscriptionRecord, _ progress: SubscriptionProgress) throws(StoreError) {
        read { $0.subscriptions[subscription.id] = StoredSubscription(record: subscription, progress: progress) }
    }

    package func subscriptions() throws(StoreError) -> [(
        record: SubscriptionRecord, progress: SubscriptionProgress
    )] {
        read { $0.subscriptions.all() }.map { (record: $0.record, progress: $0.progress) }
    }

    package func removeSubscription(_ id: RecordID) throws(StoreError) -> Bool {
        read { contents in
            contents.deadLetters.removeAll { $0.subscription == id }
            defer { contents.subscriptions[id] = nil }
            return contents.subscriptions[id] != nil
        }
    }

    package func save(_ changes: SubscriptionChanges) throws(StoreError) {
        read { contents in
            for (id, progress) in changes.progress { contents.subscriptions[id]?.progress = progress }
            for letter in changes.letters where contents.subscriptions[letter.subscription] != nil {
                contents.deadLetters[LetterKey(letter)] = letter
            }
            for letter in changes.lettersDone { contents.deadLetters[LetterKey(letter)] = nil }
        }
    }

    package func deadLetters(
        of id: RecordID, after position: EventPosition, limit: Int
    ) throws(StoreError) -> [DeadLetter] {
        let all = read { $0.deadLetters.all() }
        return Array(all.lazy.filter { $0.subscription == id && $0.position > position }.prefix(max(0, limit)))
    }

    package func replayedLetters() throws(StoreError) -> [DeadLetter] {
        read { $0.deadLetters.all() }.filter(\.isReplayed)
    }
}

/// A row of the subscriptions.
struct StoredSubscription: Sendable {
    let record: SubscriptionRecord
    var progress: SubscriptionProgress
}

/// Orders dead letters by subscription and position.
struct LetterKey: Hashable, Comparable {
    private let subscription: RecordID
    private let position: EventPosition

    init(_ letter: DeadLetter) {
        subscription = letter.subscription
        position = letter.position
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.subscription, left.position) < (right.subscription, right.position)
    }
}
