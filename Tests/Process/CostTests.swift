import JSON
import Testing

extension ProcessTests {
    @Suite("budgets of days and months, and what messages cost")
    struct CostTests {
        private static let owner = "+41791112233"

        @Test("a budget stops what costs more, lets critical messages through, and is told of")
        func budget() throws {
            var setup = Setup()
            setup.rest = """
                prices: { sms: { out: { per: segment, "*": 0.05 USD } } }
                budgets: { all: { per_day: 0.05 USD }, each: { of: tenant, per_month: 9 USD } }
                """
            let gateway = try RunningGateway(setup.yaml)
            for (priority, state) in [("normal", "satisfied"), ("high", "blocked_budget"), ("critical", "satisfied")] {
                let id = try gateway.accept(
                    ["to": .string(Self.owner), "text": "bilge", "priority": .string(priority)])
                try gateway.wait(for: id, [state])
            }
            let budgets = try gateway.call("GET", "/v1/budgets").json
            let all = budgets["data"]?[0]
            #expect(all?["name"]?.string == "all")
            #expect(all?["per_day"]?.string == "0.05")
            #expect(all?["spent"]?[0]?["day"]?.string == "0.10")
            #expect(all?["spent"]?[0]?["day_percent"]?.int == 200)
            #expect(budgets["data"]?[1]?["spent"]?[0]?["tenant"]?.string == "default")
            let costs = try gateway.call("GET", "/v1/costs?by=month,policy,channel,country").json
            #expect(costs["data"]?.array?.count == 1)
            #expect(costs["data"]?[0]?["channel"]?.string == "sms")
            #expect(costs["data"]?[0]?["country"]?.string == "CH")
            #expect(costs["total"]?["spent"]?.string == "0.10")
            #expect(costs["total"]?["attempts"]?.int == 2)
            #expect(try gateway.call("GET", "/v1/costs?tenant=other").json["data"]?.array?.isEmpty == true)
            for wrong in ["by=hour", "by=day,day", "from=2026-02-30", "from=2026-01-02&to=2026-01-01", "x=1"] {
                #expect(try gateway.call("GET", "/v1/costs?" + wrong).status == 400)
            }
            let metrics = try gateway.call("GET", "/metrics").text
            #expect(metrics.contains(#"gateway_budget_alerts_total{budget="all",period="day"} 1"#))
            #expect(metrics.contains("gateway_budget_denials_total 1"))
        }
    }
}
