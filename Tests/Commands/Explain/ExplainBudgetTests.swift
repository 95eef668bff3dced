import JSON
import Testing

@testable import Assembly

@Suite("explain: budgets")
struct ExplainBudgetTests {
    private static let config = TestFolder.fixture("budgets.yaml")

    @Test("without a running gateway the limits are told, and nothing of what is spent")
    func offline() throws {
        let arguments = ["explain", "--config", Self.config, "--to", "+41791112233", "--text", "x"]
        let run = TestRun()
        #expect(run.run(arguments) == 0, "\(run.errors.text)")
        #expect(run.output.lines.contains("  budget   'all': 5.00 a day, 100.00 a month"))
        #expect(
            run.output.lines.contains("  budget   'each' of policy plain: 9.00 a month; does not stop this message"))
        let json = TestRun()
        #expect(json.run(arguments + ["-o", "json"]) == 0)
        let budgets = try json.json()["recipients"]?[0]?["budgets"]
        #expect(budgets?[0]?["per_day"] == "5.00")
        #expect(budgets?[0]?["left_day"] == nil)
    }

    @Test("a running gateway is asked with the message, and its answer shown")
    func running() {
        let budget: JSONValue = [
            "name": "all", "of": "gateway", "per_day": "5.00", "spent_day": "4.00", "left_day": "1.00", "stops": true,
            "on_budget": "block",
        ]
        let recipient: JSONValue = [
            "to": "+41791112233", "rules": [], "rule": "all", "policy": "plain", "starts": "2026-11-23T11:00:00.000Z",
            "plan": [], "budgets": [budget],
        ]
        let run = TestRun.online([(200, ["recipients": [recipient]])])
        #expect(
            run.run("explain", "--config", Self.config, "--to", "contact:anna", "--text", "x", "--running") == 0,
            "\(run.errors.text)")
        #expect(
            run.api.requests == [
                APIRequest("POST", "/v1/explain", body: ["to": "contact:anna", "text": "x"])
            ])
        #expect(run.output.lines.contains("  budget   'all': 1.00 left of 5.00 a day"))
    }
}
