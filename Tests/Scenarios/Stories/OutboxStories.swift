import Gateway
import JSON
import MemoryStore
import Testing

@Suite("Stories of what other systems are told")
struct OutboxStories {
    private static let hook = "http://hooks.test/ended"
    private static let refusal = StoreError(.full, "planned")

    /// A chain whose only text fails at once, so that the webhook is due after a second.
    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                fallback: [{ channel: sms, template: alert }]
                on_exhausted: { webhook: "\(Self.hook)" }
            """)
        story.phones = ["default": ["sms": ["undelivered": 30003, "after": "1s"]]]
        return try VirtualGateway(story)
    }

    private func exhaust(_ gateway: VirtualGateway, within span: Duration = .seconds(30)) throws -> RecordID {
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: span)
        #expect(try gateway.phase(id) == .exhausted, gateway.told(id))
        return id
    }

    private func outcomes(_ gateway: VirtualGateway) -> [OutgoingOutcome] {
        gateway.notices.compactMap { if case .outgoing(_, _, _, let outcome) = $0 { outcome } else { nil } }
    }

    @Test("the end of a chain is told once, with an id, to a receiver that answers")
    func told() throws {
        let gateway = try gateway()
        gateway.hook = { _ in .answered(status: 204, headers: [], body: []) }
        let id = try exhaust(gateway)
        gateway.run(for: .seconds(7_200))
        #expect(gateway.hooked.count == 1)
        let request = try #require(gateway.hooked.first?.request)
        #expect(request.method == "POST")
        #expect(request.url == Self.hook)
        let fields = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(fields["webhook-id"]?.hasPrefix("evt_") == true)
        let sent = try #require(gateway.hooked.first?.time)
        #expect(fields["webhook-timestamp"] == String(sent.milliseconds / 1_000))
        let body = try JSONValue(parsing: request.body)
        #expect(body["type"]?.string == "delivery.exhausted")
        #expect(body["delivery"]?.string == id.text(.delivery))
        #expect(body["message"]?.string == id.text(.message))
        #expect(body["policy"]?.string == "first")
        #expect(outcomes(gateway) == [.told])
        #expect(try gateway.store.outgoing().isEmpty)
    }

    @Test(
        "a receiver that fails, hangs or redirects is tried again, later each time, with the same id and body",
        arguments: [
            ProviderAnswer.answered(status: 500, headers: [], body: []),
            .answered(status: 302, headers: [ProviderField("Location", "http://elsewhere.test/")], body: []),
            .answered(status: 429, headers: [], body: []), .broken(.timeout), .notSent(.connect),
        ])
    func tried(_ answer: ProviderAnswer) throws {
        let gateway = try gateway()
        gateway.hook = { _ in answer }
        _ = try exhaust(gateway)
        gateway.run(for: .seconds(200))
        let pauses = zip(gateway.hooked, gateway.hooked.dropFirst()).map { ($1.time - $0.time).milliseconds }
        #expect(pauses.count >= 5)
        for (index, pause) in pauses.enumerated() {
            let highest = Int64(5_000) << Int64(index)
            #expect((highest / 2...highest + 2).contains(pause), "pause \(index) is \(pause) ms")
        }
        #expect(Set(gateway.hooked.map(\.request.url)) == [Self.hook])
        #expect(Set(gateway.hooked.map { $0.request.body }).count == 1)
        #expect(Set(gateway.hooked.map { $0.request.headers.first { $0.name == "webhook-id" } }).count == 1)
        gateway.hook = { _ in .answered(status: 200, headers: [], body: []) }
        gateway.run(for: .seconds(3_600))
        #expect(outcomes(gateway).last == .told)
        #expect(try gateway.store.outgoing().isEmpty)
    }

    @Test("410 ends it at once, and after a day it is given up")
    func ends() throws {
        let gone = try gateway()
        gone.hook = { _ in .answered(status: 410, headers: [], body: []) }
        _ = try exhaust(gone)
        gone.run(for: .seconds(7_200))
        #expect(outcomes(gone) == [.gone])
        let dead = try gateway()
        dead.hook = { _ in .notSent(.dns) }
        _ = try exhaust(dead)
        dead.run(for: .seconds(23 * 3_600))
        #expect(!outcomes(dead).contains(.givenUp))
        #expect(try dead.store.outgoing().count == 1)
        dead.run(for: .seconds(2 * 3_600))
        #expect(outcomes(dead).count { $0 == .givenUp } == 1)
        #expect(try dead.store.outgoing().isEmpty)
        let tries = dead.hooked.count
        #expect((30...60).contains(tries))
        dead.run(for: .seconds(10 * 3_600))
        #expect(dead.hooked.count == tries)
    }

    @Test("a kill between the commit and the request, or before the answer, loses nothing: the same id comes again")
    func killed() throws {
        let gateway = try gateway()
        gateway.hook = { _ in nil }
        _ = try exhaust(gateway, within: .seconds(10))
        #expect(gateway.hooked.count == 1)
        gateway.crash()
        gateway.run(for: .seconds(60))
        gateway.hook = { _ in .answered(status: 200, headers: [], body: []) }
        try gateway.restart()
        gateway.run(for: .seconds(1))
        try #require(gateway.hooked.count == 2)
        #expect(gateway.hooked[0].request.headers[1] == gateway.hooked[1].request.headers[1])
        #expect(gateway.hooked[0].request.body == gateway.hooked[1].request.body)
        #expect(try gateway.store.outgoing().isEmpty)
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(3_600))
        #expect(gateway.hooked.count == 2)
    }

    @Test("a failed commit repeats neither the request nor the answer, and loses neither")
    func refused() throws {
        for moment in stride(from: Int64(0), to: 3_000, by: 20) {
            let gateway = try gateway()
            gateway.hook = { _ in .answered(status: 200, headers: [], body: []) }
            gateway.hookPause = .milliseconds(200)
            _ = try gateway.accept(LaneStories.alert(1))
            gateway.run(for: .milliseconds(moment + 1))
            gateway.store.failNextCommit(with: Self.refusal)
            gateway.run(for: .seconds(60))
            #expect(gateway.hooked.count <= 1, "at \(moment) ms")
            #expect(try gateway.store.outgoing().isEmpty, "at \(moment) ms")
            #expect(gateway.core?.gauges.outgoing == 0, "at \(moment) ms")
        }
    }

    @Test("an acknowledgement withdraws what was not told yet")
    func acknowledged() throws {
        let gateway = try gateway()
        gateway.hook = { _ in .notSent(.connect) }
        let id = try exhaust(gateway)
        let tries = gateway.hooked.count
        #expect(tries > 0)
        gateway.act(.acknowledge, id)
        gateway.run(for: .seconds(7_200))
        #expect(try gateway.phase(id) == .acked)
        #expect(gateway.hooked.count == tries)
        #expect(try gateway.store.outgoing().isEmpty)
        #expect(!outcomes(gateway).contains(.givenUp))
    }

    /// A chain for each receiver, all of which end at once.
    private func gateway(receivers: [String]) throws -> VirtualGateway {
        var story = StoryConfiguration(
            receivers.enumerated().map { index, receiver in
                """
                  \(index == 0 ? "first" : "chain\(index)"):
                    ack: { required: true }
                    fallback: [{ channel: sms, template: alert }]
                    on_exhausted: { webhook: "http://hooks.\(receiver)" }
                """
            }.joined(separator: "\n"))
        story.phones = ["default": ["sms": ["undelivered": 30003, "after": "1s"]]]
        return try VirtualGateway(story)
    }

    private func exhaust(_ gateway: VirtualGateway, _ numbers: Range<Int>, chain: String) throws {
        for number in numbers {
            var alert = LaneStories.alert(number).object ?? [:]
            alert["policy"] = .string(chain)
            _ = try gateway.accept(.object(alert))
        }
    }

    @Test(
        "a receiver that hangs holds at most 8 of the 32 places, at whichever of its addresses; others are told at once"
    )
    func hanging() throws {
        let gateway = try gateway(receivers: ["test/a", "test/b", "other/c"])
        gateway.hook = { request in
            request.url.hasPrefix("http://hooks.other/") ? .answered(status: 200, headers: [], body: []) : nil
        }
        try exhaust(gateway, 0..<40, chain: "first")
        try exhaust(gateway, 40..<80, chain: "chain1")
        gateway.run(for: .seconds(4))
        #expect(gateway.hooked.count == 8)
        try exhaust(gateway, 80..<90, chain: "chain2")
        gateway.run(for: .seconds(4))
        #expect(gateway.hooked.count == 8 + 10)
        #expect(outcomes(gateway) == Array(repeating: .told, count: 10))
        // What hung makes room for what waits, and a commit that fails leaves nobody waiting for ever.
        gateway.store.failNextCommit(with: Self.refusal)
        gateway.run(for: .seconds(12))
        #expect(gateway.hooked.count > 18)
        gateway.hook = { _ in .answered(status: 200, headers: [], body: []) }
        gateway.run(for: .seconds(300))
        #expect(outcomes(gateway).count { $0 == .told } == 90)
        #expect(try gateway.store.outgoing().isEmpty)
    }

    @Test("what is withdrawn while it waits for its receiver keeps nothing that waits behind it")
    func withdrawn() throws {
        let gateway = try gateway(receivers: ["test/"])
        gateway.hook = { _ in nil }
        let ids = try (0..<20).map { try gateway.send(LaneStories.alert($0)) }
        gateway.run(for: .seconds(4))
        #expect(gateway.hooked.count == 8)
        let told = Set(
            gateway.hooked.compactMap { try? JSONValue(parsing: $0.request.body)["delivery"]?.string })
        let waiting = ids.filter { !told.contains($0.text(.delivery)) }
        for id in waiting.dropLast() { gateway.act(.acknowledge, id) }
        gateway.hook = { _ in .answered(status: 200, headers: [], body: []) }
        gateway.run(for: .seconds(13))
        // The eight have not been tried again yet.
        #expect(gateway.hooked.count == 9)
        #expect(outcomes(gateway).count { $0 == .told } == 1)
        gateway.run(for: .seconds(60))
        #expect(try gateway.store.outgoing().isEmpty)
    }

    @Test("receivers that hang hold at most 32 requests together, and everything is told in the end")
    func window() throws {
        let receivers = (0..<5).map { "test\($0)/" }
        let gateway = try gateway(receivers: receivers)
        gateway.hook = { _ in nil }
        for chain in 0..<5 {
            try exhaust(gateway, chain * 16..<chain * 16 + 16, chain: chain == 0 ? "first" : "chain\(chain)")
        }
        gateway.run(for: .seconds(9))
        #expect(gateway.hooked.count == 32)
        gateway.hook = { _ in .answered(status: 200, headers: [], body: []) }
        gateway.run(for: .seconds(120))
        #expect(outcomes(gateway).count { $0 == .told } == 80)
        #expect(try gateway.store.outgoing().isEmpty)
    }
}
