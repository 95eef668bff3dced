import JSON
import Testing

@testable import Gateway

@Suite("Stories of steps over several senders")
struct SenderStories {
    private static let policies = """
          first:
            success: delivered
            expires: 24h
            fallback: [{ channel: [sms, sms_b], template: alert, deliver_within: 2m }, { channel: voice, template: alert }]
          calls:
            ack: { required: true }
            expires: 24h
            fallback: [{ channel: [voice, voice_b], template: alert }]
          only:
            success: delivered
            expires: 24h
            fallback: [{ channel: sms_b, template: alert, deliver_within: 2m }, { channel: voice, template: alert }]
          spending:
            success: delivered
            budget: { per_delivery: 0.01 USD, on_budget: review }
            fallback: [{ channel: [sms, sms_b], template: alert, deliver_within: 2m }]
        """

    private func story() -> StoryConfiguration {
        var story = StoryConfiguration(Self.policies)
        story.providers = #"  backup: { adapter: twilio, account_sid: "", auth_token: "", api: simulator }"#
        story.channels = """
              sms_b: { adapter: sms, provider: backup, from: "+41791234568", rate: 100/s }
              voice_b: { adapter: voice, provider: backup, from: "+41791234568", rate: 100/s }
            """
        story.world["senders"] = [
            StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"],
            "+41791234568": ["type": "short_code", "rate": "1000/s"],
        ]
        story.phones = [
            "default": [
                "sms": ["deliver": "1s"],
                "voice": ["ring": "2s", "answer": "human", "do": [["hear": "3s"], ["press": "1"]]],
            ]
        ]
        return story
    }

    private func alert(_ number: Int = 1, policy: String = "first") -> JSONValue {
        [
            "to": .string("+41791\(100_000 + number)"), "template": "alert", "policy": .string(policy),
            "variables": ["item": "Bilge pump"],
        ]
    }

    private static func isFirst(_ request: ProviderRequest) -> Bool {
        String(decoding: request.body, as: UTF8.self).contains("From=%2B41791234567")
    }

    private func senders(_ gateway: VirtualGateway, _ id: RecordID) throws -> [UInt8] {
        try gateway.state(id).attempts.map(\.sender)
    }

    @Test(
        "while the first provider is away texts go over the second at once; it is tried again when its circuit says so")
    func outage() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        gateway.isUnreachable = Self.isFirst
        let ids = try (0..<20).map { try gateway.send(alert($0)) }
        gateway.run(for: .seconds(5))
        for id in ids {
            #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
            #expect(try senders(gateway, id).last == 1)
        }
        #expect(gateway.notices.contains(.circuit(channel: "sms", isOpen: true)))
        #expect(!gateway.notices.contains(.circuit(channel: "sms_b", isOpen: true)))
        // The circuit is open: nobody knocks.
        let later = try gateway.send(alert(50))
        gateway.run(for: .seconds(3))
        #expect(try senders(gateway, later) == [1])
        gateway.isUnreachable = { _ in false }
        gateway.run(for: .seconds(60))
        let again = try gateway.send(alert(60))
        gateway.run(for: .seconds(5))
        #expect(try senders(gateway, again) == [0])
        #expect(gateway.violations().isEmpty)
    }

    @Test("what was in the lane of a sender whose circuit opens goes over the other one, once")
    func laneMoves() throws {
        var story = story()
        story.smsRate = "1/s"
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        gateway.isUnreachable = Self.isFirst
        let ids = try (0..<30).map { try gateway.send(alert($0)) }
        gateway.run(for: .seconds(20))
        for id in ids { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
        #expect(try ids.filter { try senders(gateway, $0).count == 1 }.count >= 20)
        #expect(try gateway.acceptedMessages() == 30)
        #expect(gateway.violations().isEmpty)
    }

    @Test("a text that may have been sent is looked up where it may be, and not sent over the other provider")
    func ambiguous() throws {
        var story = story()
        story.faults = [
            [
                "kind": "status", "status": 503, "path": "Messages", "method": "POST", "after_accepting": true,
                "times": 1,
            ]
        ]
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        let id = try gateway.send(alert())
        gateway.run(for: .seconds(90))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try senders(gateway, id) == [0])
        #expect(try gateway.acceptedMessages() == 1)
    }

    @Test("a call that may have been placed rings over no other provider; one that was refused does, once")
    func calls() throws {
        var story = story()
        story.faults = [["kind": "status", "status": 503, "path": "Calls", "method": "POST", "times": 1]]
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        let doubtful = try gateway.send(alert(1, policy: "calls"))
        gateway.run(for: .seconds(900))
        #expect(try senders(gateway, doubtful) == [0])
        #expect(try gateway.phase(doubtful) == .exhausted, gateway.told(doubtful))
        gateway.isUnreachable = Self.isFirst
        let refused = try gateway.send(alert(2, policy: "calls"))
        gateway.run(for: .seconds(60))
        #expect(try senders(gateway, refused) == [0, 1])
        #expect(try gateway.phase(refused) == .acked, gateway.told(refused))
        #expect(try gateway.state(refused).callsUsed == 1)
    }

    @Test("STOP to one sender leaves the other to those who consented to it")
    func stop() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        let owner = "+41791100001"
        try gateway.control(
            "POST", "phones/\(owner)/text", ["to": .string(StoryConfiguration.sender), "body": "STOP"])
        gateway.run(for: .seconds(1))
        let id = try gateway.send(alert())
        gateway.run(for: .seconds(5))
        #expect(try senders(gateway, id) == [1])
        try gateway.control("POST", "phones/\(owner)/text", ["to": "+41791234568", "body": "STOP"])
        gateway.run(for: .seconds(1))
        let barred = try gateway.send(alert())
        gateway.run(for: .seconds(60))
        #expect(try gateway.state(barred).steps[0].status == .skipped(.optedOut))
    }

    @Test("the price is that of the sender that is used: a cheaper one is taken where the budget has no more")
    func budget() throws {
        var story = story()
        story.sections = """
            prices:
              sms: { out: { per: message, "*": 0.02 USD } }
              sms_b: { out: { per: message, "*": 0.01 USD } }
            """
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        let id = try gateway.send(alert(1, policy: "spending"))
        gateway.run(for: .seconds(5))
        #expect(try senders(gateway, id) == [1])
        #expect(try gateway.state(id).reserved == 10_000)
    }

    @Test("a sender that a reload removes leaves the step to the other one")
    func removed() throws {
        var changed = story()
        let gateway = try VirtualGateway(changed)
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = true
        let id = try gateway.send(alert())
        gateway.run(for: .seconds(1))
        #expect(try gateway.state(id).steps[0].status == .held(.backOff), gateway.told(id))
        changed.policies = changed.policies.replacing("[sms, sms_b]", with: "sms_b")
        changed.policies = changed.policies.replacing("[voice, voice_b]", with: "voice_b")
        changed.providers = ""
        changed.channels = """
              sms_b: { adapter: sms, provider: twilio, from: "+41791234568", rate: 100/s }
              voice_b: { adapter: voice, provider: twilio, from: "+41791234568", rate: 100/s }
            """
        gateway.providerIsUnreachable = false
        gateway.isUnreachable = Self.isFirst
        try gateway.reload(changed)
        gateway.run(for: .seconds(30))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(try senders(gateway, id).last == 1)
    }

    @Test("a step whose only channel is gone is held, and goes on when the channel is back")
    func gone() throws {
        let before = story()
        let gateway = try VirtualGateway(before)
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = true
        let id = try gateway.send(alert(1, policy: "only"))
        gateway.run(for: .milliseconds(300))
        var without = before
        without.policies = before.policies.replacing("sms_b", with: "sms").replacing("[sms, sms]", with: "sms")
        without.channels = before.channels.replacing("sms_b:", with: "sms_c:")
        gateway.providerIsUnreachable = false
        try gateway.reload(without)
        gateway.run(for: .seconds(60))
        #expect(try gateway.state(id).steps[0].status == .held(.senderRemoved), gateway.told(id))
        try gateway.reload(before)
        gateway.run(for: .seconds(10))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
    }

    @Test("a crash at any moment sends no text twice and loses none")
    func crash() throws {
        for moment in VirtualGateway.Death.allCases {
            let gateway = try VirtualGateway(story())
            gateway.run(for: .seconds(1))
            gateway.isUnreachable = Self.isFirst
            gateway.crash(moment, inTurn: 3)
            let id = try gateway.send(alert())
            gateway.run(for: .seconds(1))
            if gateway.core == nil { try gateway.restart() }
            gateway.run(for: .seconds(200))
            #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
            #expect(try gateway.acceptedMessages() == 1)
        }
    }
}
