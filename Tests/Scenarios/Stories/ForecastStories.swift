import Gateway
import JSON
import Testing

@testable import Server

@Suite("Stories of what callers are told before anything is sent")
struct ForecastStories {
    private func answer(_ gateway: VirtualGateway, _ policy: String) throws -> JSONValue {
        var message = LaneStories.alert(1).object ?? [:]
        message["policy"] = .string(policy)
        let envelope = try EnvelopeReader.read(JSONValue.object(message).bytes(), tenant: "default")
        let acceptance = try #require(gateway.acceptance)
        let body = try acceptance.prepare(envelope, gateway.directory).input.answer
        return try #require(try JSONValue(parsing: body)["deliveries"]?[0])
    }

    @Test("the plan of an answer names the first channel of each step, and all of them where there are several")
    func senders() throws {
        var story = StoryConfiguration(
            """
              first: { fallback: [{ channel: [sms, sms_b], template: alert }, { channel: voice, template: alert }] }
              single: { fallback: [{ channel: sms, template: alert }] }
            """)
        story.channels = #"  sms_b: { adapter: sms, provider: twilio, from: "+41791234568", rate: 1/s }"#
        let gateway = try VirtualGateway(story)
        let several = try answer(gateway, "first")
        #expect(several["plan"] == ["sms", "voice"])
        #expect(several["senders"] == [["sms", "sms_b"], ["voice"]])
        let single = try answer(gateway, "single")
        #expect(single["plan"] == ["sms"])
        #expect(single["senders"] == nil)
    }

    @Test("explain names the budgets that a delivery counts against, with what is left of each")
    func budgets() throws {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms, template: alert }] }")
        story.begins = "2026-11-29T22:30:00Z"
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.sections = """
            prices: { sms: { out: { per: segment, "*": 0.05 USD } } }
            budgets:
              all: { per_day: 0.12 USD, per_month: 9 USD, override: high }
              others: { of: tenant, only: [mail], per_day: 1 USD }
              each: { of: recipient, per_month: 0.30 USD, on_budget: skip }
            """
        let gateway = try VirtualGateway(story)
        func outlook(_ number: Int, _ priority: String = "normal") throws -> JSONValue? {
            var message = LaneStories.alert(number).object ?? [:]
            message["priority"] = .string(priority)
            let envelope = try EnvelopeReader.read(JSONValue.object(message).bytes(), tenant: "shop")
            return try gateway.acceptance?.explain(envelope, gateway.directory)["recipients"]?[0]?["budgets"]
        }
        for _ in 0..<2 {
            try gateway.accept(LaneStories.alert(1), tenant: "shop")
            gateway.run(for: .seconds(10))
        }
        #expect(
            try outlook(1) == [
                [
                    "name": "all", "of": "gateway", "per_day": "0.12", "spent_day": "0.10", "left_day": "0.02",
                    "per_month": "9.00", "spent_month": "0.10", "left_month": "8.90", "stops": true,
                    "on_budget": "block",
                ],
                [
                    "name": "each", "of": "recipient", "recipient": "+41791100001", "per_month": "0.30",
                    "spent_month": "0.10", "left_month": "0.20", "stops": true, "on_budget": "skip",
                ],
            ])
        let other = try outlook(2, "high")
        #expect(other?[0]?["stops"] == false)
        #expect(other?[1]?["left_month"] == "0.30")
        // A day later, in the same month; critical messages may spend more than there is.
        for _ in 0..<3 { try gateway.accept(critical, tenant: "shop") }
        gateway.run(for: .seconds(10))
        #expect(try outlook(2)?[0]?["left_day"] == "0.00")
        #expect(try outlook(2)?[0]?["spent_day"] == "0.25")
        gateway.run(for: .seconds(86_400))
        #expect(try outlook(2)?[0]?["left_day"] == "0.12")
        // By then the provider has named its prices.
        let spent = try gateway.records.costs(from: 0, through: 99_999).reduce(0) { $0 + $1.spent }
        #expect(try outlook(2)?[0]?["spent_month"]?.string == Money(micros: spent, currency: "USD").decimal)
    }

    private var critical: JSONValue {
        var message = LaneStories.alert(3).object ?? [:]
        message["priority"] = "critical"
        return .object(message)
    }
}
