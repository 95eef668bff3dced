import Foundation
import Testing

@testable import Gateway

@Suite("A thousand deliveries in a bad world")
struct RandomStories {
    @Test("every promise holds, whatever goes wrong", arguments: StorySeeds.chosen)
    func promises(seed: UInt64) throws {
        let begin = ContinuousClock.now
        var world = try RandomWorld(seed: seed, count: StorySeeds.deliveries)
        // The file is there, and kills alone never bar anything.
        world.gateway.deaths = PlannedDeaths { _ in false }
        try world.run()
        let gateway = world.gateway
        #expect(!gateway.notices.contains { if case .crashedTwice = $0 { true } else { false } })
        let count = world.deliveries.count
        print("story seed \(seed): \(count) deliveries, \(gateway.turns) turns,", begin.duration(to: .now))
        #expect(gateway.core?.audit() == [])
        #expect(gateway.core?.gauges.open == 0)
        try expectEndings(world, seed)
        let calls = try gateway.placedCalls()
        #expect(!calls.isEmpty)
        let allowed = try world.callsAllowed()
        let family = try world.family()
        #expect(family.count > world.deliveries.count * 11 / 10)
        for id in family { #expect(try gateway.phase(id).isTerminal, gateway.told(id)) }
        #expect(gateway.core?.relatives.isEmpty == true)
        for (number, count) in calls.sorted(by: { $0.key < $1.key }) where count > allowed[number, default: 0] {
            Issue.record("seed \(seed): \(number) was called \(count) times")
        }
    }

    private func expectEndings(_ world: RandomWorld, _ seed: UInt64) throws {
        let gateway = world.gateway
        let asked = try Self.textsByDelivery(gateway)
        var phases: [DeliveryPhase: Int] = [:]
        for id in world.deliveries {
            guard try gateway.store.state(of: id) != nil else { continue }
            let state = try gateway.state(id)
            phases[state.phase, default: 0] += 1
            if !state.phase.isTerminal { Issue.record("seed \(seed): open for ever\n\(gateway.told(id))") }
            let isBarred = state.steps.allSatisfy { step in
                if case .skipped = step.status { true } else { false }
            }
            // Two tries were lost on the way, and a third is not permitted.
            let isLost = state.attempts.count { $0.providerID.isEmpty } >= 2
            // The provider answered no look-up in submit_within: the chain goes on to the next step.
            let isUnanswered = try gateway.notes(id).contains { note in
                if case .clock(_, .submit) = note { true } else { false }
            }
            // It answered some, and two empty answers did not come before the step's clock ended.
            let isUnproven = state.attempts.contains { $0.status == .ambiguous && $0.emptyLookUps < 2 }
            let mayBeUntried = isBarred || isLost || isUnanswered || isUnproven
            if asked[id.digits] == nil, !mayBeUntried, !world.cancelled.contains(id) {
                Issue.record("seed \(seed): no text was tried\n\(gateway.told(id))")
            }
            if state.phase == .cancelled { #expect(world.cancelled.contains(id)) }
        }
        // A message whose commit failed was refused to its caller; all others are there.
        let count = StorySeeds.deliveries
        #expect(phases.values.reduce(0, +) > count * 95 / 100)
        #expect(phases[.acked, default: 0] > count * 30 / 100)
        #expect(phases[.satisfied, default: 0] > count * 10 / 100)
    }

    /// Requests for texts by the delivery's name in the callback's token.
    private static func textsByDelivery(_ gateway: VirtualGateway) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for request in try gateway.creations("Messages") {
            guard let url = request.form["StatusCallback"], let mark = url.range(of: "?t=") else { continue }
            found[String(url[mark.upperBound...].prefix(13)), default: 0] += 1
        }
        return found
    }
}
