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
        /// Of a conference, whose id stands for the delivery's.
        case conference(ConferenceExchange)
    }

    var delivery: RecordID
    var attempt: Int
    var purpose: Purpose
    var channel: String
    var kind: ChannelKind
    var provider: String
    /// Whose window it fills, a number of `Tenants`.
    var tenant: Int

    /// Who waits for what comes of it.
    var waitingTicket: Int? {
        if case .conference(let about) = purpose { about.ticket } else { nil }
    }
}
