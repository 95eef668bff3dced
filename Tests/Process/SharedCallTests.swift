import JSON
import Testing

extension ProcessTests {
    /// What one person bears, told by the built program.
    @Suite("one person's calls over sockets", .serialized)
    struct SharedCallTests {
        private static let owner = StoriesOverSockets.owner

        private func gateway() throws -> RunningGateway {
            var setup = StoriesOverSockets.setup(
                "[{ channel: voice, template: alert }]",
                phones: """
                    { default: { sms: { deliver: 50ms }, voice: { ring: 400ms, answer: human, detect: 50ms,
                      do: [{ hear: 300ms }, { press: "1" }] } } }
                    """)
            setup.policy += "\n    cooldown: 1s"
            return try RunningGateway(setup.yaml)
        }

        private func alerts(_ count: Int) -> [JSONValue] {
            (0..<count).map { index in
                var alert = StoriesOverSockets.alert
                alert["variables"] = ["item": .string("Pump \(index)")]
                alert["priority"] = "critical"
                return .object(alert)
            }
        }

        @Test("25 critical alerts for one person: a call for each ten, a pause between, and a key for all of a call")
        func bundled() throws {
            let gateway = try gateway()
            let ids = try alerts(25).map(gateway.accept)
            for id in ids { try gateway.wait(for: id, ["acked"]) }
            let calls = try #require(try Sent(gateway.simulator, "Calls").sids[Self.owner])
            // The first leaves with those that were there by then.
            #expect((3...4).contains(calls.count))
            let shared = try ids.map { try gateway.events("bundled", of: $0) }
            #expect(shared.filter(\.isEmpty).count <= 1)
            let named = shared.joined().compactMap { $0["with"]?.array?.count }
            #expect(named.allSatisfy { (1...9).contains($0) } && named.contains { $0 > 1 })
            for id in ids { #expect(try gateway.plot(id) == ["started voice", "acknowledged", "ended acked"]) }
        }
    }
}
