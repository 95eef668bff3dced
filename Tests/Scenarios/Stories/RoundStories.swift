import JSON
import Testing

@testable import Gateway

@Suite("Stories of rounds and follow-ups")
struct RoundStories {
    static let owner = StoryConfiguration.owner

    private func story(_ phone: JSONValue, _ more: String = "repeat: { times: 2, gap: 15m }") -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                ack: { required: true }
                expires: 2h
                max_calls_total: 2
                \(more)
                fallback:
                  - { channel: sms, template: alert, deliver_within: 2m, ack_within: 5m }
                  - { channel: voice, template: alert, ring_timeout: 20s }
                on_exhausted: review
              second:
                ack: { required: true }
                fallback: [{ channel: whatsapp, template: alert, ack_within: 30m }]
            """)
        story.phones = .object([Self.owner: phone])
        return story
    }

    private static let deaf: JSONValue = ["sms": ["deliver": "1s"], "voice": ["ring": "15s", "outcome": "no_answer"]]

    @Test("nobody answers: a round after each gap, the calls bounded over all of them, then on_exhausted once")
    func unanswered() throws {
        let gateway = try VirtualGateway(story(Self.deaf))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(2 * 3_600))
        let rounds = try gateway.family(id)
        #expect(rounds.count == 3)
        for round in rounds { #expect(try gateway.phase(round) == .exhausted, gateway.told(round)) }
        #expect(try gateway.texts("sms").count == 3)
        #expect(try gateway.calls().count == 2)
        #expect(try gateway.state(rounds[2]).steps[1].status == .skipped(.callsSpent))
        for round in rounds.dropLast() { #expect(try gateway.reviews(round).isEmpty) }
        #expect(try gateway.reviews(rounds[2]).map(\.reason) == ["exhausted"])
        // The gap runs from the end of a round.
        let ends = try rounds.map { try gateway.time($0) { if case .ended = $0 { true } else { false } } }
        let begins = try rounds.map { try gateway.time($0) { $0 == .started(step: 0) } }
        #expect(begins[1] - ends[0] == .seconds(900))
        #expect(begins[2] - ends[1] == .seconds(900))
        #expect(gateway.violations().isEmpty)
        #expect(gateway.core?.relatives.isEmpty == true)
    }

    @Test("an answer in the second round answers the first, and there is no third")
    func answered() throws {
        let gateway = try VirtualGateway(story(Self.deaf))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(1_500))
        try gateway.control("POST", "phones/\(Self.owner)/text", Self.reply)
        gateway.run(for: .seconds(3_600))
        let rounds = try gateway.family(id)
        #expect(rounds.count == 2)
        for round in rounds { #expect(try gateway.phase(round) == .acked, gateway.told(round)) }
        #expect(try gateway.state(id).isLate)
        #expect(try gateway.texts("sms").count == 2)
    }

    private static let reply: JSONValue = ["to": .string(StoryConfiguration.sender), "body": "ok"]

    @Test("an answer between two rounds, or a cancellation, ends the one that waits", arguments: [true, false])
    func between(isAnswered: Bool) throws {
        let gateway = try VirtualGateway(story(Self.deaf))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(600))
        let rounds = try gateway.family(id)
        #expect(try rounds.map(gateway.phase) == [.exhausted, .scheduled])
        gateway.act(isAnswered ? .acknowledge : .cancel, id)
        gateway.run(for: .seconds(3_600))
        #expect(try rounds.map(gateway.phase) == (isAnswered ? [.acked, .acked] : [.exhausted, .cancelled]))
        #expect(try gateway.texts("sms").count == 1)
        #expect(gateway.core?.gauges.open == 0)
    }

    @Test("a person with two rounds of one alert is asked about one alert, not two")
    func oneQuestion() throws {
        let gateway = try VirtualGateway(story(Self.deaf))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(1_500))
        let rounds = try gateway.family(id)
        #expect(rounds.count == 2)
        #expect(gateway.core?.openAlerts([Self.owner]).map(\.delivery) == [rounds[1]])
    }

    @Test("killed while a round waits, and while one is under way: each round begins once, at its time")
    func killed() throws {
        let gateway = try VirtualGateway(story(Self.deaf))
        let id = try gateway.send(TextStories.alert)
        for _ in 0..<12 {
            gateway.run(for: .seconds(300))
            gateway.crash()
            gateway.run(for: .seconds(5))
            try gateway.restart()
        }
        gateway.run(for: .seconds(3 * 3_600))
        let rounds = try gateway.family(id)
        #expect(rounds.count == 3)
        for round in rounds { #expect(try gateway.phase(round) == .exhausted, gateway.told(round)) }
        #expect(try gateway.texts("sms").count == 3)
        #expect(try gateway.calls().count <= 2)
        #expect(gateway.violations().isEmpty)
    }

    @Test("a commit that fails opens no round twice")
    func refused() throws {
        let gateway = try VirtualGateway(story(Self.deaf))
        let id = try gateway.send(TextStories.alert)
        let end = gateway.now + .seconds(4 * 3_600)
        while gateway.now < end {
            gateway.run(for: .seconds(45))
            gateway.store.failNextCommit(with: StoreError(.busy, "planned"))
        }
        let rounds = try gateway.family(id)
        #expect(rounds.count == 3)
        #expect(try gateway.texts("sms").count == 3)
        #expect(gateway.core?.relatives.isEmpty == true)
    }

    @Test("acknowledged and reopened: asked once more, unless it was cancelled", arguments: [true, false])
    func reopened(isCancelled: Bool) throws {
        var answering = Self.deaf.object ?? [:]
        answering["sms"] = ["deliver": "1s", "reply": ["after": "20s", "text": "OK"]]
        let gateway = try VirtualGateway(story(.object(answering), "reopen_after: 1h"))
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        let rounds = try gateway.family(id)
        #expect(try rounds.map(gateway.phase) == [.acked, .scheduled], gateway.told(id))
        if isCancelled { gateway.act(.cancel, id) }
        gateway.run(for: .seconds(2 * 3_600))
        #expect(try rounds.map(gateway.phase) == [.acked, isCancelled ? .cancelled : .acked])
        #expect(try gateway.texts("sms").count == (isCancelled ? 1 : 2))
        #expect(try gateway.family(id).count == 2)
    }

    @Test("a dedupe_key stays taken while a round waits")
    func dedupeKey() throws {
        var answering = Self.deaf.object ?? [:]
        answering["sms"] = ["deliver": "1s"]
        let gateway = try VirtualGateway(story(.object(answering)))
        var alert = TextStories.alert.object ?? [:]
        alert["dedupe_key"] = "bilge"
        let id = try gateway.send(.object(alert))
        gateway.run(for: .seconds(600))
        #expect(try gateway.family(id).count == 2)
        for isKilled in [false, true] {
            if isKilled {
                gateway.crash()
                try gateway.restart()
            }
            let again = try gateway.accept(.object(alert))
            gateway.run(for: .seconds(1))
            #expect(gateway.answers[again.ticket] == .open(id))
        }
        gateway.act(.acknowledge, id)
        gateway.run(for: .seconds(1))
        let free = try gateway.accept(.object(alert))
        gateway.run(for: .seconds(1))
        #expect(gateway.answers[free.ticket] != .open(id))
    }

    @Test("another policy takes over, and its answer answers what it took over from")
    func followUp() throws {
        var story = story(
            [
                "sms": ["undelivered": 30003], "whatsapp": ["deliver": "1s"],
                "voice": ["ring": "2s", "outcome": "busy"],
            ], "")
        story.policies = story.policies.replacing("on_exhausted: review", with: "on_exhausted: { policy: second }")
        let gateway = try VirtualGateway(story)
        let id = try gateway.send(TextStories.alert)
        gateway.run(for: .seconds(60))
        let family = try gateway.family(id)
        #expect(try family.map(gateway.phase) == [.exhausted, .active], gateway.told(id))
        gateway.act(.acknowledge, family[1])
        gateway.run(for: .seconds(1))
        #expect(try family.map(gateway.phase) == [.acked, .acked])
    }
}
