import Testing

@testable import Gateway

@Suite("What a policy can take and cost at most")
struct PolicyBoundTests {
    @Test("the longest time of a policy is the sum of its clocks")
    func longest() throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        let policy = try #require(configuration.policies["urgent"])
        let longest = policy.longest(priority: .high) { name in
            guard let kind = configuration.channels[name]?.kind,
                let able = TestCatalogue.catalogue.channel(kind)?.capabilities
            else { return nil }
            return (kind, able.intrusiveness)
        }
        // 2+10+3+10 min + 75 s + 2·5 s, 2+10+2+10 min + 75 s + 2·5 s, 2+10 min + 30+15 s + 3+2 min + 3·5 s.
        let seconds: Int = 1585 + 1525 + 1080
        #expect(longest == .seconds(seconds))
    }

    @Test("a critical envelope hurries")
    func critical() throws {
        let policy = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration?.policies["sms_only"])
        #expect(policy.expires(for: .high) == .seconds(86_400))
        #expect(policy.expires(for: .critical) == .seconds(6 * 3600))
        let step = try #require(policy.steps.first)
        let submit = { (priority: Priority) in
            StepClocks(step, kind: .sms, intrusiveness: .text, priority: priority).submit
        }
        #expect(submit(.normal) == .seconds(120))
        #expect(submit(.critical) == .seconds(30))
    }

    @Test("repeats and redials count")
    func repeats() throws {
        let text = try TestFiles.shipped()
            .replacing("- { channel: sms }", with: "- { channel: sms, on_ambiguous: resend, deliver_within: 1m }")
            .replacing("max_calls: 1", with: "max_calls: 2")
        let configuration = try #require(TestCatalogue.read(text).configuration)
        let snapshot = ConfigurationSnapshot(configuration)
        #expect(snapshot.costBound(policy: "sms_only", country: "US", segments: 1)?.text == "0.015 USD")
        // 0.0045 + 0.0099 + 2 calls of 3 min at 0.04
        #expect(snapshot.costBound(policy: "urgent", country: "CH", segments: 1)?.text == "0.2544 USD")
        let policy = try #require(configuration.policies["sms_only"])
        // Twice 2 + 10 + 1 min, 75 s and 2·5 s.
        #expect(policy.longest(priority: .normal) { _ in (.sms, .text) } == .seconds(1730))
    }

    @Test("the cost bound is the sum of the steps' greatest prices")
    func cost() throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        let snapshot = ConfigurationSnapshot(configuration)
        // 0.0045 + 2 · 0.0099 + 3 min · 0.04
        #expect(snapshot.costBound(policy: "urgent", country: "CH", segments: 2)?.text == "0.1443 USD")
        #expect(snapshot.costBound(policy: "sms_only", country: "US", segments: 1)?.text == "0.0075 USD")
        #expect(snapshot.costBound(policy: "sms_only", country: nil, segments: 0)?.text == "0.40 USD")
        let allowed = configuration.countries.allowed
        #expect(snapshot.costBound(policy: "sms_only", countries: allowed, segments: 1)?.text == "0.0099 USD")
        #expect(snapshot.costBound(policy: "nope", country: "CH", segments: 1) == nil)
        #expect(snapshot.costBound(policy: "sms_only", country: "CH", segments: .max) == nil)
    }
}
