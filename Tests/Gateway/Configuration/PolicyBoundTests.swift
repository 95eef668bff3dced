import Testing

@testable import Gateway

@Suite("What a policy can take and cost at most")
struct PolicyBoundTests {
    @Test("the longest time of a policy is the sum of its clocks")
    func longest() throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        let policy = try #require(configuration.policies["urgent"])
        let longest = policy.longest(priority: .high, among: configuration.policies) { name in
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
        #expect(Self.cost(configuration, "sms_only", "US") == 15_000)
        // 0.0045 + 0.0099 + 2 calls of 3 min at 0.04
        #expect(Self.cost(configuration, "urgent", "CH") == 254_400)
        let policy = try #require(configuration.policies["sms_only"])
        // Twice 2 + 10 + 1 min, 75 s and 2·5 s.
        #expect(
            policy.longest(priority: .normal, among: configuration.policies) { _ in (.sms, .text) } == .seconds(1730))
    }

    @Test("of several senders the dearest counts, once for each that may send the text")
    func senders() throws {
        let text = try TestFiles.shipped()
            .replacing(
                "channels:\n",
                with: "channels:\n  spare: { adapter: sms, provider: twilio, from: \"+41791234568\" }\n"
            )
            .replacing("prices:\n", with: "prices:\n  spare: { out: { per: message, \"*\": 0.02 USD } }\n")
            .replacing("- { channel: sms }", with: "- { channel: [sms, spare] }")
        let configuration = try #require(TestCatalogue.read(text).configuration)
        #expect(Self.cost(configuration, "sms_only", "US") == 40_000)
        let policy = try #require(configuration.policies["sms_only"])
        // 2 min of back-off in all, and twice 10 + 2 min, 75 s and 2·5 s.
        #expect(
            policy.longest(priority: .normal, among: configuration.policies) { _ in (.sms, .text) } == .seconds(1730))
    }

    @Test(
        "the distances between a chain's own calls count",
        arguments: [
            ("[{ channel: voice }]", 0), ("[{ channel: voice }, { channel: sms }, { channel: voice }]", 1),
            ("[{ channel: voice, max_calls: 3, outcomes: { busy: { retry: { after: 10s, times: 5 } } } }]", 2),
            ("[{ channel: voice }, { channel: voice }, { channel: voice }, { channel: voice }]", 2),
        ])
    func cooldown(steps: String, distances: Int) throws {
        func longest(_ cooldown: String) throws -> Duration {
            let text = """
                version: 1
                countries: { allow: [CH] }
                providers: { twilio: { api: simulator } }
                channels:
                  sms: { adapter: sms, provider: twilio, from: "+41791234567" }
                  voice: { adapter: voice, provider: twilio, from: "+41791234567" }
                policies:
                  called: { max_calls: 3, cooldown: \(cooldown), fallback: \(steps) }
                rules: { outbound: [{ name: all, policy: called }] }

                """
            let configuration = try #require(TestCatalogue.read(text).configuration)
            let policy = try #require(configuration.policies["called"])
            return policy.longest(priority: .normal, among: configuration.policies) { name in
                name == "voice" ? (.voice, .call) : (.sms, .text)
            }
        }
        #expect(try longest("2m") - longest("0s") == .seconds(120) * distances)
    }

    @Test("the cost bound is the sum of the steps' greatest prices")
    func cost() throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        // 0.0045 + 2 · 0.0099 + 3 min · 0.04
        #expect(Self.cost(configuration, "urgent", "CH", segments: 2) == 144_300)
        #expect(Self.cost(configuration, "sms_only", "US") == 7_500)
        #expect(Self.cost(configuration, "sms_only", nil) == 400_000)
    }

    /// Micros.
    private static func cost(
        _ configuration: GatewayConfiguration, _ policy: String, _ country: String?, segments: Int = 1
    ) -> Int64? {
        let snapshot = ConfigurationSnapshot(configuration)
        let builder = PlanBuilder(
            snapshot: snapshot, receipts: configuration.countries.receipts,
            abilities: ChannelAbilities(adapters: [], providers: []))
        let plan = builder.plan(policy: policy, country: country, priority: .normal, template: nil)
        let prices = PriceBound(prices: snapshot.prices, currency: snapshot.currency)
        let text = String(repeating: "x", count: segments * 150)
        return plan.map { plan in
            plan.steps.reduce(0) { sum, step in
                sum + prices.bound(of: step, text: text, country: country, maxCalls: plan.maxCalls)
            }
        }
    }

    @Test("other people's policies count in the time, with their rounds and no longer than they may take")
    func others() throws {
        let text = try TestFiles.shipped().replacing(
            "policies:\n",
            with: """
                policies:
                  crew:
                    repeat: { times: 2, gap: 5m }
                    fallback: [{ channel: sms }]
                  asked:
                    fallback:
                      - { target: contact:anna, policy: crew }
                      - { target: contact:ben, policy: crew, ack_within: 3m }
                  both:
                    broadcast: [{ channel: sms, deliver_within: 1m }, { channel: sms }]

                """)
        let configuration = try #require(TestCatalogue.read(text).configuration)
        func longest(_ name: String) -> Duration? {
            configuration.policies[name]?.longest(priority: .normal, among: configuration.policies) { _ in
                (.sms, .text)
            }
        }
        let once = try #require(longest("crew"))
        let rest: Int = 3 * 180 + 4 * 300
        #expect(longest("asked") == once * 3 + .seconds(rest))
        #expect(longest("both") == once)
    }
}
