import Foundation
import Testing

@Suite("Everything that can happen to a delivery, within stated bounds")
struct ExplorationTests {
    /// Larger bounds take minutes more; run them with `GATEWAY_SOAK=1`.
    static let scenarios =
        ProcessInfo.processInfo.environment["GATEWAY_SOAK"] == nil ? Scenario.usual : Scenario.soaked

    @Test("no rule is broken in any world that can be reached", arguments: scenarios)
    func explore(scenario: Scenario) {
        var explorer = Explorer(scenario)
        let summary = explorer.run()
        let bounds = scenario.budget
        print(
            "exploration '\(scenario.name)': \(scenario.plan.steps.count) steps, \(bounds.attempts) attempts,",
            "\(bounds.reports) reports, \(bounds.troubles) misfortunes (\(bounds.crashes) crashes),",
            "\(bounds.people) people: \(summary.states) states,",
            "\(summary.transitions) transitions, depth \(summary.depth)")
        #expect(summary.isComplete)
        if let violation = summary.violation { Issue.record("\(violation)") }
    }
}
