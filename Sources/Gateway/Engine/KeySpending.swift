/// What a message costs its key, with the key's daily caps.
public struct KeySpend: Sendable, Hashable {
    /// The key's id.
    public var key: String
    /// Calls that may be placed.
    public var calls: Int
    /// Micros of the gateway's currency: the upper bound.
    public var micros: Int64
    /// Calls a day; `nil` for no cap.
    public var dailyCalls: Int?
    /// Micros a day; `nil` for no cap.
    public var dailyMicros: Int64?

    /// What a message costs; `nil` for a key without caps, which is not counted.
    public init?(of key: KeyRecord, calls: Int, micros: Int64) {
        guard key.dailyCalls != nil || key.dailySpend != nil else { return nil }
        self.key = key.id
        self.calls = calls
        self.micros = micros
        dailyCalls = key.dailyCalls
        dailyMicros = key.dailySpend
    }
}

/// What keys with caps spent on the running day. In memory, rebuilt from the store's rows.
struct KeySpending {
    /// The day that the figures are of; `nil` before any was read.
    private(set) var day: Int64?
    private var spent: [String: SpendRecord] = [:]

    /// Nothing was read.
    init() {}

    /// The figures of a day as the store has them.
    init(day: Int64, _ records: [SpendRecord]) {
        self.day = day
        for record in records { spent[record.key] = record }
    }

    /// Counts a message. Returns what is to be stored; `nil` when a cap, or what an integer can hold, would be passed.
    mutating func take(_ spend: KeySpend) -> SpendRecord? {
        guard let day else { return nil }
        var total = spent[spend.key] ?? SpendRecord(day: day, key: spend.key, calls: 0, micros: 0)
        let calls = total.calls.addingReportingOverflow(spend.calls)
        let micros = total.micros.addingReportingOverflow(spend.micros)
        guard !calls.overflow, !micros.overflow, calls.partialValue <= spend.dailyCalls ?? .max,
            micros.partialValue <= spend.dailyMicros ?? .max
        else { return nil }
        total.calls = calls.partialValue
        total.micros = micros.partialValue
        spent[spend.key] = total
        return SpendRecord(day: day, key: spend.key, calls: spend.calls, micros: spend.micros)
    }
}
