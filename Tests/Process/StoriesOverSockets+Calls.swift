import Forms
import JSON
import Testing

extension ProcessTests.StoriesOverSockets {
    private static let callThenText = "[{ channel: voice, template: alert }, { channel: sms, template: alert }]"
    private static let brokenCall =
        "  faults: [{ kind: status, status: 503, path: Calls, method: POST, after_accepting: true, times: 1 }]"

    @Test("g: 503 although the call was placed: no second call, and the key counts")
    func placedAllTheSame() throws {
        let gateway = try RunningGateway(
            Self.setup(
                Self.callThenText,
                phones: """
                    { default: { sms: { deliver: 50ms }, voice: { ring: 100ms, answer: human, detect: 50ms,
                      do: [{ hear: 200ms }, { press: "1" }] } } }
                    """, world: Self.brokenCall
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["acked"])
        #expect(try gateway.events("ambiguous", of: id).map { $0["attempt"]?.int } == [1])
        #expect(try gateway.plot(id) == ["started voice", "acknowledged", "ended acked"])
        #expect(try gateway.simulator.told() == ["call \(Self.owner)"])
        #expect(try Sent(gateway.simulator, "Calls").sids[Self.owner]?.count == 1)
    }

    @Test("g: 503 although the call was placed and nobody answered: the chain goes on, without a second call")
    func placedAndBusy() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: voice, template: alert }, { channel: voice, template: alert }, { channel: sms, template: alert }]",
                phones: """
                    { default: { sms: { deliver: 50ms, reply: { after: 50ms, text: OK } },
                      voice: { ring: 100ms, outcome: busy } } }
                    """, world: Self.brokenCall
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["acked"])
        #expect(
            try gateway.plot(id) == [
                "started voice", "failed voice busy", "skipped voice calls_spent", "started sms", "acknowledged",
                "ended acked",
            ])
        #expect(try gateway.simulator.told() == ["call \(Self.owner)", "sms \(Self.owner)"])
        #expect(try Sent(gateway.simulator, "Calls").sids[Self.owner]?.count == 1)
    }

    @Test("h: the provider closes its idle connections: the call is still made")
    func idleConnection() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: sms, template: alert, ack_within: 1s }, { channel: voice, template: alert }]",
                phones: """
                    { default: { sms: { deliver: 50ms }, voice: { ring: 100ms, answer: human, detect: 50ms,
                      do: [{ hear: 200ms }, { press: "1" }] } } }
                    """, world: "  faults: [{ kind: idle_close }]"
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["acked"])
        #expect(try gateway.simulator.told() == ["sms \(Self.owner)", "call \(Self.owner)"])
        #expect(try gateway.events("ambiguous", of: id).isEmpty)
        #expect(
            try gateway.plot(id) == [
                "started sms", "clock sms ack_within", "superseded sms", "started voice", "acknowledged", "ended acked",
            ])
    }

    @Test("j: declined, then calls back: hears the alert and presses 1")
    func callsBack() throws {
        let gateway = try RunningGateway(
            Self.setup(
                Self.callThenText,
                phones: """
                    { default: { sms: { deliver: 50ms }, voice: { ring: 100ms, outcome: declined,
                      do: [{ call_back: { after: 1s, do: [{ hear: 300ms }, { press: "1" }, { hear: 2s }] } }] } } }
                    """
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["acked"])
        #expect(
            try gateway.plot(id) == [
                "started voice", "failed voice declined", "started sms", "acknowledged", "ended acked",
            ])
        #expect(try gateway.simulator.told() == ["call \(Self.owner)", "sms \(Self.owner)"])
        let calls = try gateway.simulator.webhooks("Calls")
        let inbound = try #require(calls.first { $0.url.hasSuffix("/voice/inbound") })
        // The document that was answered is answered again to the same request.
        let heard = try gateway.signedWebhook(inbound.url, inbound.form)
        #expect(heard.status == 200)
        #expect(heard.text.contains("You have one open alert.") && heard.text.contains("Main engine needs attention."))
        #expect(calls.contains { $0["CallSid"] == inbound["CallSid"] && $0["Digits"] == "1" })
    }

    @Test("k: voicemail, a message is left: not delivered, and the chain goes on")
    func voicemail() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: voice, template: alert, machine: leave_message }, { channel: sms, template: alert }]",
                phones: """
                    { default: { sms: { deliver: 50ms },
                      voice: { ring: 1s, answer: machine, detect: 100ms, do: [{ hear: 9s }, hangup] } } }
                    """, acknowledged: false
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        let message = try gateway.wait(for: id, ["satisfied"])
        #expect(
            try gateway.plot(id) == [
                "started voice", "clock voice after_call", "failed voice machine", "started sms", "ended satisfied",
            ])
        let attempts = message["deliveries"]?[0]?["attempts"]?.array
        #expect(attempts?.map { $0["level"]?.string } == ["sent", "delivered"])
        #expect(try gateway.simulator.told() == ["call \(Self.owner)", "sms \(Self.owner)"])
        #expect(try leftMessage(gateway).contains("Please call us back."))
    }

    /// What the call said after nobody had pressed a key.
    private func leftMessage(_ gateway: RunningGateway) throws -> String {
        let documents = try gateway.simulator.webhooks("Calls").filter { $0.url.contains("/voice/alert?") }
        #expect(documents.prefix(2).map { $0["Digits"] } == [nil, nil])
        try #require(documents.count >= 2)
        return try gateway.signedWebhook(documents[1].url, documents[1].form).text
    }

    @Test("l: a human taken for a machine presses 1 in the message: acknowledged")
    func mistaken() throws {
        let gateway = try RunningGateway(
            Self.setup(
                Self.callThenText,
                phones: """
                    { default: { voice: { ring: 100ms, answer: human, detected_as: machine_start, detect: 100ms,
                      do: [{ hear: 9s }, { press: "1" }] } } }
                    """
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["acked"])
        #expect(try gateway.plot(id) == ["started voice", "acknowledged", "ended acked"])
        #expect(try gateway.simulator.told() == ["call \(Self.owner)"])
        let calls = try gateway.simulator.webhooks("Calls")
        #expect(calls.contains { $0.url.contains("/voice/amd") && $0["AnsweredBy"] == "machine_start" })
        #expect(try leftMessage(gateway).contains("Please call us back."))
        #expect(calls.filter { $0.url.contains("/voice/alert?") }.map { $0["Digits"] } == [nil, nil, "1"])
    }

    @Test("t: a caller presses 2 for a repeat, 2 again, then 1: every turn is answered, a repeated one alike")
    func turns() throws {
        let keys =
            #"[{ hear: 200ms }, { press: "2" }, { hear: 200ms }, { press: "2" }, { hear: 200ms }, { press: "1" }]"#
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: voice, template: alert }]",
                phones: "{ default: { voice: { ring: 100ms, answer: human, detect: 50ms, do: \(keys) } } }"
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        try gateway.wait(for: id, ["acked"])
        // The last turn's answer is on its way while the acknowledgement is known already.
        let turns = try eventually("four answered turns") {
            let turns = try gateway.simulator.webhooks("Calls").filter { $0.url.contains("/voice/alert?") }
            return turns.count == 4 && turns.allSatisfy { $0.result.int == 200 } ? turns : nil
        }
        #expect(turns.map { $0["Digits"] } == [nil, "2", "2", "1"])
        #expect(Set(turns.map(\.url)).count == 4)
        let before = try gateway.timeline(id)
        for turn in turns {
            let first = try gateway.signedWebhook(turn.url, turn.form)
            let second = try gateway.signedWebhook(turn.url, turn.form)
            #expect(first.status == 200 && first.body == second.body)
            #expect(first.text.contains("Main engine needs attention.") == (turn["Digits"] != "1"))
            #expect(first.text.contains("Your confirmation has been received") == (turn["Digits"] == "1"))
        }
        #expect(try gateway.timeline(id) == before)
        #expect(try gateway.simulator.told() == ["call \(Self.owner)"])
    }

    @Test("t: a turn that the provider asks for twice is answered with the same bytes and has one effect")
    func repeatedTurns() throws {
        let gateway = try RunningGateway(
            Self.setup(
                "[{ channel: voice, template: alert }]",
                phones: "{ default: { voice: { ring: 100ms, answer: human, detect: 50ms, do: [{ hear: 60s }] } } }"
            ).yaml)
        let id = try gateway.accept(.object(Self.alert))
        let opening = try eventually("the first turn") {
            try gateway.simulator.webhooks("Calls").first { $0.url.contains("/voice/alert?") && $0.result.int == 200 }
        }
        let calls: [(turn: Int, key: String)] = [(1, "2"), (2, "2"), (3, "1")]
        for (turn, key) in calls {
            let url = opening.url.replacing("&n=0", with: "&n=\(turn)")
            let form = opening.form + [("Digits", key)]
            let answers = try (0..<3).map { _ in try gateway.signedWebhook(url, form) }
            #expect(Set(answers.map(\.body)).count == 1 && answers[0].status == 200)
            #expect(answers[0].text.contains("Main engine needs attention.") == (key == "2"))
        }
        try gateway.wait(for: id, ["acked"])
        #expect(try gateway.events("acknowledged", of: id).count == 1)
        #expect(try gateway.events("ended", of: id).count == 1)
    }
}
