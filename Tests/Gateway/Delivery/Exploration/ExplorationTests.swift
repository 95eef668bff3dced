import Testing

@Suite("Everything that can happen to a delivery, within stated bounds")
struct ExplorationTests {
    @Test("no rule is broken in any world that can be reached", arguments: Scenario.usual)
    func explore(scenario: Scenario) {
        var explorer = Explorer(scenario)
        let summary = explorer.run()
        let bounds = scenario.budget
        print(
            "exploration '\(scenario.name)': \(scenario.plan.steps.count) steps, \(bounds.attempts) attempts,",
            "\(bounds.reports) reports, \(bounds.crashes) crashes:", "\(summary.states) states,",
            "\(summary.transitions) transitions, depth \(summary.depth)")
        #expect(summary.isComplete)
        if let violation = summary.violation { Issue.record("\(violation)") }
    }
}
