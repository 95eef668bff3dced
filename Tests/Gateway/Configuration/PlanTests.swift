import Testing

@testable import Gateway

@Suite("Plans made of policies")
struct PlanTests {
    private func plan(
        _ policy: String, priority: Priority = .high, country: String? = "CH", receipts: ReceiptTable? = nil
    ) throws -> DeliveryPlan {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        let snapshot = try ConfigurationSnapshot(reading: configuration.snapshot())
        var context = ConfigurationSnapshot.PlanContext(
            priority: priority, receipts: receipts ?? configuration.countries.receipts,
            capabilities: { TestCatalogue.catalogue.channel($0)?.capabilities })
        context.country = country
        return try #require(snapshot.plan(policy: policy, in: context))
    }

    @Test("the shipped urgent policy becomes WhatsApp, SMS, voice with its clocks")
    func urgent() throws {
        let plan = try plan("urgent")
        #expect(plan.steps.map(\.kind) == [.whatsapp, .sms, .voice])
        #expect(plan.ackRequired)
        #expect(plan.expires == .seconds(6 * 3600))
        #expect(plan.onExhausted == .review)
        #expect(plan.maxCalls == 1)
        #expect(plan.steps[0].deliverWithin == .seconds(180))
        #expect(plan.steps[0].hasTemplate)
        #expect(!plan.steps[1].hasTemplate)
        #expect(plan.steps[1].ackWithin == .seconds(600))
        #expect(plan.steps[2].intrusiveness == .call)
        #expect(plan.steps[2].ringTimeout == .seconds(30))
        #expect(plan.steps.allSatisfy { $0.queueWithin == .seconds(600) && $0.submitWithin == .seconds(120) })
    }

    @Test("a critical envelope hurries")
    func critical() throws {
        #expect(try plan("sms_only").expires == .seconds(86_400))
        let plan = try plan("sms_only", priority: .critical)
        #expect(plan.expires == .seconds(6 * 3600))
        #expect(plan.steps[0].submitWithin == .seconds(30))
    }

    @Test("receipts come from the table")
    func receipts() throws {
        let table = ReceiptTable(entries: [.init(channel: "sms", country: "CH", quality: .weak)])
        #expect(try plan("sms_only", receipts: table).steps[0].receipts == .weak)
        #expect(try plan("sms_only", country: "DE", receipts: table).steps[0].receipts == .reliable)
    }

    @Test("an unknown policy has no plan")
    func unknown() throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        let context = ConfigurationSnapshot.PlanContext(
            priority: .normal, receipts: configuration.countries.receipts, capabilities: { _ in nil })
        #expect(ConfigurationSnapshot(configuration).plan(policy: "nope", in: context) == nil)
    }

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
        // 2+10+3+10 min + 5 s, 2+10+2+10 min + 5 s, 2+10 min + 30+15 s + 3+1 min.
        let seconds: Int = 1505 + 1445 + 1005
        #expect(longest == .seconds(seconds))
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
