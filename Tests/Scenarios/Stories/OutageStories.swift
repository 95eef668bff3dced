import Gateway
import JSON
import Testing

@Suite("Stories of a provider that is away for an hour")
struct OutageStories {
    /// How it is away.
    enum Kind: CaseIterable {
        /// No connection is made.
        case unreachable
        /// Every request is refused with 503, and nothing was done.
        case unavailable
        /// Requests are carried out, and nobody hears of it.
        case cutAfterwards
        /// Every request is one too many.
        case rateLimited

        var fault: JSONValue? {
            switch self {
            case .unreachable: nil
            case .unavailable: ["kind": "status", "status": 503]
            case .cutAfterwards: ["kind": "cut", "after_accepting": true]
            case .rateLimited: ["kind": "status", "status": 429, "code": 20_429]
            }
        }

        /// Limits close no circuit, so that the chain goes on: in these stories to another text.
        var second: String { self == .rateLimited ? "whatsapp" : "voice" }

        /// Alerts whose next sender is tried before that one too has failed, and with it the provider.
        var pioneers: Int { self == .unavailable || self == .cutAfterwards ? 2 : 0 }
    }

    private func gateway(_ kind: Kind) throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback:
                  - { channel: sms, template: alert, deliver_within: 2m }
                  - { channel: \(kind.second), template: alert }
                on_exhausted: review
            """)
        story.smsRate = "1000/s"
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        story.phones = [
            "default": [
                "sms": ["deliver": "1s"], "whatsapp": ["deliver": "1s"],
                "voice": ["ring": "2s", "outcome": "busy"],
            ]
        ]
        let gateway = try VirtualGateway(story)
        gateway.run(for: .seconds(1))
        gateway.providerIsUnreachable = kind == .unreachable
        if let fault = kind.fault { try gateway.control("PUT", "faults", ["faults": [fault]]) }
        gateway.plan(after: .seconds(3_600)) { gateway in
            gateway.providerIsUnreachable = false
            _ = try? gateway.control("DELETE", "faults")
        }
        return gateway
    }

    /// Everybody got one text and no call, but for the few of whom a person is told.
    private func expectOnce(_ ids: [RecordID], _ gateway: VirtualGateway, pioneers: Int) throws {
        let failed = try ids.filter { try gateway.phase($0) != .satisfied }
        for id in failed {
            #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
            #expect(try gateway.reviews(id).contains { $0.isOpen }, gateway.told(id))
        }
        #expect(failed.count <= pioneers, failed.last.map(gateway.told))
        #expect(try gateway.calls().count <= pioneers)
        var arrived: [String: Int] = [:]
        for text in try gateway.sent("Messages", "messages") { arrived[text["to"]?.string ?? "", default: 0] += 1 }
        #expect(arrived.values.allSatisfy { $0 == 1 })
        #expect(arrived.count >= ids.count - failed.count)
        #expect(gateway.violations().isEmpty)
    }

    @Test("every alert waits, and is sent once when the provider is back", arguments: Kind.allCases)
    func hour(_ kind: Kind) throws {
        let gateway = try gateway(kind)
        var ids: [RecordID] = []
        for number in 0..<200 {
            var alert = LaneStories.alert(number).object ?? [:]
            alert["priority"] = number % 5 == 0 ? "critical" : "normal"
            ids.append(try gateway.send(.object(alert)))
            gateway.run(for: .seconds(15))
        }
        #expect(gateway.violations().isEmpty)
        let tries = gateway.core?.counters.attempts ?? 0
        // An open circuit lets one request through a minute; a limit closes none, and each backs off for itself.
        if kind != .rateLimited { #expect(tries < 100, "\(tries) tries") }
        gateway.run(for: .seconds(2 * 3_600))
        try expectOnce(ids, gateway, pioneers: kind.pioneers)
    }

    @Test("killed again and again meanwhile: still once", arguments: Kind.allCases)
    func killed(_ kind: Kind) throws {
        let gateway = try gateway(kind)
        let ids = try (0..<20).map { try gateway.send(LaneStories.alert($0)) }
        for _ in 0..<5 {
            gateway.run(for: .seconds(700))
            gateway.crash()
            gateway.run(for: .seconds(1))
            try gateway.restart()
        }
        gateway.run(for: .seconds(2 * 3_600))
        // All of them were handed in together, and their clocks end together: where the provider answers, the next sender
        // is tried by all of them in the same moment.
        try expectOnce(ids, gateway, pioneers: kind == .unavailable ? ids.count : 0)
    }
}
