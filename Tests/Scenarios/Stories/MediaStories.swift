import Gateway
import JSON
import MemoryStore
import Simulator
import Testing

@testable import Assembly

@Suite("Stories of files that people send")
struct MediaStories {
    private static let owner = StoryConfiguration.owner
    private static let other = "+447700900143"
    private static let claimed = "+447700900144"
    private static let stranger = "+447700900145"

    /// Ann has the Aurora, Ben the Boreas and the Calypso, and Eve says that a number is hers.
    private func gateway() throws -> VirtualGateway {
        let gateway = try VirtualGateway(StoryConfiguration("  first: { fallback: [{ channel: sms }] }"))
        for (id, number) in [("ann", Self.owner), ("ben", Self.other), ("eve", Self.claimed)] {
            var contact = ContactRecord(id: id, name: id)
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: id != "eve")]
            try gateway.store.put(contact)
        }
        for (id, person) in [("aurora", "ann"), ("boreas", "ben"), ("calypso", "ben"), ("dora", "eve")] {
            var boat = BoatRecord(id: id, name: id)
            boat.contacts = [BoatContact(contact: person, role: "owner")]
            try gateway.store.put(boat)
        }
        return gateway
    }

    private func send(_ gateway: VirtualGateway, from number: String = owner, files: Int = 1) throws {
        let file: JSONValue = ["type": "image/png", "base64": "iVBORw0KGgo="]
        try gateway.control(
            "POST", "phones/\(number)/text",
            [
                "to": .string(StoryConfiguration.sender), "body": "look",
                "media": .array(Array(repeating: file, count: files)),
            ])
        gateway.run(for: .seconds(2))
    }

    private func files(_ gateway: VirtualGateway) throws -> [MediaRecord] {
        try gateway.store.media(MediaQuery(), before: nil, limit: 100)
    }

    @Test("each file waits from the commit on that files its message, and the message names it")
    func announced() throws {
        let gateway = try gateway()
        try send(gateway, files: 3)
        let media = try files(gateway)
        #expect(media.count == 3)
        let inbound = try #require(try gateway.store.inbound(before: nil, limit: 9).first)
        let body = try #require(try JSONValue(parsing: inbound.body).object)
        let named = body["media"]?.array ?? []
        #expect(named.map { $0["id"]?.string } == media.reversed().map { $0.id.text(.media) })
        for (file, name) in zip(media.reversed(), named) {
            #expect(file.inbound == inbound.id && file.state == .waiting && file.due == file.created)
            #expect(name["url"]?.string == file.url && file.url.hasPrefix(VirtualGateway.simulatorURL + "/2010-04-01/"))
            #expect(name["type"]?.string == "image/png" && file.givenType == "image/png")
        }
        #expect(try gateway.store.waitingMedia(limit: 9).count == 3)
    }

    @Test("a webhook that comes twice, also after a crash, makes no file twice")
    func repeated() throws {
        let gateway = try gateway()
        gateway.crashAfterNextCommit()
        try send(gateway, files: 2)
        let first = try files(gateway)
        #expect(first.count == 2)
        try gateway.restart()
        for _ in 0..<2 {
            let webhook = try #require(gateway.received.first { $0.request.url.hasSuffix("/sms") })
            _ = gateway.repeatWebhook(webhook.request)
            gateway.run(for: .seconds(2))
        }
        #expect(try files(gateway) == first)
        #expect(gateway.received.last?.answer?.status == 200 || gateway.received.last?.answer?.status == 204)
    }

    @Test("a file is a boat's only where a verified number wrote whose person has one boat")
    func boats() throws {
        let gateway = try gateway()
        for (number, contact, boat) in [
            (Self.owner, "ann", "aurora"), (Self.other, "ben", nil), (Self.claimed, "eve", nil),
            (Self.stranger, nil, nil),
        ] as [(String, String?, String?)] {
            try send(gateway, from: number)
            let media = try #require(try files(gateway).first)
            #expect(media.contact == contact)
            #expect(media.boat == boat)
        }
    }

    private func change(_ change: MediaChange, _ gateway: VirtualGateway) -> EngineAnswer? {
        let ticket = gateway.takeTicket()
        gateway.submit(.media(change, ticket: ticket))
        gateway.run(for: .seconds(1))
        return gateway.answers[ticket]
    }

    @Test("what becomes of a file is kept with what others are told of it, once")
    func stored() throws {
        let gateway = try gateway()
        try send(gateway)
        let id = try #require(try files(gateway).first).id
        let content = MediaContent(type: "image/png", size: 8, hash: "4c4b")
        let before = try gateway.store.lastEventRow()
        #expect(change(.ended(id, .stored(content)), gateway) == .recorded)
        #expect(change(.ended(id, .stored(content)), gateway) == .recorded)
        #expect(change(.ended(id, .missing(.notFound)), gateway) == .recorded)
        let media = try #require(try gateway.store.media(id))
        #expect(media.state == .stored && media.content == content && media.reason == nil)
        let rows = try gateway.store.eventRows(after: before, limit: 99)
        #expect(rows.count == 1)
        guard case .published(let row) = rows.first else {
            Issue.record("an event")
            return
        }
        #expect(row.type == "media.stored" && row.subject == id.text(.media) && row.tenant == nil)
        let data = try JSONValue(parsing: row.body)
        #expect(
            data["boat"] == "aurora" && data["bytes"] == 8 && data["inbound"]?.string == media.inbound.text(.inbound))
    }

    @Test("what was not to be had is an error, and is tried again when somebody asks")
    func failed() throws {
        let gateway = try gateway()
        try send(gateway)
        let id = try #require(try files(gateway).first).id
        for reason in [MediaReason.unavailable, .diskFull, .unavailable, .unavailable] {
            #expect(change(.ended(id, .missing(reason)), gateway) == .recorded)
        }
        #expect(try gateway.store.media(id)?.state == .failed)
        let codes = try gateway.store.errors(ErrorQuery(), before: nil, limit: 9).map(\.code)
        #expect(Set(codes) == ["media_not_written", "media_failed"])
        #expect(change(.retried(id), gateway) == .recorded)
        #expect(try gateway.store.waitingMedia(limit: 9).map(\.id) == [id])
        #expect(change(.filed(id, boat: "boreas"), gateway) == .recorded)
        #expect(try gateway.store.media(id)?.boat == "boreas")
        let unknown = try #require(RecordID(rawValue: 5))
        #expect(change(.retried(unknown), gateway) == .notFound)
    }

    @Test("what is to be gone takes no more changes, and its row goes with its last one")
    func removed() throws {
        let gateway = try gateway()
        try send(gateway)
        let id = try #require(try files(gateway).first).id
        #expect(change(.removed(id), gateway) == .recorded)
        #expect(try gateway.store.media(id)?.state == .removed)
        #expect(try files(gateway).isEmpty)
        let before = try gateway.store.lastEventRow()
        let content = MediaContent(type: "image/png", size: 8, hash: "4c4b")
        for late in [MediaChange.ended(id, .stored(content)), .retried(id), .filed(id, boat: "dora"), .removed(id)] {
            #expect(change(late, gateway) == .notFound)
        }
        #expect(try gateway.store.media(id)?.state == .removed)
        #expect(try gateway.store.lastEventRow() == before)
        #expect(change(.gone(id), gateway) == .recorded)
        #expect(try gateway.store.media(id) == nil)
    }

    @Test("two changes in one turn both count, and none does when the commit fails")
    func turns() throws {
        let gateway = try gateway()
        try send(gateway)
        let id = try #require(try files(gateway).first).id
        let tickets = [gateway.takeTicket(), gateway.takeTicket()]
        gateway.store.failNextCommit(with: StoreError(.full, "full"))
        gateway.submit(.media(.filed(id, boat: "dora"), ticket: tickets[0]))
        gateway.run(for: .seconds(1))
        if case .unavailable = gateway.answers[tickets[0]] {} else { Issue.record("nothing happened") }
        #expect(try gateway.store.media(id)?.boat == "aurora")
        gateway.submit(.media(.filed(id, boat: "dora"), ticket: tickets[1]))
        let last = gateway.takeTicket()
        gateway.submit(.media(.ended(id, .missing(.tooLarge)), ticket: last))
        gateway.run(for: .seconds(1))
        let media = try #require(try gateway.store.media(id))
        #expect(media.boat == "dora" && media.state == .refused && media.reason == .tooLarge)
    }
}
