/// An exchange with a provider that is under way.
struct Exchange {
    indirect enum Purpose {
        /// Creates a message or a call.
        case create
        /// Asks whether an ambiguous attempt exists; pages that were read.
        case lookUp(OutboundRequest, since: Timestamp, pages: Int)
        case poll
        case recall
        /// Asks what an attempt costs.
        case price(SettlementRecord)
    }

    var delivery: RecordID
    var attempt: Int
    var purpose: Purpose
    var channel: String
    var kind: ChannelKind
    var provider: String
    /// Whose window it fills, a number of `Tenants`.
    var tenant: Int
}
