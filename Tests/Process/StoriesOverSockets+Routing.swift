import Foundation
import JSON
import Testing

extension ProcessTests.StoriesOverSockets {
    /// An interval around now, in London's time too, whatever the season.
    private static var night: String {
        let hour = Int(Date().timeIntervalSince1970) / 3_600 % 24
        let text = [(hour + 22) % 24, (hour + 4) % 24].map { String(format: "%02d:00", $0) }
        return "times: { nights: { hours: \"\(text[0])-\(text[1])\" } }"
    }

    @Test("n: SMS forbidden at night, voice overridden for critical only: no call for a normal alert")
    func quiet() throws {
        let quiet = "quiet_hours: { times: nights, mode: defer, override: critical }"
        var setup = Self.setup(
            """
            [{ channel: whatsapp, template: alert, deliver_within: 1s },
             { channel: sms, template: alert, deliver_within: 1s, \(quiet) }, { channel: voice, template: alert, \(quiet) }]
            """,
            phones: "{ default: { whatsapp: sent_only, sms: sent_only, voice: { ring: 100ms, outcome: busy } } }")
        setup.rest += "\n" + Self.night
        let gateway = try RunningGateway(setup.yaml)
        var alert = Self.alert
        alert["priority"] = "normal"
        let normal = try gateway.accept(.object(alert))
        let held = try gateway.wait(for: normal, step: 1, "held")
        #expect(held["deliveries"]?[0]?["steps"]?[1]?["reason"]?.string == "quiet_hours")
        alert["priority"] = "critical"
        alert["to"] = "+447700900143"
        let critical = try gateway.accept(.object(alert))
        try gateway.wait(for: critical, ["exhausted"])
        let toWhatsApp = ["started whatsapp", "clock whatsapp deliver_within", "superseded whatsapp", "started sms"]
        #expect(
            try gateway.plot(critical) == toWhatsApp + [
                "clock sms deliver_within", "superseded sms", "started voice", "failed voice busy", "ended exhausted",
            ])
        // The normal one waited longer than the critical one took, and is where it was.
        #expect(try gateway.plot(normal) == toWhatsApp + ["held sms quiet_hours"])
        #expect(
            try gateway.simulator.told() == [
                "whatsapp \(Self.owner)", "whatsapp +447700900143", "sms +447700900143", "call +447700900143",
            ])
    }

    @Test("p: an owner of locale fr-CH, texts in English and German, a PDF: the default language with a link")
    func languages() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: sms, template: alert }]", phones: "{ default: { sms: { deliver: 50ms } } }",
                acknowledged: false
            ).yaml)
        let people = [("marie", "fr-CH", "+41791112233"), ("urs", "de-CH", "+41791112244")]
        for (id, locale, number) in people {
            let answer = try gateway.call(
                "PUT", "/v1/contacts/" + id,
                ["name": .string(id), "locale": .string(locale), "phone": .string(number)])
            #expect(answer.status < 300, "\(answer.text)")
            let message = try gateway.accept([
                "to": .string("contact:" + id), "template": "alert", "variables": ["item": "Main engine"],
                "media": ["https://files.example/manual.pdf"],
            ])
            try gateway.wait(for: message, ["satisfied"])
            #expect(try gateway.plot(message) == ["started sms", "ended satisfied"])
        }
        let requests = try gateway.simulator.requests()
        #expect(requests.map(\.told) == ["sms +41791112233", "sms +41791112244"])
        let texts = requests.map { $0["Body"] ?? "" }
        #expect(texts.allSatisfy { $0.contains("https://files.example/manual.pdf") })
        #expect(texts.map { $0.contains("please look") } == [true, false])
        #expect(texts.map { $0.contains("bitte nachsehen") } == [false, true])
        #expect(requests.allSatisfy { $0["MediaUrl"] == nil })
    }

    @Test("q: a wrong number, 21211: no text, no call to it, a review")
    func wrongNumber() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: sms, template: alert }, { channel: whatsapp, template: alert }, { channel: voice, template: alert }]",
                phones: "{ default: { sms: { refuse: 21211 }, whatsapp: { deliver: 50ms } } }"
            ).yaml)
        let first = try gateway.accept(.object(Self.alert))
        let message = try gateway.wait(for: first, ["exhausted"])
        #expect(message["deliveries"]?[0]?["attempts"]?[0]?["code"]?.int == 21211)
        #expect(
            try gateway.plot(first) == [
                "started sms", "failed sms failed", "skipped whatsapp bad_number", "skipped voice bad_number",
                "ended exhausted",
            ])
        #expect(try gateway.reviews() == ["bad_number open"])
        let second = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: second, ["exhausted"])
        #expect(try gateway.simulator.told() == ["sms \(Self.owner)"])
        #expect(try Sent(gateway.simulator, "Messages").sids.isEmpty)
    }
}
