import JSON
import Testing

@testable import Gateway

@Suite("Stories of a provider that is too busy")
struct RateLimitStories {
    @Test("10,000 answers of 429, 100,000 in a soak: nothing is lost, doubled or given up, and no storm comes of it")
    func many() throws {
        let refusals = StorySeeds.deliveries == 1_000 ? 10_000 : 100_000
        let count = refusals / 20
        var story = StoryConfiguration(MailingStories.policy)
        story.smsRate = "1000/s"
        story.idleLimit = 20_000
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.faults = [
            ["kind": "status", "path": "Messages", "method": "POST", "status": 429, "times": .integer(Int64(refusals))]
        ]
        let gateway = try VirtualGateway(story)
        let ids = try (0..<count).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(300))
        let before = gateway.core?.counters.attempts ?? 0
        gateway.run(for: .seconds(60))
        // Each waits for minutes by now, and not for a few seconds.
        #expect((1...count).contains((gateway.core?.counters.attempts ?? 0) - before))
        for id in ids.prefix(3) { #expect(try !gateway.phase(id).isTerminal, gateway.told(id)) }
        gateway.run(for: .seconds(12 * 3_600))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(gateway.core?.counters.attempts == refusals + count)
        #expect(gateway.core?.counters.reviews == 0)
        #expect(gateway.core?.live.isEmpty == true)
        #expect(gateway.violations().isEmpty)
    }
}
