import Gateway
import JSON
import Testing

@Suite("Stories of requests that cannot be made")
struct RequestStories {
    private func alert(_ item: String) -> JSONValue {
        ["to": "+41791100001", "template": "alert", "variables": ["item": .string(item)]]
    }

    /// One place in the lane, so that one that is not given back stops everything.
    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
            """)
        story.smsRate = "100/s, concurrency: 1"
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.provider = { provider in
            (provider as? any LookUpProvider).map { PickyProvider(base: $0, taboo: "Unsayable") } ?? provider
        }
        return try VirtualGateway(story)
    }

    @Test("a request that cannot be rendered leaves nothing, holds its step and gives its place back")
    func unsent() throws {
        let gateway = try gateway()
        let held = try gateway.send(alert("Unsayable"))
        gateway.run(for: .seconds(1))
        #expect(try gateway.creations().isEmpty)
        #expect(try gateway.state(held).steps[0].status == .held(.requestFault), gateway.told(held))
        #expect(gateway.notices.contains(.requestFault(channel: "sms", code: 0)))
        let next = try gateway.send(alert("Bilge pump"))
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(next) == .satisfied, gateway.told(next))
        let gauges = try #require(gateway.core?.gauges)
        #expect(gauges.ready.allSatisfy { $0.inFlight == 0 && $0.waiting == 0 })
        #expect(gauges.exchanges == 0)
        #expect(gateway.violations().isEmpty)
    }

    @Test("killed before it is known that a request cannot be rendered: it is tried again after the start, not lost")
    func killed() throws {
        let gateway = try gateway()
        gateway.run(for: .seconds(1))
        gateway.crashAfterNextCommit()
        let held = try gateway.send(alert("Unsayable"))
        gateway.run(for: .seconds(1))
        try gateway.restart()
        gateway.run(for: .seconds(600))
        #expect(try gateway.creations().isEmpty)
        #expect(try gateway.state(held).steps[0].status == .held(.requestFault), gateway.told(held))
        #expect(gateway.violations().isEmpty)
    }
}
