import Gateway
import JSON
import MemoryStore
import Testing

@testable import Server

@Suite("Stories of conferences")
struct ConferenceStories {
    /// Everybody answers after two seconds, but for those whose number ends in 9.
    private func gateway(_ change: (inout StoryConfiguration) -> Void = { _ in }) throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.phones = [
            "+447700900*": ["voice": ["ring": "2s", "answer": "human"]],
            "+447700900999": ["voice": ["outcome": "busy"]],
        ]
        change(&story)
        return try VirtualGateway(story)
    }

    private func act(_ deed: ConferenceAction.Deed, in name: String, _ gateway: VirtualGateway) -> Int {
        let ticket = gateway.takeTicket()
        gateway.submit(.conference(ConferenceAction(deed, in: name, of: "default"), ticket: ticket))
        return ticket
    }

    @discardableResult
    private func invite(
        _ number: String, to name: String = "survey", _ gateway: VirtualGateway,
        _ change: (inout ConferenceInvite) -> Void = { _ in }
    ) -> Int {
        var invite = ConferenceInvite(number: number)
        change(&invite)
        return act(.invite(invite), in: name, gateway)
    }

    private func roster(_ gateway: VirtualGateway, _ name: String = "survey") throws -> ConferenceRoster {
        var query = ConferenceQuery()
        query.name = name
        let found = try #require(try gateway.records.conferences(query, before: nil, limit: 1).first)
        return ConferenceRoster(found, try gateway.records.participants(ofConference: found.id))
    }

    private func events(_ gateway: VirtualGateway) throws -> [String] {
        try gateway.records.eventRows(after: 0, limit: 9_999).compactMap { row in
            guard case .published(let event) = row else { return nil }
            let isOfConference = event.type.hasPrefix("conference.") || event.type.hasPrefix("participant.")
            let label = (try? JSONValue(parsing: event.body))?["label"]?.string
            return isOfConference ? event.type + (label.map { " " + $0 } ?? "") : nil
        }
    }

    private func placed(_ gateway: VirtualGateway) throws -> [SentRequest] {
        try gateway.requests().filter { $0.method == "POST" && $0.path.hasSuffix("/Participants.json") }
    }

    @Test("what is recorded of a conference is filed once, with its sound, under the conference's boat")
    func recorded() throws {
        let gateway = try gateway()
        for number in ["+447700900101", "+447700900102"] {
            invite(number, gateway) { ($0.boat, $0.isRecorded) = ("luna", true) }
        }
        gateway.run(for: .seconds(30))
        _ = act(.end, in: "survey", gateway)
        gateway.run(for: .seconds(30))
        for received in gateway.received where received.request.url.contains("/voice/recording") {
            _ = gateway.repeatWebhook(received.request)
        }
        gateway.run(for: .seconds(5))
        let inbound = try gateway.store.inbound(before: nil, limit: 9)
        #expect(inbound.map(\.from) == ["conference:survey"])
        let body = try JSONValue(parsing: try #require(inbound.first).body)
        let conference = try roster(gateway).conference
        #expect(body["recording"]?["of"] == .string(conference.id.text(.conference)))
        let media = try gateway.store.media(MediaQuery(), before: nil, limit: 9)
        #expect(media.map(\.boat) == ["luna"] && media.map(\.inbound) == inbound.map(\.id))
    }

    private func refusal(_ ticket: Int, _ gateway: VirtualGateway) -> ConferenceRefusal? {
        if case .conferenceRefused(let refusal) = gateway.answers[ticket] { refusal } else { nil }
    }

    private func hangUp(_ number: String, _ gateway: VirtualGateway) throws {
        try gateway.control("POST", "phones/\(number)/hangup")
        gateway.run(for: .seconds(2))
    }

    @Test("a conference for an inspection with three participants is stored with its boat")
    func inspection() throws {
        let gateway = try gateway()
        for (index, label) in ["ana", "ben", "cem"].enumerated() {
            invite("+44770090010\(index)", gateway) { invite in
                invite.label = label
                invite.boat = index == 0 ? "aurora-7" : nil
                invite.contact = label
            }
        }
        gateway.run(for: .seconds(10))
        var now = try roster(gateway)
        #expect(now.conference.boat == "aurora-7" && now.conference.state == .running)
        #expect(now.participants.map(\.label) == ["ana", "ben", "cem"])
        #expect(now.participants.allSatisfy { $0.state == .joined && $0.joined != nil })
        for index in 0..<3 { try hangUp("+44770090010\(index)", gateway) }
        try gateway.restart()
        now = try roster(gateway)
        #expect(now.conference.state == .ended && now.conference.reason == "last-participant-left")
        #expect(now.conference.boat == "aurora-7" && now.participants.map(\.contact) == ["ana", "ben", "cem"])
        #expect(
            try events(gateway) == [
                "participant.joined ana", "conference.started", "participant.joined ben", "participant.joined cem",
                "participant.left ana", "participant.left ben", "participant.left cem", "conference.ended",
            ])
        #expect(try placed(gateway).count == 3)
    }

    @Test("ten conferences with twenty people each")
    func many() throws {
        let gateway = try gateway()
        for index in 0..<200 {
            invite("+4477009001\(10 + index)", to: "room\(index % 10)", gateway) { $0.label = "p\(index)" }
        }
        gateway.run(for: .seconds(60))
        var calls: Set<String> = []
        for index in 0..<10 {
            let now = try roster(gateway, "room\(index)")
            #expect(now.conference.state == .running)
            #expect(now.participants.count == 20 && now.participants.allSatisfy { $0.state == .joined })
            calls.formUnion(now.participants.map(\.providerID))
        }
        #expect(calls.count == 200)
        #expect(try placed(gateway).count == 200)
        let tickets = (0..<10).map { act(.end, in: "room\($0)", gateway) }
        gateway.run(for: .seconds(10))
        for (index, ticket) in tickets.enumerated() {
            #expect(refusal(ticket, gateway) == nil)
            let now = try roster(gateway, "room\(index)")
            #expect(now.conference.state == .ended && now.participants.allSatisfy { $0.state == .left })
        }
        #expect(try gateway.control("GET", "state")["live_calls"] == 0)
    }

    @Test("250 people are in one conference, and the provider refuses the next one")
    func limit() throws {
        let gateway = try gateway()
        for index in 0...250 { invite("+4477009001\(100 + index)", gateway) { $0.label = "p\(index)" } }
        gateway.run(for: .seconds(60))
        let now = try roster(gateway)
        #expect(now.participants.count { $0.state == .joined } == 250)
        let last = try #require(now.participants.last)
        #expect(last.state == .failed && last.code == 16_020 && last.label == "p250")
        #expect(try events(gateway).last { $0.hasPrefix("participant.failed") } == "participant.failed p250")
    }

    @Test("a kill between the intent and the answer places nobody twice", arguments: [0, 1, 2])
    func kill(_ moment: Int) throws {
        let gateway = try gateway()
        invite("+447700900100", gateway) { $0.label = "ana" }
        let death = VirtualGateway.Death.allCases[moment]
        gateway.crash(death)
        gateway.run(for: .seconds(1))
        try gateway.restart()
        gateway.run(for: .seconds(300))
        let placed = try placed(gateway).count
        switch death {
        case .beforeCommit:
            // Nothing was accepted.
            #expect(placed == 0)
            #expect(try gateway.records.conferences(ConferenceQuery(), before: nil, limit: 9).isEmpty)
        case .afterCommit:
            #expect(placed == 0)
            let now = try roster(gateway)
            #expect(now.participants.map(\.state) == [.failed])
            #expect(now.participants.first?.reason == ConferenceParticipant.unconfirmed)
            #expect(now.conference.state == .ended && now.conference.reason == "nobody")
        case .afterRequests:
            #expect(placed == 1)
            #expect(try roster(gateway).participants.map(\.state) == [.joined])
            #expect(try roster(gateway).conference.state == .running)
        }
    }

    @Test("what waits for its turn is called after a kill, once each")
    func killOfMany() throws {
        let gateway = try gateway()
        for index in 0..<100 { invite("+4477009001\(10 + index)", gateway) { $0.label = "p\(index)" } }
        gateway.crash(.afterRequests, inTurn: 4)
        gateway.run(for: .seconds(5))
        try gateway.restart()
        gateway.run(for: .seconds(300))
        let now = try roster(gateway)
        #expect(now.participants.count == 100)
        #expect(now.participants.allSatisfy { $0.state == .joined || $0.reason == ConferenceParticipant.unconfirmed })
        #expect(now.participants.count { $0.state == .joined } >= 80)
        let numbers = try placed(gateway).compactMap { $0.form["To"] }
        #expect(numbers.count == Set(numbers).count)
    }

    @Test("an answer that never comes is looked for, and a 503 is not taken for a refusal")
    func unclear() throws {
        let gateway = try gateway { story in
            story.faults = [
                ["kind": "status", "path": "Participants", "status": 503, "after_accepting": true, "times": 1]
            ]
        }
        invite("+447700900100", gateway) { $0.label = "ana" }
        gateway.run(for: .seconds(60))
        #expect(try roster(gateway).participants.map(\.state) == [.joined])
        #expect(try placed(gateway).count == 1)
    }

    @Test("a provider that asks to slow down is asked again, as nobody was called")
    func slow() throws {
        let gateway = try gateway { story in
            story.faults = [["kind": "status", "path": "Participants", "status": 429, "method": "POST", "times": 2]]
        }
        invite("+447700900100", gateway) { $0.label = "ana" }
        gateway.run(for: .seconds(30))
        #expect(try roster(gateway).participants.map(\.state) == [.joined])
        #expect(try placed(gateway).count == 3)
    }

    @Test("reports that are lost, doubled or late leave the roster true", arguments: ["lost", "doubled", "reordered"])
    func reports(_ what: String) throws {
        let gateway = try gateway { story in
            story.faults = [["kind": "callback", "path": "Conferences", "what": .string(what)]]
        }
        for index in 0..<5 { invite("+44770090010\(index)", gateway) { $0.label = "p\(index)" } }
        gateway.run(for: .seconds(120))
        try hangUp("+447700900100", gateway)
        gateway.run(for: .seconds(900))
        var now = try roster(gateway)
        #expect(now.participants.map(\.state) == [.left, .joined, .joined, .joined, .joined])
        for index in 1..<5 { try hangUp("+44770090010\(index)", gateway) }
        gateway.run(for: .seconds(900))
        now = try roster(gateway)
        #expect(now.conference.state == .ended && now.participants.allSatisfy { $0.state == .left })
        let told = try events(gateway)
        #expect(told.count { $0.hasPrefix("participant.joined") } == 5)
        #expect(told.count { $0.hasPrefix("participant.left") } == 5)
        #expect(told.count { $0 == "conference.ended" } == 1)
    }

    @Test("people are muted, held, told something and removed, and whoever asks is told what came of it")
    func control() throws {
        let gateway = try gateway()
        invite("+447700900100", gateway) { $0.label = "ana" }
        invite("+447700900101", gateway) { $0.label = "ben" }
        gateway.run(for: .seconds(10))
        var change = SeatChange()
        change.isMuted = true
        change.isHeld = true
        let changed = act(.change(participant: "ana", change), in: "survey", gateway)
        let nobody = act(.change(participant: "eve", change), in: "survey", gateway)
        let nowhere = act(.end, in: "elsewhere", gateway)
        let told = act(.announce("https://cdn.example/five.mp3"), in: "survey", gateway)
        gateway.run(for: .seconds(5))
        #expect(refusal(nobody, gateway) == .noParticipant && refusal(nowhere, gateway) == .absent)
        guard case .conferenced(let after, let about) = gateway.answers[changed] else {
            Issue.record("nothing was changed: \(String(describing: gateway.answers[changed]))")
            return
        }
        #expect(after.participants[0].manners.isMuted && after.participants[0].isHeld)
        #expect(about == after.participants[0].id)
        #expect(try roster(gateway).participants[0].isHeld && refusal(told, gateway) == nil)
        var coach = SeatChange()
        coach.coaches = "ana"
        _ = act(.change(participant: "ben", coach), in: "survey", gateway)
        gateway.run(for: .seconds(5))
        #expect(try roster(gateway).participants[1].manners.coaches == "ana")
        let removed = act(.remove(participant: "ana"), in: "survey", gateway)
        gateway.run(for: .seconds(5))
        #expect(refusal(removed, gateway) == nil)
        let now = try roster(gateway)
        #expect(now.participants[0].state == .left)
        #expect(now.participants[1].state == .joined)
        #expect(try events(gateway).filter { $0 == "participant.left ana" }.count == 1)
    }

    @Test("a label, a boat and a key are each taken once")
    func once() throws {
        let gateway = try gateway()
        let key = IdempotencyKey(key: "idem:default:1", fingerprint: String(repeating: "0", count: 64))
        let first = invite("+447700900100", gateway) { invite in
            (invite.label, invite.boat, invite.idempotency) = ("ana", "aurora-7", key)
        }
        let again = invite("+447700900100", gateway) { invite in
            (invite.label, invite.boat, invite.idempotency) = ("ana", "aurora-7", key)
        }
        let label = invite("+447700900101", gateway) { $0.label = "ana" }
        let boat = invite("+447700900101", gateway) { $0.boat = "b-2" }
        gateway.run(for: .seconds(10))
        let id = try #require(try roster(gateway).participants.first?.id)
        #expect(gateway.answers[again] == .replayed(Array(id.text(.participant).utf8)))
        #expect(refusal(first, gateway) == nil && refusal(label, gateway) == .labelTaken)
        #expect(refusal(boat, gateway) == .otherBoat("aurora-7"))
        #expect(try placed(gateway).count == 1)
    }

    @Test("whoever does not come is told, and a conference to which nobody comes is over")
    func nobody() throws {
        let gateway = try gateway()
        invite("+447700900999", gateway) { $0.label = "eve" }
        gateway.run(for: .seconds(60))
        let now = try roster(gateway)
        #expect(now.participants.first?.state == .failed && now.participants.first?.reason == "busy")
        #expect(now.conference.state == .ended)
        #expect(try events(gateway) == ["participant.failed eve", "conference.ended"])
    }

    @Test("a host begins a conference and ends it")
    func host() throws {
        let gateway = try gateway()
        invite("+447700900100", gateway) { $0.manners.startsOnEnter = false }
        gateway.run(for: .seconds(10))
        #expect(try roster(gateway).conference.state == .waiting)
        invite("+447700900101", gateway) { $0.manners.endsOnExit = true }
        gateway.run(for: .seconds(10))
        #expect(try roster(gateway).conference.state == .running)
        try hangUp("+447700900101", gateway)
        let now = try roster(gateway)
        #expect(now.conference.state == .ended && now.participants.allSatisfy { $0.state == .left })
        #expect(now.conference.reason == "participant-with-end-conference-on-exit-left")
    }

    @Test("a store that refuses a commit changes nothing, and whoever waits is told")
    func refused() throws {
        let gateway = try gateway()
        gateway.store.failNextCommit(with: StoreError(.full, "no room"))
        let ticket = invite("+447700900100", gateway) { $0.label = "ana" }
        gateway.run(for: .seconds(10))
        #expect(gateway.answers[ticket] == .unavailable(StoreError(.full, "no room")))
        #expect(try placed(gateway).isEmpty)
        let second = invite("+447700900100", gateway) { $0.label = "ana" }
        gateway.run(for: .seconds(10))
        #expect(refusal(second, gateway) == nil)
        #expect(try roster(gateway).participants.map(\.state) == [.joined])
    }

    @Test("a key with a daily cap of calls calls nobody beyond it")
    func capped() throws {
        let gateway = try gateway()
        var key = KeyRecord(id: "k", name: "", hash: "", scopes: [], tenant: "default", created: gateway.now)
        key.dailyCalls = 1
        let tickets = (0..<2).map { index in
            invite("+44770090010\(index)", gateway) { $0.spend = KeySpend(of: key, calls: 1, micros: 0) }
        }
        gateway.run(for: .seconds(10))
        #expect(refusal(tickets[0], gateway) == nil && refusal(tickets[1], gateway) == .capReached)
        #expect(try placed(gateway).count == 1)
    }

    @Test(
        "a conference outlives kills after each of its first turns, and nobody is called twice",
        arguments: [1, 2, 3, 4, 5, 6])
    func killAfter(_ turn: Int) throws {
        let gateway = try gateway()
        for label in ["ana", "ben"] {
            invite("+44770090010\(label == "ana" ? 0 : 1)", gateway) { invite in
                (invite.label, invite.boat) = (label, "aurora-7")
            }
        }
        gateway.crash(.afterRequests, inTurn: turn)
        gateway.run(for: .seconds(20))
        if gateway.core == nil { try gateway.restart() }
        gateway.run(for: .seconds(300))
        let now = try roster(gateway)
        #expect(now.conference.boat == "aurora-7")
        for participant in now.participants {
            let isKnown = participant.state == .joined || participant.reason == ConferenceParticipant.unconfirmed
            #expect(isKnown, "\(participant)")
        }
        let numbers = try placed(gateway).compactMap { $0.form["To"] }
        #expect(numbers.count == Set(numbers).count)
    }

    @Test("a commit that fails takes the requests of its turn with it, and all who wait are told")
    func refusedChange() throws {
        let gateway = try gateway()
        invite("+447700900100", gateway) { $0.label = "ana" }
        gateway.run(for: .seconds(10))
        gateway.store.failNextCommit(with: StoreError(.full, "no room"))
        var change = SeatChange()
        change.isMuted = true
        let tickets = [
            act(.change(participant: "ana", change), in: "survey", gateway),
            invite("+447700900101", gateway) { $0.label = "ben" },
        ]
        gateway.run(for: .seconds(10))
        for ticket in tickets {
            #expect(gateway.answers[ticket] == .unavailable(StoreError(.full, "no room")))
        }
        #expect(try roster(gateway).participants.map(\.manners.isMuted) == [false])
        #expect(try placed(gateway).count == 1)
        let again = act(.change(participant: "ana", change), in: "survey", gateway)
        gateway.run(for: .seconds(10))
        #expect(refusal(again, gateway) == nil)
        #expect(try roster(gateway).participants.map(\.manners.isMuted) == [true])
    }

    @Test("lists that lag make nobody who is in a conference seem gone")
    func lag() throws {
        let gateway = try gateway { story in
            story.faults = [
                ["kind": "list_lag", "path": "Conferences", "lag": "20s"],
                ["kind": "status", "path": "Participants", "status": 503, "after_accepting": true, "times": 1],
            ]
        }
        invite("+447700900100", gateway) { $0.label = "ana" }
        invite("+447700900101", gateway) { $0.label = "ben" }
        gateway.run(for: .seconds(900))
        #expect(try roster(gateway).participants.map(\.state) == [.joined, .joined])
        #expect(try placed(gateway).count == 2)
    }

    @Test("a participant costs the started minutes in the conference, by the country of the number")
    func cost() throws {
        let gateway = try gateway { story in
            story.sections = """
                prices: { conference: { out: { per: minute, GB: 0.02 USD, "*": 9 USD } } }
                budgets: { all: { per_month: 99 USD } }
                """
        }
        invite("+447700900100", gateway) { $0.label = "ana" }
        invite("+447700900999", gateway) { $0.label = "eve" }
        gateway.run(for: .seconds(100))
        try hangUp("+447700900100", gateway)
        let rows = try gateway.records.costs(from: 0, through: 99_999).filter { $0.kind == "conference" }
        let row = try #require(rows.first)
        #expect(rows.count == 1 && row.attempts == 1 && row.country == "GB" && row.direction == .out)
        #expect(row.estimate == 40_000 && row.channel == "voice")
    }
}
