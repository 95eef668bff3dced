import JSON
import Testing

@testable import Gateway

@Suite("Stories of receipts that are learned")
struct LearnedReceiptStories {
    private static let policies = """
          first:
            success: delivered
            expires: 24h
            fallback:
              - { channel: sms, template: alert, deliver_within: 2m }
              - { channel: voice, template: alert }
        """

    /// Where texts arrive, and nobody says so.
    private static let silent: JSONObject = ["sms": ["sent_only": true], "voice": ["outcome": "busy"]]
    private static let reporting: JSONObject = ["sms": ["deliver": "1s"], "voice": ["outcome": "busy"]]

    private func story() -> StoryConfiguration {
        var story = StoryConfiguration(Self.policies)
        story.smsRate = "1000/s"
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = ["+4917*": .object(Self.silent), "default": .object(Self.reporting)]
        return story
    }

    private func alert(_ number: Int, to prefix: String = "+49170") -> JSONValue {
        [
            "to": .string(prefix + "\(1_000_000 + number)"), "template": "alert",
            "variables": ["item": "Bilge pump"],
        ]
    }

    /// Texts to Germany, two a minute.
    private func texts(_ numbers: Range<Int>, _ gateway: VirtualGateway) throws -> [RecordID] {
        var ids: [RecordID] = []
        for number in numbers {
            ids.append(try gateway.send(alert(number)))
            gateway.run(for: .seconds(30))
        }
        return ids
    }

    private func receipts(_ gateway: VirtualGateway) -> [ReceiptRecord] {
        gateway.core?.gauges.receipts.filter { $0.country == "DE" } ?? []
    }

    private func steps(_ gateway: VirtualGateway, _ id: RecordID) throws -> Int {
        Set(try gateway.state(id).attempts.map(\.step)).count
    }

    @Test("where receipts never come that is learned: texts are followed by no call any more; a restart knows it")
    func learned() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        let before = try texts(0..<130, gateway)
        gateway.run(for: .seconds(600))
        // Each of the first had to wait for its clock, and was followed by a call.
        #expect(try steps(gateway, before[0]) == 2)
        #expect(gateway.notices.contains(.receipts(channel: "sms", country: "DE", .absent)))
        let after = try gateway.send(alert(500))
        gateway.run(for: .seconds(30))
        #expect(try gateway.phase(after) == .satisfied, gateway.told(after))
        #expect(try steps(gateway, after) == 1)
        #expect(receipts(gateway).map(\.reported) == [0])
        // Elsewhere nothing changes.
        let swiss = try gateway.send(alert(1, to: "+4179"))
        gateway.run(for: .seconds(30))
        #expect(try gateway.state(swiss).attempts.map(\.receiptsAreWeak) == [false])
        gateway.crash()
        try gateway.restart()
        #expect(receipts(gateway).map(\.quality) == [.absent])
        let later = try gateway.send(alert(501))
        gateway.run(for: .seconds(30))
        #expect(try gateway.phase(later) == .satisfied, gateway.told(later))
        #expect(gateway.violations().isEmpty)
    }

    @Test("when receipts come again that is learned too, from reports about deliveries that are over")
    func back() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        _ = try texts(0..<130, gateway)
        #expect(gateway.notices.contains(.receipts(channel: "sms", country: "DE", .absent)))
        try gateway.control("PUT", "phones/+4917*", .object(Self.reporting))
        let over = try texts(1_000..<1_400, gateway)
        #expect(gateway.notices.contains(.receipts(channel: "sms", country: "DE", .reliable)))
        #expect(try gateway.state(over[0]).attempts[0].receiptsAreWeak)
        let id = try gateway.send(alert(2_000))
        gateway.run(for: .seconds(30))
        #expect(try gateway.state(id).attempts.map(\.receiptsAreWeak) == [false])
        // It was learned twice and not more often.
        let changes = gateway.notices.filter {
            if case .receipts(_, _, let quality) = $0 { quality != .weak } else { false }
        }
        #expect(changes.count == 2)
    }

    @Test("what channels.yaml says is not doubted")
    func configured() throws {
        var story = story()
        story.receipts = #"  receipts: { sms: { DE: reliable } }"#
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        _ = try texts(0..<130, gateway)
        let id = try gateway.send(alert(500))
        gateway.run(for: .seconds(300))
        #expect(try steps(gateway, id) == 2)
        #expect(receipts(gateway).map(\.quality) == [.absent])
    }

    @Test("an outage that a circuit knows is none of the receipts")
    func outage() throws {
        var story = story()
        story.phones = ["default": .object(Self.reporting)]
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        for number in 0..<300 {
            _ = try gateway.send(alert(number))
            gateway.run(for: .seconds(10))
        }
        try gateway.control("PUT", "phones/default", .object(Self.silent))
        for number in 300..<900 {
            _ = try gateway.send(alert(number))
            gateway.run(for: .seconds(10))
        }
        #expect(gateway.core?.gauges.receiptCircuits.isEmpty == false)
        try gateway.control("PUT", "phones/default", .object(Self.reporting))
        for number in 900..<1_300 {
            _ = try gateway.send(alert(number))
            gateway.run(for: .seconds(10))
        }
        #expect(!gateway.notices.contains { if case .receipts = $0 { true } else { false } })
        #expect(receipts(gateway).map(\.quality) == [.reliable])
    }

    @Test("figures are written in commits that are made anyway, and not more than once a minute")
    func writing() throws {
        let gateway = try VirtualGateway(story())
        gateway.run(for: .seconds(1))
        _ = try texts(0..<20, gateway)
        gateway.run(for: .seconds(600))
        let turns = gateway.turns
        let rows = try gateway.store.receipts()
        #expect(rows.map(\.country) == ["DE"])
        gateway.run(for: .seconds(3_600))
        #expect(gateway.turns - turns < 200)
        #expect(try gateway.store.receipts() == rows)
    }
}
