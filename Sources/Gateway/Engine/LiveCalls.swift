/// At most one live call for each phone number, over all deliveries and inbound calls.
struct LiveCalls {
    struct Call: Equatable {
        /// The delivery, or `nil` for an inbound call.
        var delivery: RecordID?
        var attempt: Int
        /// After this time the call is taken for over, whatever was reported.
        var until: Timestamp
        /// The lane whose window it fills.
        var channel: String
        /// Whose window it fills, a number of `Tenants`.
        var tenant = 0
    }

    private var calls: [String: Call] = [:]

    func call(to number: String) -> Call? { calls[number] }

    mutating func begin(_ number: String, _ call: Call) { calls[number] = call }

    /// Ends the call of an attempt; `nil` when another call holds the number.
    mutating func end(_ number: String, delivery: RecordID?, attempt: Int) -> Call? {
        guard let call = calls[number], call.delivery == delivery, call.attempt == attempt else { return nil }
        calls[number] = nil
        return call
    }

    /// The earliest time at which a call is taken for over.
    var nextEnd: Timestamp? { calls.values.map(\.until).min() }

    /// Numbers whose call is taken for over, in order.
    func overdue(at now: Timestamp) -> [String] { calls.filter { $0.value.until <= now }.map(\.key).sorted() }

    /// Numbers with a live call.
    var count: Int { calls.count }
}
