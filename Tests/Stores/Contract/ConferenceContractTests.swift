import Gateway
import Testing

@Suite("conferences, of every store")
struct ConferenceContractTests {
    private static func conference(_ raw: Int64, _ name: String = "c", boat: String? = nil) -> ConferenceRecord {
        var record = ConferenceRecord(
            id: Sample.id(raw), tenant: "t", name: name, channel: "voice", provider: "twilio", at: Sample.time(raw))
        record.boat = boat
        return record
    }

    private static func participant(_ raw: Int64, of conference: Int64) -> ConferenceParticipant {
        ConferenceParticipant(
            id: Sample.id(raw), conference: Sample.id(conference), number: "+447700900123", label: "p\(raw)",
            manners: ConferenceManners(), at: Sample.time(raw))
    }

    @Test("a conference and its people come back whole, and are replaced whole", arguments: StoreKind.allCases)
    func whole(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let (store, records) = (fixture.deliveries, fixture.records)
        let lease = try store.open(partition: 0)
        var conference = Self.conference(7, boat: "é")
        var person = Self.participant(9, of: 7)
        try store.commit(lease) { batch in
            batch.conferences = [conference]
            batch.conferenceParticipants = [person, Self.participant(8, of: 7)]
        }
        #expect(try store.openConferences() == [ConferenceRoster(conference, [Self.participant(8, of: 7), person])])
        #expect(try store.highest().id == Sample.id(9))
        conference.state = .running
        conference.providerID = "CF1"
        conference.isRecorded = true
        (conference.started, conference.reason) = (Sample.time(9), "")
        person.contact = "ana"
        (person.manners.startsOnEnter, person.manners.endsOnExit, person.manners.isMuted) = (false, true, true)
        (person.manners.coaches, person.isHeld, person.providerID) = ("b", true, "CA1")
        (person.joined, person.left, person.reason) = (Sample.time(1), Sample.time(2), "busy")
        (person.code, person.sequence, person.state) = (-5, 77, .left)
        try store.commit(lease) { batch in
            batch.conferences = [Self.conference(7), conference]
            batch.conferenceParticipants = [person]
        }
        #expect(try store.openConferences().first?.conference == conference)
        #expect(try records.participants(ofConference: Sample.id(7)) == [Self.participant(8, of: 7), person])
        #expect(try records.participant(Sample.id(9)) == person)
        #expect(try records.participant(Sample.id(3)) == nil)
        conference.state = .ended
        conference.ended = Sample.time(3)
        try store.commit(lease) { $0.conferences = [conference] }
        #expect(try store.openConferences().isEmpty)
        #expect(try records.conferences(ConferenceQuery(), before: nil, limit: 9) == [conference])
    }

    @Test("conferences are listed newest first, by tenant, boat, name and state", arguments: StoreKind.allCases)
    func lists(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let lease = try fixture.deliveries.open(partition: 0)
        var ended = Self.conference(3, "d", boat: "b")
        ended.state = .ended
        try fixture.deliveries.commit(lease) { batch in
            batch.conferences = [Self.conference(1), Self.conference(2, "d"), ended, Self.conference(4, boat: "b")]
        }
        func found(_ change: (inout ConferenceQuery) -> Void, before: Int64? = nil, limit: Int = 9) throws -> [Int64] {
            var query = ConferenceQuery()
            change(&query)
            let rows = try fixture.records.conferences(query, before: before.map { Sample.id($0) }, limit: limit)
            return rows.map(\.id.rawValue)
        }
        let ids = (1...4).map { Sample.id(Int64($0)).rawValue }
        #expect(try found { _ in } == ids.reversed())
        #expect(try found({ _ in }, before: 3, limit: 1) == [ids[1]])
        #expect(try found { $0.boat = "b" } == [ids[3], ids[2]])
        #expect(try found { $0.name = "d" } == [ids[2], ids[1]])
        #expect(try found { $0.states = [.waiting, .running] } == [ids[3], ids[1], ids[0]])
        #expect(try found { $0.tenant = "u" }.isEmpty)
        #expect(try found { $0.states = [] }.isEmpty)
    }
}
