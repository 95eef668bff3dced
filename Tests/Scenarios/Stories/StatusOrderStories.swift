import Crypto
import Forms
import Gateway
import HTTP
import JSON
import Testing

@testable import Assembly
@testable import Simulator

/// The provider's own callbacks are lost; statuses come by hand, in every order.
@Suite("Stories of statuses in any order")
struct StatusOrderStories {
    private static let chain = """
          first:
            expires: 6h
            fallback:
              - { channel: whatsapp, template: alert, deliver_within: 3m }
              - { channel: sms, template: alert, deliver_within: 30m }
              - { channel: voice, template: alert, ring_timeout: 30s }
            on_exhausted: review
        """

    private func gateway(_ policies: String, phones: Int) throws -> VirtualGateway {
        var story = StoryConfiguration(policies)
        let slow: JSONValue = ["sms": ["deliver": "2h"], "whatsapp": ["deliver": "2h"]]
        story.phones = ["default": slow]
        story.faults = .array([["kind": "callback", "what": "lost", "path": "Messages"]])
        return try VirtualGateway(story)
    }

    private static func number(_ place: Int) -> String { "+41791" + String(100_000 + place) }

    private func alert(_ place: Int) -> JSONValue {
        ["to": .string(Self.number(place)), "template": "alert", "variables": ["item": "Main engine"]]
    }

    /// A callback as the provider signs it.
    private func report(_ status: Status, of request: SentRequest, to gateway: VirtualGateway) throws {
        let url = try #require(request.form["StatusCallback"])
        var form = [
            ("AccountSid", gateway.access.accountSID), ("ApiVersion", "2010-04-01"),
            ("From", request.form["From"] ?? ""), ("MessageSid", "SM" + String(repeating: "0", count: 32)),
            ("MessageStatus", status.word), ("SmsSid", "SM" + String(repeating: "0", count: 32)),
            ("SmsStatus", status.word), ("To", request.form["To"] ?? ""),
        ]
        if let code = status.code { form.insert(("ErrorCode", code), at: 2) }
        let text = url + form.map { $0.0 + $0.1 }.joined()
        let code = MessageCode.hmac(.sha1, key: Array(gateway.access.authToken.utf8), Array(text.utf8))
        _ = gateway.repeatWebhook(
            Simulator.WebhookRequest(
                method: "POST", url: url,
                headers: HTTPHeaders([
                    ("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", Base64.encode(code)),
                ]), body: Form(form).encode(), timeout: 15_000))
    }

    private struct Status: Hashable, Sendable {
        var channel: String
        var word: String
        var code: String?
    }

    /// Every order of some values.
    private func orders<Value>(_ values: [Value]) -> [[Value]] {
        guard values.count > 1 else { return [values] }
        return values.indices.flatMap { index in
            var rest = values
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }

    /// Each status once more, at a place that the seed chooses.
    private func doubled(_ order: [Status], _ random: inout SeededRandom) -> [Status] {
        order.reduce(into: order) { result, status in
            result.insert(status, at: Int.random(in: 0...result.count, using: &random))
        }
    }

    /// Sends one alert for each order, reports the statuses after `pause`, and says how each ended.
    /// - Parameter first: what is reported of each text at once.
    private func ends(
        _ policies: String, _ orders: [[Status]], after pause: Duration, first: Status? = nil
    ) throws -> [(order: [Status], state: DeliveryState, texts: Int, calls: Int)] {
        let gateway = try gateway(policies, phones: orders.count)
        let ids = try orders.indices.map { try gateway.send(alert($0)) }
        gateway.run(for: .seconds(10))
        for text in first == nil ? [] : try gateway.creations("Messages") {
            if let first { try report(first, of: text, to: gateway) }
            gateway.run(for: .milliseconds(20))
        }
        gateway.run(for: pause)
        let requests = try gateway.creations("Messages")
        for (place, order) in orders.enumerated() {
            let own = requests.filter { $0.form["To"]?.hasSuffix(Self.number(place)) == true }
            for status in order {
                let isMeant = { (to: String?) in to?.hasPrefix("whatsapp:") == (status.channel == "whatsapp") }
                let request = try #require(
                    own.last { isMeant($0.form["To"]) }, "\(status), \(gateway.told(ids[place]))")
                try report(status, of: request, to: gateway)
                gateway.run(for: .milliseconds(20))
            }
        }
        gateway.run(for: .seconds(1_200))
        #expect(Set(gateway.received.map { $0.answer?.status }) == [204])
        #expect(gateway.violations().isEmpty)
        let (texts, calls) = (try gateway.creations("Messages"), try gateway.calls())
        return try orders.enumerated().map { place, order in
            let isOwn = { (request: SentRequest) in request.form["To"]?.hasSuffix(Self.number(place)) == true }
            return (order, try gateway.state(ids[place]), texts.count(where: isOwn), calls.count(where: isOwn))
        }
    }

    private func statuses(_ channel: String, _ words: String..., code: String? = nil) -> [Status] {
        words.map { word in
            Status(channel: channel, word: word, code: ["undelivered", "failed"].contains(word) ? code : nil)
        }
    }

    @Test("a text that is delivered: in all orders, also doubled")
    func delivered() throws {
        var random = SeededRandom(seed: 1)
        let all = orders(statuses("sms", "queued", "sending", "sent", "delivered"))
        for end in try ends(
            "  first: { fallback: [{ channel: sms }] }", all + all.map { doubled($0, &random) }, after: .seconds(10))
        {
            #expect(end.state.phase == .satisfied, "\(end.order)")
            #expect(end.state.attempts.map(\.level) == [.delivered], "\(end.order)")
            #expect(end.texts == 1)
        }
    }

    @Test("a text that is read: in all orders, also doubled")
    func read() throws {
        var random = SeededRandom(seed: 2)
        let all = orders(statuses("whatsapp", "queued", "sent", "delivered", "read"))
        let policies = "  first: { fallback: [{ channel: whatsapp, template: alert }] }"
        for end in try ends(policies, all + all.map { doubled($0, &random) }, after: .seconds(10)) {
            #expect(end.state.phase == .satisfied, "\(end.order)")
            #expect(end.state.attempts.map(\.level) == [.read], "\(end.order)")
            #expect(end.texts == 1)
        }
    }

    @Test("a text that is not delivered goes to the next step once: in all orders, also doubled")
    func undelivered() throws {
        var random = SeededRandom(seed: 3)
        let all = orders(statuses("sms", "queued", "sending", "sent", "undelivered", code: "30003"))
        let policies = """
              first:
                fallback: [{ channel: sms, deliver_within: 10m }, { channel: whatsapp, template: alert, deliver_within: 3h }]
            """
        for end in try ends(policies, all + all.map { doubled($0, &random) }, after: .seconds(10)) {
            #expect(end.state.attempts.count == 2, "\(end.order)")
            #expect(end.state.attempts.first?.outcome == .undelivered, "\(end.order)")
            #expect(end.texts == 2)
        }
    }

    @Test("what comes of the first text after the second has begun is taken in all orders, and nobody is called")
    func afterFallback() throws {
        let all = orders(statuses("whatsapp", "sent", "delivered") + statuses("sms", "queued", "sent", "delivered"))
        var random = SeededRandom(seed: 4)
        let some = all.enumerated().filter { $0.offset % 4 == 0 }.map { doubled($0.element, &random) }
        for end in try ends(Self.chain, all + some, after: .seconds(400), first: statuses("whatsapp", "sent")[0]) {
            #expect(end.state.phase == .satisfied, "\(end.order)")
            #expect(end.state.attempts.map(\.level) == [.delivered, .delivered], "\(end.order)")
            #expect(end.texts == 2 && end.calls == 0, "\(end.order)")
        }
    }

    @Test("a late failure of the first text changes nothing about the second, in all orders")
    func lateFailure() throws {
        let all = orders(
            statuses("whatsapp", "sent", "undelivered", code: "63024") + statuses("sms", "queued", "sent", "delivered"))
        for end in try ends(Self.chain, all, after: .seconds(400), first: statuses("whatsapp", "sent")[0]) {
            #expect(end.state.phase == .satisfied, "\(end.order)")
            #expect(end.state.attempts.last?.level == .delivered, "\(end.order)")
            #expect(end.texts == 2 && end.calls == 0, "\(end.order)")
        }
    }
}
