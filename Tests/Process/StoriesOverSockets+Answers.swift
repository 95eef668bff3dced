import HTTP
import JSON
import Testing

extension ProcessTests.StoriesOverSockets {
    private static let text = "[{ channel: sms, template: alert, ack_within: 15m }]"

    @Test("m: two alerts are open, one 'OK' acknowledges both")
    func both() throws {
        let gateway = try RunningGateway(
            Self.setup(Self.text, phones: "{ default: { sms: { deliver: 50ms } } }").yaml)
        let ids = try (0..<2).map { _ in try gateway.accept(.object(Self.alert)) }
        for id in ids {
            try gateway.waitForReceipt(id)
            #expect(try gateway.message(id)["state"]?.string == "active")
        }
        try gateway.simulator.write("OK", from: Self.owner)
        for id in ids {
            try gateway.wait(for: id, ["acked"])
            #expect(try gateway.plot(id) == ["started sms", "acknowledged", "ended acked"])
        }
        #expect(try gateway.simulator.told() == ["sms", "sms"].map { "\($0) \(Self.owner)" })
        #expect(try gateway.call("GET", "/v1/inbound").json["data"]?.array?.count == 1)
    }

    @Test("s: a preview fetches the link, which acknowledges nothing; the page's button does")
    func preview() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: sms, template: linked, ack_within: 15m }]",
                phones: "{ default: { sms: { deliver: 50ms } } }"
            ).yaml)
        var alert = Self.alert
        alert["template"] = "linked"
        let id = try gateway.accept(.object(alert))
        try gateway.waitForReceipt(id)
        let text = try #require(try gateway.simulator.requests("Messages").first?["Body"])
        let link = String(try #require(text.split(separator: " ").last))
        #expect(link.hasPrefix(gateway.publicURL + "/a/"))
        for method in ["GET", "HEAD", "GET"] {
            #expect(try Web.send(try Web.request(method, link)).status == 200)
            #expect(try gateway.message(id)["state"]?.string == "active")
        }
        #expect(try Web.send(try Web.request("POST", link + "x")).status == 404)
        #expect(try gateway.events("acknowledged", of: id).isEmpty)
        #expect(try Web.send(try Web.request("POST", link)).status == 200)
        #expect(try gateway.message(id)["state"]?.string == "acked")
        #expect(try gateway.plot(id) == ["started sms", "acknowledged", "ended acked"])
        #expect(try gateway.simulator.told() == ["sms \(Self.owner)"])
    }

    @Test("u: acknowledged after the chain was exhausted: the review closes")
    func late() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: sms, template: alert, ack_within: 1s }]",
                phones: "{ default: { sms: { deliver: 50ms } } }"
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["exhausted"])
        #expect(try gateway.reviews() == ["exhausted open"])
        try gateway.simulator.write("ok", from: Self.owner)
        let message = try gateway.wait(for: id, ["acked"])
        #expect(message["deliveries"]?[0]?["late"]?.bool == true)
        #expect(
            try gateway.plot(id) == [
                "started sms", "clock sms ack_within", "superseded sms", "ended exhausted", "acknowledged",
                "ended acked late",
            ])
        #expect(try gateway.reviews() == ["exhausted closed"])
        #expect(try gateway.simulator.told() == ["sms \(Self.owner)"])
    }
}
