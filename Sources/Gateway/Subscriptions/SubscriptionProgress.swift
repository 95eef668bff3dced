import JSON

/// How far a subscription is, and how it goes. Saved from time to time: what was told since then is told again after a
/// crash, with the same ids.
public struct SubscriptionProgress: Sendable, Hashable {
    /// Everything up to here was told, passed over or became a dead letter.
    public var position: EventPosition
    /// How often the receiver refused the next event.
    public var refusals = 0
    /// How often in a row the receiver was away.
    public var failures = 0
    /// Nothing is sent before then.
    public var due: Timestamp?
    /// The last HTTP status; 0 where there was no answer, or none yet.
    public var status = 0
    /// When the last event was taken.
    public var lastTold: Timestamp?
    /// Since when the receiver is away.
    public var awaySince: Timestamp?
    /// Events that were taken.
    public var told = 0
    /// Events that were too old when their turn came.
    public var passedOver = 0
    /// When the receiver answered 410; nothing is sent any more.
    public var gone: Timestamp?

    /// A subscription that begins behind a position.
    public init(after position: EventPosition) { self.position = position }

    /// `active`; `refused` while the receiver refuses the next event; `away` while it is not there; `gone` after 410.
    public var word: String {
        if gone != nil { return "gone" }
        if failures > 0 { return "away" }
        return refusals > 0 ? "refused" : "active"
    }

    /// Every such word.
    public static let words = ["active", "refused", "away", "gone"]

    /// `subscription.progress`: JSON.
    public var encoded: [UInt8] {
        var out = JSONObject([
            ("position", .integer(position.rawValue)), ("refusals", .int(refusals)), ("failures", .int(failures)),
            ("status", .int(status)), ("told", .int(told)), ("passed_over", .int(passedOver)),
        ])
        let times = [("due", due), ("last_told", lastTold), ("away_since", awaySince), ("gone", gone)]
        for (name, time) in times { out[name] = time.map { .integer($0.milliseconds) } }
        return JSONValue.object(out).bytes()
    }

    /// Reads `subscription.progress`.
    /// - Throws: `.corrupt` for what is none.
    public init(_ bytes: [UInt8]) throws(StoreError) {
        guard let value = try? JSONValue(parsing: bytes), let position = value["position"]?.int else {
            throw ByteReader.damaged
        }
        func count(_ name: String) -> Int { Int(clamping: max(0, value[name]?.int ?? 0)) }
        func time(_ name: String) -> Timestamp? { value[name]?.int.map(Timestamp.init(milliseconds:)) }
        self.init(after: EventPosition(rawValue: position))
        (refusals, failures, status) = (count("refusals"), count("failures"), count("status"))
        (told, passedOver) = (count("told"), count("passed_over"))
        (due, lastTold, awaySince, gone) = (time("due"), time("last_told"), time("away_since"), time("gone"))
    }
}

/// An event that a receiver refused for good: kept until it is sent again with success, or its subscription goes.
public struct DeadLetter: Sendable, Hashable {
    /// Whose receiver it was.
    public var subscription: RecordID
    /// Which event.
    public var position: EventPosition
    /// Its type, without `com.gateway.` and `.v1`.
    public var type: String
    /// What it is about.
    public var subject: String
    /// The last HTTP status.
    public var status: Int
    /// How often it was tried.
    public var tries: Int
    /// When it was tried last.
    public var at: Timestamp
    /// A caller wants it to be sent again.
    public var isReplayed = false

    /// A letter that nobody wants to be sent again yet.
    public init(
        subscription: RecordID, position: EventPosition, type: String, subject: String, status: Int, tries: Int,
        at: Timestamp
    ) {
        self.subscription = subscription
        self.position = position
        self.type = type
        self.subject = subject
        self.status = status
        self.tries = tries
        self.at = at
    }
}

/// What is written of subscriptions together.
public struct SubscriptionChanges: Sendable, Hashable {
    /// Replaced; those of subscriptions that are gone are left out.
    public var progress: [RecordID: SubscriptionProgress] = [:]
    /// Inserted or replaced.
    public var letters: [DeadLetter] = []
    /// Removed.
    public var lettersDone: [DeadLetter] = []

    /// Nothing.
    public init() {}

    /// Whether there is nothing to write.
    public var isEmpty: Bool { progress.isEmpty && letters.isEmpty && lettersDone.isEmpty }
}
