import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of prices that the provider tells later")
struct LatePriceStories {
    private static var story: StoryConfiguration {
        var story = StoryConfiguration(
            """
              first: { fallback: [{ channel: sms, template: alert }] }
              calls: { ack: { required: true }, fallback: [{ channel: voice, template: alert }] }
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.sections = """
            prices: { sms: { out: { per: segment, "*": 0.05 USD } }, voice: { out: { per: minute, "*": 0.1 USD } } }
            budgets: { all: { per_month: 99 USD } }
            """
        return story
    }

    private func row(_ gateway: VirtualGateway, _ kind: String) throws -> CostRecord {
        let rows = try gateway.records.costs(from: 0, through: 99_999).filter { $0.kind == kind }
        try #require(rows.count == 1, "\(rows)")
        return rows[0]
    }

    /// When the provider was asked for a price, in seconds since the message or call was made.
    private func questions(_ gateway: VirtualGateway, _ resource: String) throws -> [Int64] {
        let requests = try gateway.requests()
        let made = try #require(requests.first { $0.method == "POST" && $0.path.hasSuffix("/\(resource).json") }).time
        return requests.filter { $0.method == "GET" && $0.path.contains("/\(resource)/") }
            .map { ($0.time - made).milliseconds / 1_000 }
    }

    @Test("a price that comes after two hours is asked for after ten minutes, an hour and a day, and then it counts")
    func lateText() throws {
        var story = Self.story
        story.world["prices"] = ["after": "2h", "sms": ["out": "0.0123"]]
        let gateway = try VirtualGateway(story)
        _ = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(23 * 3_600))
        #expect(try questions(gateway, "Messages") == [600, 3_600])
        #expect(try row(gateway, "sms").spent == 50_000)
        gateway.run(for: .seconds(2 * 3_600))
        #expect(try questions(gateway, "Messages") == [600, 3_600, 86_400])
        let settled = try row(gateway, "sms")
        #expect([settled.settled, Int(settled.actual), Int(settled.spent)] == [1, 12_300, 12_300])
        #expect(try gateway.store.settlements(limit: 9).isEmpty)
    }

    @Test("a call costs the minutes that it took, once the provider tells")
    func lateCall() throws {
        var story = Self.story
        story.phones = [
            "default": ["voice": ["ring": "2s", "answer": "human", "do": [["hear": "8s"], ["press": "1"]]]]
        ]
        story.world["prices"] = ["after": "30m", "voice": ["out": "0.031"]]
        let gateway = try VirtualGateway(story)
        var alert = LaneStories.alert(1).object ?? [:]
        alert["policy"] = "calls"
        _ = try gateway.send(.object(alert))
        gateway.run(for: .seconds(3_500))
        #expect(try questions(gateway, "Calls") == [600])
        #expect(try row(gateway, "voice").spent == 300_000)
        gateway.run(for: .seconds(200))
        #expect(try questions(gateway, "Calls") == [600, 3_600])
        let settled = try row(gateway, "voice")
        #expect([settled.settled, Int(settled.settledEstimate), Int(settled.spent)] == [1, 300_000, 31_000])
    }
}
