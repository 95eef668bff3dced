/// What a turn may change beside deliveries, as it was before: a commit that fails puts it back.
struct TurnUndo {
    /// Requests in flight, or live calls, by channel in the configuration's order.
    var inFlight: [(channel: String, count: Int)] = []
    var breakers: [String: Breaker] = [:]
    var calls = LiveCalls()
    var spending = KeySpending()
    var queriesInFlight = 0
    var waitingQueries: [(Exchange, ProviderRequest)] = []

    /// Nothing is under way.
    init() {}

    /// The present of an engine.
    init(of core: EngineCore) {
        inFlight = core.laneOrder.map { ($0, core.lanes[$0]?.inFlight ?? 0) }
        breakers = core.breakers
        calls = core.calls
        spending = core.spending
        queriesInFlight = core.queriesInFlight
        waitingQueries = core.waitingQueries
    }
}
