import JSON
import Testing

extension ProcessTests.StoriesOverSockets {
    @Test("a: WhatsApp delivered but unread, SMS delivered but unanswered, the call answered with 1: acknowledged")
    func escalates() throws {
        let gateway = try RunningGateway(
            Self.setup(
                """
                [{ channel: whatsapp, template: alert, deliver_within: 2s, ack_within: 1s },
                 { channel: sms, template: alert, deliver_within: 2s, ack_within: 1s }, { channel: voice, template: alert }]
                """,
                phones: """
                    { default: { whatsapp: { deliver: 50ms }, sms: { deliver: 50ms },
                      voice: { ring: 100ms, answer: human, detect: 50ms, do: [{ hear: 200ms }, { press: "1" }] } } }
                    """
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        let message = try gateway.wait(for: id, ["acked"])
        let requests = try gateway.simulator.requests()
        #expect(requests.map(\.told) == ["whatsapp", "sms", "call"].map { "\($0) \(Self.owner)" })
        #expect(
            try gateway.plot(id) == [
                "started whatsapp", "clock whatsapp ack_within", "superseded whatsapp", "started sms",
                "clock sms ack_within", "superseded sms", "started voice", "acknowledged", "ended acked",
            ])
        let levels = message["deliveries"]?[0]?["attempts"]?.array?.map { $0["level"]?.string }
        #expect(levels == ["delivered", "delivered", "acknowledged"])
        // Each text had its second from the receipt on, by the provider's own clock.
        let receipts = try gateway.simulator.webhooks("Messages").filter { $0["MessageStatus"] == "delivered" }
        try #require(requests.count == 3 && receipts.count == 2)
        #expect(requests[1].time - receipts[0].time >= 1_000)
        #expect(requests[2].time - receipts[1].time >= 1_000)
    }

    @Test("b: not on WhatsApp, told by a callback, then SMS; the next alert skips WhatsApp")
    func notOnWhatsApp() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: whatsapp, template: alert }, { channel: sms, template: alert }, { channel: voice, template: alert }]",
                phones: """
                    { default: { whatsapp: { fail: 63024 }, sms: { deliver: 50ms, reply: { after: 50ms, text: OK } },
                      voice: { ring: 100ms, outcome: busy } } }
                    """
            ).yaml)
        let first = try gateway.accept(.object(Self.alert))
        let message = try gateway.wait(for: first, ["acked"])
        // Accepted with a SID: it was the callback that said no.
        let whatsApp = message["deliveries"]?[0]?["attempts"]?[0]
        #expect(whatsApp?["provider_id"]?.string?.hasPrefix("SM") == true)
        #expect(whatsApp?["code"]?.int == 63024)
        #expect(try gateway.events("submitted", of: first).count == 2)
        #expect(
            try gateway.simulator.webhooks("Messages").contains {
                $0["MessageStatus"] == "failed" && $0["ErrorCode"] == "63024"
            })
        #expect(
            try gateway.plot(first) == [
                "started whatsapp", "failed whatsapp failed", "started sms", "acknowledged", "ended acked",
            ])
        let second = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: second, ["acked"])
        #expect(
            try gateway.plot(second) == ["skipped whatsapp unfit", "started sms", "acknowledged", "ended acked"])
        #expect(try gateway.simulator.told() == ["whatsapp", "sms", "sms"].map { "\($0) \(Self.owner)" })
    }

    @Test("c: free text outside the window, told by a callback, then the template on the same channel")
    func outsideWindow() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: whatsapp, template: alert }, { channel: sms, template: alert }, { channel: voice, template: alert }]",
                phones: """
                    { default: { window: closed, whatsapp: { deliver: 50ms, reply: { after: 50ms, text: ok } } } }
                    """
            ).yaml)
        // The gateway heard from the person, and the provider did not: it finds the window closed.
        let heard = try gateway.signedWebhook(
            "/webhooks/twilio/whatsapp",
            [
                ("MessageSid", "SM0123456789abcdef0123456789abcdef"), ("From", "whatsapp:" + Self.owner),
                ("To", "whatsapp:+41791234567"), ("Body", "hello"), ("NumMedia", "0"),
            ])
        #expect(heard.status < 300)
        let id = try gateway.accept(.object(Self.alert))
        let message = try gateway.wait(for: id, ["acked"])
        let requests = try gateway.simulator.requests()
        #expect(requests.map(\.told) == ["whatsapp", "whatsapp"].map { "\($0) \(Self.owner)" })
        #expect(requests.map { $0["Body"] } == ["Main engine: please look. Reply OK.", nil])
        #expect(requests.map { $0["ContentSid"] } == [nil, "HX00000000000000000000000000000001"])
        let codes = message["deliveries"]?[0]?["attempts"]?.array?.map { $0["code"]?.int ?? 0 }
        #expect(codes == [63016, 0])
        #expect(try gateway.plot(id) == ["started whatsapp", "acknowledged", "ended acked"])
    }

    @Test("d: SMS stays sent where there are no receipts; the ack clock runs from there, and nobody is called before")
    func noReceipts() throws {
        var setup = Self.setup(
            "[{ channel: sms, template: alert, deliver_within: 1s, ack_within: 2s }, { channel: voice, template: alert }]",
            phones: "{ default: { sms: sent_only, voice: { ring: 100ms, outcome: busy } } }")
        setup.countries = "{ allow: [CH, GB], receipts: { sms: { GB: none } } }"
        let gateway = try RunningGateway(setup.yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["exhausted"])
        #expect(
            try gateway.plot(id) == [
                "started sms", "clock sms ack_within", "superseded sms", "started voice", "failed voice busy",
                "ended exhausted",
            ])
        let requests = try gateway.simulator.requests()
        #expect(requests.map(\.told) == ["sms", "call"].map { "\($0) \(Self.owner)" })
        let sent = try #require(try gateway.simulator.webhooks("Messages").first { $0["MessageStatus"] == "sent" })
        #expect(try #require(requests.last).time - sent.time >= 2_000)
    }
}
