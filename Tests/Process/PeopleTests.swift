import JSON
import Testing

extension ProcessTests {
    @Suite("other people, several channels at once, rounds and budgets")
    struct PeopleTests {
        private static let owner = "+41791112233"
        private static let anna = "+41791110001"
        private static let ben = "+41791110002"

        private func gateway(_ chain: String, _ policy: String = "ack: { required: true }") throws -> RunningGateway {
            var setup = Setup()
            setup.policy = policy
            setup.chain = chain
            setup.rest = """
                groups: { crew: [contact:anna, contact:ben] }
                schedules: { duty: [{ target: group:crew }] }
                prices:
                  sms: { out: { per: segment, "*": 0.05 USD } }
                  voice: { out: { per: minute, "*": 0.10 USD } }
                """
            setup.simulator = """
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  calls: 1000/s
                  phones:
                    "\(Self.owner)": { sms: { undelivered: 30003 } }
                    "\(Self.anna)": { sms: { deliver: 50ms }, voice: { ring: 20s, outcome: no_answer } }
                    "\(Self.ben)": { sms: { deliver: 50ms }, voice: { ring: 300ms, answer: human, detect: 50ms,
                      do: [{ hear: 200ms }, { press: "1" }] } }
                """
            let crew = "  crew: { ack: { required: true }, broadcast: [{ channel: sms }, { channel: voice }] }\n"
            let gateway = try RunningGateway(
                setup.yaml.replacing("rules:\n  outbound", with: crew + "rules:\n  outbound"))
            for (id, number) in [("anna", Self.anna), ("ben", Self.ben)] {
                let address: JSONValue = ["kind": "phone", "value": .string(number), "verified": true]
                let answer = try gateway.call(
                    "PUT", "/v1/contacts/\(id)", ["name": .string(id), "addresses": [address]])
                #expect(answer.status == 200)
            }
            return gateway
        }

        @Test("an alert that fails goes to the people on duty, on all channels at once; one key answers it all")
        func escalated() throws {
            let gateway = try gateway("[{ channel: sms }, { target: schedule:duty, policy: crew }]")
            let id = try gateway.accept(["to": .string(Self.owner), "text": "bilge"])
            try gateway.wait(for: id, ["acked"])
            // Anna's phone may have been silenced before or after the answer was seen.
            let told = try gateway.simulator.told().filter { !$0.hasPrefix("/") }
            #expect(told.first == "sms \(Self.owner)")
            #expect(
                told.dropFirst().sorted() == [
                    "call \(Self.anna)", "call \(Self.ben)", "sms \(Self.anna)", "sms \(Self.ben)",
                ])
            let message = try gateway.call("GET", "/v1/messages/\(id)", nil).json
            let deliveries = try #require(message["deliveries"]?.array)
            #expect(
                deliveries.map { $0["lineage"]?["kind"]?.string } == [
                    nil, "target", "branch", "branch", "target", "branch", "branch",
                ])
            let states = deliveries.map { $0["state"]?.string }
            #expect(states == ["acked", "cancelled", "cancelled", "cancelled", "acked", "acked", "acked"])
        }

        @Test("a round follows an unanswered one, and the message shows the newest")
        func rounds() throws {
            let gateway = try gateway("[{ channel: sms }]", "repeat: { times: 1, gap: 1s }")
            let id = try gateway.accept(["to": .string(Self.owner), "text": "bilge"])
            try gateway.wait(for: id, ["scheduled"])
            try gateway.wait(for: id, ["exhausted"])
            #expect(try gateway.simulator.told() == ["sms \(Self.owner)", "sms \(Self.owner)"])
            let message = try gateway.call("GET", "/v1/messages/\(id)", nil).json
            #expect(message["deliveries"]?.array?.last?["lineage"]?["round"]?.int == 2)
        }

        @Test("what would cost more than the budget is not sent, and the answer names what it may cost")
        func budget() throws {
            let gateway = try gateway(
                "[{ channel: sms }, { channel: voice }]", "budget: { per_delivery: 0.20 USD, on_budget: block }")
            let answer = try gateway.call("POST", "/v1/messages", ["to": .string(Self.owner), "text": "bilge"])
            #expect(answer.json["deliveries"]?.array?.first?["cost_bound"]?["amount"]?.string == "0.35")
            let id = try #require(answer.json["id"]?.string)
            try gateway.wait(for: id, ["blocked_budget"])
            #expect(try gateway.simulator.told() == ["sms \(Self.owner)"])
        }
    }
}
