import Foundation
import JSON
import Testing

extension ProcessTests.StoriesOverSockets {
    /// A gateway with two providers, each of which is a simulator of its own, and a step over a sender of each.
    private final class TwoProviders {
        let first: RunningSimulator
        let second: RunningSimulator
        let gateway: RunningGateway

        init(faults: String = "", token: String? = nil) throws {
            let phones = """
                  senders: { "+41791234567": { type: short_code, rate: 1000/s }, "+41791234568": { type: short_code, rate: 1000/s } }
                  phones: { default: { sms: { deliver: 50ms } } }
                """
            first = try RunningSimulator(phones + "\n" + faults, in: Folder())
            second = try RunningSimulator(phones, in: Folder())
            var setup = Setup(api: first.control.url)
            setup.providers =
                #"  backup: { adapter: twilio, account_sid: "${BACKUP_SID}", auth_token: "${BACKUP_TOKEN}", api: "\#(second.control.url)" }"#
            setup.channels = #"  sms_b: { adapter: sms, provider: backup, from: "+41791234568", rate: 1000/s }"#
            setup.chain = "[{ channel: [sms, sms_b], deliver_within: 60s }]"
            var environment = first.credentials
            environment["TWILIO_AUTH_TOKEN"] = token ?? first.token
            environment["BACKUP_SID"] = second.account
            environment["BACKUP_TOKEN"] = second.token
            gateway = try RunningGateway(setup.yaml, environment: environment)
        }

        /// Sends a text. Returns the channels of its attempts, and the message.
        func send() throws -> (channels: [String], message: JSONValue) {
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            let message = try gateway.wait(for: id, ["satisfied"])
            let attempts = message["deliveries"]?[0]?["attempts"]?.array ?? []
            return (attempts.compactMap { $0["channel"]?.string }, message)
        }
    }

    @Test("a provider that refuses hands the text to the one behind it at once, and both never send it")
    func refusedByTheFirst() throws {
        let world = try TwoProviders(
            faults: "  faults: [{ kind: status, path: Messages, method: POST, status: 429, code: 20429, times: 1 }]")
        let (channels, message) = try world.send()
        #expect(channels == ["sms", "sms_b"])
        let step = message["deliveries"]?[0]?["steps"]?[0]
        #expect(step?["channel"] == "sms_b")
        #expect(step?["senders"] == ["sms", "sms_b"])
        // The receipt came to the second provider's webhook, signed with its token.
        #expect(message["deliveries"]?[0]?["attempts"]?[1]?["level"] == "delivered")
        #expect(try world.first.control.requests().count == 1)
        #expect(try world.first.control.webhooks("Messages").isEmpty)
        #expect(try world.second.control.told() == ["sms +41791112233"])
        let id = try #require(message["id"]?.string)
        #expect(try world.gateway.events("sender", of: id).map { $0["channel"] } == ["sms_b"])
        // The limit is over: the first of the list is used again.
        #expect(try world.send().channels == ["sms"])
    }

    @Test("a provider that cannot be reached does not hold up the text")
    func noConnection() throws {
        let world = try TwoProviders()
        world.first.program.send(SIGKILL)
        #expect(try world.first.program.wait() == -SIGKILL)
        #expect(try world.send().channels == ["sms", "sms_b"])
        #expect(try world.second.control.told() == ["sms +41791112233"])
    }

    @Test("a provider that refuses the credentials is left alone, and operations are told")
    func wrongCredentials() throws {
        let world = try TwoProviders(token: "ffffffffffffffffffffffffffffffff")
        #expect(try world.send().channels == ["sms", "sms_b"])
        #expect(try world.send().channels == ["sms_b"])
        #expect(try world.gateway.metric("gateway_operations_notices_total", #"reason="sender_stopped""#) == 1)
        #expect(world.gateway.program.errorOutput.contains(#""channel":"sms""#))
        #expect(try world.second.control.told() == ["sms +41791112233", "sms +41791112233"])
    }
}
