/// What attempts and usage cost: an addition to the row of its day, tenant, policy, channel, country, kind and direction,
/// or the row itself where a store is read. Additions may be negative.
public struct CostRecord: Sendable, Hashable {
    /// Days since 1970-01-01 in the gateway's time zone: the day of the attempt's intent, or of the usage.
    public var day: Int
    /// The tenant of the message.
    public var tenant: String
    /// The policy of the delivery; empty for usage.
    public var policy: String
    /// The name of the channel.
    public var channel: String
    /// ISO 3166 alpha-2: the recipient's, or of the gateway's own number; empty where it is not known.
    public var country: String
    /// What was sold, as the table of prices calls it: `sms`, `mms`, `whatsapp`, `voice`, `video`, `number`. Empty in rows
    /// that were counted before kinds were.
    public var kind: String
    /// Which way it went.
    public var direction: PriceTable.Direction
    /// Attempts that went out, or may have; what came in; stays in rooms. None for rents.
    public var attempts = 0
    /// Micros of the gateway's currency that were reserved for them: upper bounds by the table of prices.
    public var estimate: Int64 = 0
    /// How many of them the provider has named a price for.
    public var settled = 0
    /// The part of `estimate` that is of those.
    public var settledEstimate: Int64 = 0
    /// What the provider takes for those, in micros.
    public var actual: Int64 = 0
    /// Attempts that reached a person who had been reached before, or may have been sent twice.
    public var duplicates = 0
    /// The part of `estimate` that is of those.
    public var duplicateEstimate: Int64 = 0

    /// A row without figures.
    public init(
        day: Int, tenant: String, policy: String, channel: String, country: String, kind: String = "",
        direction: PriceTable.Direction = .out
    ) {
        self.kind = kind
        self.direction = direction
        self.day = day
        self.tenant = tenant
        self.policy = policy
        self.channel = channel
        self.country = country
    }

    /// What counts for budgets: the provider's prices as far as they are known, else the estimates.
    public var spent: Int64 { estimate &- settledEstimate &+ actual }

    /// Adds the figures of another row.
    public mutating func add(_ other: Self) {
        attempts &+= other.attempts
        estimate &+= other.estimate
        settled &+= other.settled
        settledEstimate &+= other.settledEstimate
        actual &+= other.actual
        duplicates &+= other.duplicates
        duplicateEstimate &+= other.duplicateEstimate
    }
}

/// What was spent on messages to one recipient on a day: an addition, or the row itself where a store is read.
public struct RecipientCost: Sendable, Hashable {
    /// Days since 1970-01-01 in the gateway's time zone.
    public var day: Int
    /// `contact:ID`, or the number of somebody who is no contact.
    public var recipient: String
    /// Micros of the gateway's currency.
    public var spent: Int64

    /// A row of `cost_recipient`.
    public init(day: Int, recipient: String, spent: Int64) {
        self.day = day
        self.recipient = recipient
        self.spent = spent
    }

    /// Days before this one are of no use to a budget once `day` has begun: a month has at most 31.
    public static func oldest(keptOn day: Int) -> Int { day - 62 }
}
