/// Tells errors that happen now and then, each with a row of its own, from a flood, which is one row
/// (docs/decisions/0056-errors-are-stored.md). In memory: after a start the next ones have rows of their own again.
struct ErrorFloods {
    /// In an hour so many deliveries have a row of their own for the same error; all others share one.
    static let separate = 10
    /// So many different errors of an hour are told apart; what comes beyond them shares rows at once.
    private static let mostErrors = 2_000

    private struct Key: Hashable {
        var code: ErrorCode
        var tenant: String
        var channel: String
        var provider: String
        var country: String
        var providerCode: Int
    }

    private var hour: Int64 = 0
    private var owners: [Key: [RecordID]] = [:]

    /// Whether an error at a time counts in the row that all share.
    mutating func isFlood(_ code: ErrorCode, _ context: ErrorContext, at time: Timestamp) -> Bool {
        guard let delivery = context.delivery else { return true }
        let present = time.milliseconds / 3_600_000
        if present != hour {
            hour = present
            owners.removeAll()
        }
        let key = Key(
            code: code, tenant: context.tenant, channel: context.channel, provider: context.provider,
            country: context.country, providerCode: context.providerCode)
        guard let known = owners[key] else {
            guard owners.count < Self.mostErrors else { return true }
            owners[key] = [delivery]
            return false
        }
        if known.contains(delivery) { return false }
        guard known.count < Self.separate else { return true }
        owners[key, default: []].append(delivery)
        return false
    }
}
