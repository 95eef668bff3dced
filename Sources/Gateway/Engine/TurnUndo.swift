/// What a turn may change beside deliveries, as it was before: a commit that fails puts it back.
struct TurnUndo {
    /// Requests in flight, or live calls, and what became of earlier ones, in the configuration's order.
    var lanes: [(channel: String, inFlight: Int, results: LaneResults)] = []
    /// What tenants have under way, by their number.
    var tenants: [Int] = []
    var breakers: [String: Breaker] = [:]
    var providerBreakers: [String: ProviderBreaker] = [:]
    var troubles: [ReceiptCircuits.Trouble] = []
    var calls = LiveCalls()
    var spending = KeySpending()
    var settling = Settling()
    var conferences = LiveConferences()
    var queriesInFlight = 0
    var waitingQueries: [(Exchange, ProviderRequest)] = []
    /// Of those that the turn changed; `nil` for one that it brought.
    var mailings: [RecordID: LiveMailing?] = [:]

    /// Nothing is under way.
    init() {}

    /// The present of an engine.
    init(of core: EngineCore) {
        lanes = core.laneOrder.map { channel in
            (channel, core.lanes[channel]?.own.inFlight ?? 0, core.lanes[channel]?.results ?? LaneResults())
        }
        tenants = core.tenants.inFlight
        breakers = core.breakers
        providerBreakers = core.providerBreakers
        troubles = core.receipts.troubles
        calls = core.calls
        spending = core.spending
        settling = core.settling
        conferences = core.conferences
        queriesInFlight = core.queriesInFlight
        waitingQueries = core.waitingQueries
    }
}
