import JSON

/// A warranty in the register: what it covers, when it ends, and what people are told before.
public struct WarrantyRecord: Sendable, Hashable {
    /// The caller's id, `[A-Za-z0-9._-]{1,64}`.
    public var id: String
    /// Whose reminders they are; the tenant of the key that put it.
    public var tenant = "default"
    /// The caller's id of the boat, whose people are reminded.
    public var boat: String
    /// What the warranty covers, for people.
    public var item: String
    /// The last day, in days since 1970-01-01.
    public var expires: Int
    /// Where to claim.
    public var claimURL: String?
    /// Further variables of the template.
    public var variables = JSONObject()
    /// For rules.
    public var labels: [String: String] = [:]
    /// https URLs that go with the reminders.
    public var attachments: [String] = []
    /// Rises with every change by a caller, from 1; a reminder that was prepared from an earlier one is not made.
    public var version: Int64 = 0
    /// When the day was set: lead times that began before are not reminded of.
    public var armed = Timestamp(milliseconds: 0)
    /// The lead times that it was last looked at by, in days: one that the configuration got later and that has begun before
    /// is not made up for.
    public var leads: [Int] = []
    /// When to look whether a reminder is due; `nil` when none is left.
    public var look: Timestamp?

    /// A warranty that nobody has looked at yet.
    public init(id: String, boat: String, item: String, expires: Int) {
        self.id = id
        self.boat = boat
        self.item = item
        self.expires = expires
    }
}

/// What became of one lead time of a warranty; there is at most one for each warranty, day and lead time, ever.
public struct ReminderRecord: Sendable, Hashable {
    /// The caller's id of the warranty.
    public var warranty: String
    /// The last day of the warranty that the reminder is about, in days since 1970-01-01.
    public var expires: Int
    /// Days before the last day.
    public var lead: Int
    /// When it was made, or passed over.
    public var at: Timestamp
    /// The message; `nil` when none was made.
    public var message: RecordID?
    /// Why none was made: `passed` for a later one, or because the warranty had ended, else the code of a problem.
    public var outcome: String

    /// A reminder without a message.
    public init(_ warranty: WarrantyRecord, lead: Int, at: Timestamp, outcome: String) {
        self.init(warranty: warranty.id, expires: warranty.expires, lead: lead, at: at, outcome: outcome)
    }

    /// A row of `reminder`.
    public init(warranty: String, expires: Int, lead: Int, at: Timestamp, outcome: String) {
        self.warranty = warranty
        self.expires = expires
        self.lead = lead
        self.at = at
        self.outcome = outcome
    }
}

/// What a look at a warranty came to. It takes effect only on the version that was looked at.
public struct WarrantyLook: Sendable, Hashable {
    /// The caller's id.
    public var id: String
    /// The version that was looked at.
    public var version: Int64
    /// What became of lead times; at most one with a message, which is accepted in the same commit.
    public var reminders: [ReminderRecord]
    /// The lead times of the configuration, in days.
    public var leads: [Int]
    /// When to look next; `nil` for never.
    public var next: Timestamp?

    /// A look at a warranty.
    public init(of warranty: WarrantyRecord, leads: [Int], reminders: [ReminderRecord] = [], next: Timestamp?) {
        id = warranty.id
        version = warranty.version
        self.leads = leads
        self.reminders = reminders
        self.next = next
    }
}
