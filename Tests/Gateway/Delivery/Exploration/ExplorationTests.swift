import Foundation
import Testing

@Suite("Everything that can happen to a delivery, within stated bounds")
struct ExplorationTests {
    /// Larger bounds take minutes more, and an optimized build: `make soak`.
    static let isSoak = ProcessInfo.processInfo.environment["GATEWAY_SOAK"] != nil
    static let scenarios = isSoak ? Scenario.soaked : Scenario.usual

    @Test("no rule is broken in any world that can be reached", arguments: scenarios)
    func explore(scenario: Scenario) {
        var explorer = Explorer(scenario)
        if Self.isSoak { explorer.limit = 12_000_000 }
        let begin = ContinuousClock.now
        let summary = explorer.run()
        let bounds = scenario.budget
        print(
            "exploration '\(scenario.name)': \(scenario.plan.steps.count) steps, \(bounds.attempts) attempts,",
            "\(bounds.reports) reports, \(bounds.troubles) misfortunes (\(bounds.crashes) crashes),",
            "\(bounds.people) people: \(summary.states) states,",
            "\(summary.transitions) transitions, depth \(summary.depth),",
            summary.longest.map { "at most \($0) of \(scenario.timeBound ?? .zero)" } ?? "no bound of time",
            "(\(begin.duration(to: .now)))")
        #expect(summary.isComplete)
        if let violation = summary.violation { Issue.record("\(violation)") }
    }
}
