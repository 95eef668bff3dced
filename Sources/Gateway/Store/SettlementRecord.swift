/// An attempt whose price the provider is still to be asked for.
public struct SettlementRecord: Sendable, Hashable {
    /// The delivery of the attempt.
    public var delivery: RecordID
    /// Its ordinal, from 0.
    public var attempt: Int
    /// When its intent was committed.
    public var created: Timestamp
    /// When the provider is asked next.
    public var due: Timestamp
    /// How often it was asked.
    public var tries: Int

    /// How long after the intent the provider is asked.
    static let pauses: [Duration] = [.seconds(600), .seconds(3_600), .seconds(24 * 3_600)]

    /// An attempt that has just been made.
    public init(delivery: RecordID, attempt: Int, created: Timestamp) {
        self.delivery = delivery
        self.attempt = attempt
        self.created = created
        due = created + Self.pauses[0]
        tries = 0
    }

    /// The record after a question; `nil` when nobody asks any more.
    /// - Parameter isAnswered: A provider that does not answer is asked again, for two days.
    func asked(isAnswered: Bool, at now: Timestamp) -> Self? {
        var next = self
        guard isAnswered else {
            next.due = now + Self.pauses[0]
            return next.due < created + .seconds(48 * 3_600) ? next : nil
        }
        next.tries += 1
        guard next.tries < Self.pauses.count else { return nil }
        next.due = max(created + Self.pauses[next.tries], now)
        return next
    }
}
