import Glibc
import JSON
import Testing

extension ProcessTests.StoriesOverSockets {
    @Test("e: 2,000 alerts on one long code: nobody is called because they wait")
    func storm() throws {
        // The provider lets fewer pass than the gateway hands in: they wait here and there, for seconds.
        var setup = Self.setup(
            "[{ channel: sms, submit_within: 1s, deliver_within: 1s }, { channel: voice }]",
            phones: "{ default: { sms: { deliver: 50ms } } }",
            world: #"  senders: { "+41791234567": { type: long_code, rate: 250/s } }"#, acknowledged: false)
        setup.sender = #"{ number: "+41791234567", type: long_code }"#
        setup.smsRate = "500/s"
        let gateway = try RunningGateway(setup.yaml)
        let ids = try gateway.acceptAll(2_000, ["text": "Bilge pump"])
        var ended = 0.0
        try eventually("2,000 receipts, so far \(ended)", within: 60, every: 100) {
            ended = try gateway.metric("gateway_deliveries_ended_total")
            return ended >= 2_000 ? true : nil
        }
        #expect(try gateway.metric("gateway_deliveries_ended_total", #"state="satisfied""#) == 2_000)
        let requests = try gateway.simulator.requests()
        #expect(requests.count == 2_000)
        #expect(Set(requests.map(\.told)) == Set(ids.keys.map { "sms " + $0 }))
        // They did wait longer than any clock that could have led to a call.
        let first = try #require(requests.first).time
        let sent = try gateway.simulator.webhooks("Messages").filter { $0["MessageStatus"] == "sent" }
        #expect(try #require(sent.map(\.time).max()) - first > 5_000)
    }

    @Test("i: killed with 500 in lanes: all go out after the restart, once, and none escalates")
    func killed() throws {
        let folder = try Folder()
        let simulator = try RunningSimulator(
            """
              calls: 1000/s
              senders: { "+41791234567": { type: short_code, rate: 1000/s } }
              phones: { default: { sms: { deliver: 50ms } } }
            """, in: folder)
        var setup = Setup(api: simulator.control.url)
        setup.chain = "[{ channel: sms, submit_within: 1s, deliver_within: 1s }, { channel: voice }]"
        setup.smsRate = "1/m"
        let first = try RunningGateway(setup.yaml, environment: simulator.credentials)
        // It takes the minute's only place, so that the others are in the lane and nothing is on its way.
        try first.wait(for: try first.accept(["to": "+41791112233", "text": "first"]), ["satisfied"])
        let ids = try first.acceptAll(500, ["text": "Bilge pump"])
        #expect(try first.metric("gateway_steps_ready") == 500)
        first.program.send(SIGKILL)
        #expect(try first.program.wait() == -SIGKILL)
        #expect(try simulator.control.told() == ["sms +41791112233"])
        setup.smsRate = "1000/s"
        let second = try RunningGateway(setup.yaml, environment: simulator.credentials, in: first.folder)
        try eventually("500 receipts", within: 40) {
            try second.metric("gateway_deliveries_ended_total") >= 500 ? true : nil
        }
        #expect(try second.metric("gateway_deliveries_ended_total", #"state="satisfied""#) == 500)
        let told = try simulator.control.told()
        #expect(told.count == 501)
        #expect(Set(told.dropFirst()) == Set(ids.keys.map { "sms " + $0 }))
    }

    @Test("r: the token was rotated: held, operations are told, and it goes on with the new one")
    func rotated() throws {
        let folder = try Folder()
        let simulator = try RunningSimulator("  phones: { default: { sms: { deliver: 50ms } } }", in: folder)
        var environment = simulator.credentials
        environment["TWILIO_AUTH_TOKEN"] = "ffffffffffffffffffffffffffffffff"
        var setup = Setup(api: simulator.control.url)
        setup.chain = "[{ channel: sms, submit_within: 1s, deliver_within: 1s }, { channel: voice }]"
        let gateway = try RunningGateway(setup.yaml, environment: environment)
        let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
        let held = try gateway.wait(for: id, step: 0, "held")
        #expect(held["deliveries"]?[0]?["steps"]?[0]?["reason"]?.string == "sender_stopped")
        #expect(try gateway.metric("gateway_operations_notices_total", #"reason="sender_stopped""#) == 1)
        #expect(gateway.program.errorOutput.contains(#""event":"sender_stopped""#))
        // Its clock ends and the call that would be next is of the same account: it stays where it is.
        try eventually("the end of submit_within") {
            try gateway.plot(id).contains("clock sms submit_within") ? true : nil
        }
        #expect(try gateway.message(id)["deliveries"]?[0]?["steps"]?[0]?["state"]?.string == "held")
        let token = setup.yaml.replacing("${TWILIO_AUTH_TOKEN:-}", with: simulator.token)
        try gateway.folder.write(token, to: "channels.yaml")
        #expect(try gateway.call("POST", "/-/reload").status == 200)
        try gateway.wait(for: id, ["satisfied"])
        #expect(
            try gateway.plot(id) == [
                "started sms", "held sms sender_stopped", "clock sms submit_within", "ended satisfied",
            ])
        #expect(try simulator.control.told() == ["sms", "sms"].map { $0 + " +41791112233" })
        #expect(try gateway.events("refused", of: id).map { $0["class"]?.string } == ["auth"])
        #expect(try Sent(simulator.control, "Messages").sids["+41791112233"]?.count == 1)
    }
}
