/// Names an attempt of any delivery.
public struct AttemptReference: Sendable, Hashable {
    /// The delivery that the attempt belongs to.
    public var delivery: RecordID
    /// Index into `attempts` of the delivery's state, 0...254.
    public var attempt: Int

    /// An attempt of a delivery.
    public init(delivery: RecordID, attempt: Int) {
        self.delivery = delivery
        self.attempt = attempt
    }
}
