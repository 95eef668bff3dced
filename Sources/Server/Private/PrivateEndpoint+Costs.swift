import Gateway
import HTTP
import JSON

// What was spent, and what may be.

extension PrivateEndpoint {
    /// Costs are the operators' business: a key with the scope sees those of every tenant.
    func getCosts(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "costs:read")
        let query = try CostQuery(request, today: directory.date(of: clock.now))
        let views = CostViews(records: records, directory: directory)
        store(respond) { () throws(StoreError) in try views.costs(query) }
    }

    func getBudgets(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "costs:read")
        let today = directory.date(of: clock.now)
        let views = CostViews(records: records, directory: directory)
        store(respond) { () throws(StoreError) in try views.budgets(on: today) }
    }
}
