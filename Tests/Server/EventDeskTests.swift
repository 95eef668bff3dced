import HTTP
import JSON
import MemoryStore
import Synchronization
import Testing

@testable import Gateway
@testable import Server

@Suite("readers of events who wait")
struct EventDeskTests {
    private let store = InMemoryStore()

    private func publish(_ sequence: Int64) throws {
        let lease = try store.open(partition: 0)
        var batch = Batch()
        batch.published = [
            PublishedRecord(
                sequence: sequence, at: Timestamp(milliseconds: sequence), type: "inbound.received", subject: "inb_1",
                tenant: nil, body: Array("{}".utf8))
        ]
        try store.commit(batch, lease)
    }

    private var feed: EventFeed { EventFeed(records: store, plan: { _ in nil }, provider: { _ in nil }) }

    private func query(_ target: String) throws -> EventQuery {
        let list = try ListQuery(HTTPRequest(method: "GET", target: target), filters: EventQuery.filters)
        return try EventQuery(list, tenant: nil)
    }

    private func poll(_ target: String, _ answers: Answers, now: UInt64 = 0) throws -> EventPoll {
        EventPoll(try query(target), records: store, tenant: "t", now: now) { answers.take($0) }
    }

    @Test("who does not wait is answered at once, also with nothing")
    func atOnce() throws {
        let answers = Answers()
        var desk = EventDesk()
        desk.add(try poll("/v1/events", answers))
        desk.pass(feed, now: 0, isNews: false)
        #expect(answers.pages.map(\.events.count) == [0])
        #expect(desk.count == 0 && desk.nextDue == nil)
    }

    @Test("who waits is answered by the first event that is wanted, and only by it")
    func waits() throws {
        let answers = Answers()
        var desk = EventDesk()
        desk.add(try poll("/v1/events?wait=30s&types=inbound.*", answers))
        desk.pass(feed, now: 5, isNews: false)
        #expect(desk.nextDue == 30_000_000_000)
        desk.pass(feed, now: 9, isNews: true)
        #expect(answers.pages.isEmpty && desk.count == 1)
        try publish(4)
        desk.pass(feed, now: 9, isNews: false)
        #expect(answers.pages.isEmpty)
        desk.pass(feed, now: 10, isNews: true)
        #expect(answers.pages.first?.events.map(\.position.sequence) == [4])
        #expect(desk.count == 0)
    }

    @Test("a wait ends with an empty page and the place up to which everything was seen")
    func ends() throws {
        try publish(3)
        let answers = Answers()
        var desk = EventDesk()
        desk.add(try poll("/v1/events?wait=2s&types=call.*", answers, now: 7))
        desk.pass(feed, now: 7, isNews: false)
        desk.pass(feed, now: 2_000_000_006, isNews: false)
        #expect(answers.pages.isEmpty)
        desk.pass(feed, now: 2_000_000_007, isNews: false)
        #expect(answers.pages.map(\.end.sequence) == [3])
        #expect(answers.pages.first?.view["next_cursor"]?.string == EventPosition.end(ofRow: 3).digits)
    }

    @Test("a named consumer goes on where it acknowledged, and latest is behind everything")
    func starts() throws {
        for sequence in 1...3 { try publish(Int64(sequence)) }
        _ = try store.advance(consumer: "crm", ofTenant: "t", to: EventPosition(sequence: 2, place: 0))
        let answers = Answers()
        var desk = EventDesk()
        for start in ["consumer=crm", "consumer=other", "after=latest", "after=" + EventPosition.end(ofRow: 1).digits] {
            desk.add(try poll("/v1/events?" + start, answers))
        }
        desk.pass(feed, now: 0, isNews: false)
        #expect(answers.pages.map { $0.events.map(\.position.sequence) } == [[3], [1, 2, 3], [], [2, 3]])
    }

    @Test(
        "parameters that mean nothing are refused",
        arguments: [
            "after=x", "wait=2h", "wait=x", "consumer=a%20b", "consumer=a&after=latest", "limit=0", "what=1",
            "after=latest&cursor=0000000000000",
        ])
    func refused(_ parameters: String) {
        #expect(throws: Problem.self) { try query("/v1/events?" + parameters) }
    }

    private final class Answers: Sendable {
        private let state = Mutex<[EventFeed.Page]>([])

        var pages: [EventFeed.Page] { state.withLock { $0 } }

        func take(_ result: Result<EventFeed.Page, StoreError>) {
            if case .success(let page) = result { state.withLock { $0.append(page) } }
        }
    }
}
