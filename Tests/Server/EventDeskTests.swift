import Foundation
import JSON
import MemoryStore
import Synchronization
import Testing

@testable import Gateway
@testable import HTTP
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

    private var window: EventWindow {
        EventWindow(EventFeed(records: store, plan: { _ in nil }, provider: { _ in nil }))
    }

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
        var (desk, window) = (EventDesk(), window)
        desk.add(try poll("/v1/events", answers))
        desk.pass(&window, now: 0, isNews: false)
        #expect(answers.pages.map(\.events.count) == [0])
        #expect(desk.count == 0 && desk.nextDue == nil)
    }

    @Test("who waits is answered by the first event that is wanted, and only by it")
    func waits() throws {
        let answers = Answers()
        var (desk, window) = (EventDesk(), window)
        desk.add(try poll("/v1/events?wait=30s&types=inbound.*", answers))
        desk.pass(&window, now: 5, isNews: false)
        #expect(desk.nextDue == 30_000_000_000)
        desk.pass(&window, now: 9, isNews: true)
        #expect(answers.pages.isEmpty && desk.count == 1)
        try publish(4)
        desk.pass(&window, now: 9, isNews: false)
        #expect(answers.pages.isEmpty)
        desk.pass(&window, now: 10, isNews: true)
        #expect(answers.pages.first?.events.map(\.position.sequence) == [4])
        #expect(desk.count == 0)
    }

    @Test("a wait ends with an empty page and the place up to which everything was seen")
    func ends() throws {
        try publish(3)
        let answers = Answers()
        var (desk, window) = (EventDesk(), window)
        desk.add(try poll("/v1/events?wait=2s&types=call.*", answers, now: 7))
        desk.pass(&window, now: 7, isNews: false)
        desk.pass(&window, now: 2_000_000_006, isNews: false)
        #expect(answers.pages.isEmpty)
        desk.pass(&window, now: 2_000_000_007, isNews: false)
        #expect(answers.pages.map(\.end.sequence) == [3])
        #expect(answers.pages.first?.view["next_cursor"]?.string == EventPosition.end(ofRow: 3).digits)
    }

    @Test("a named consumer goes on where it acknowledged, and latest is behind everything")
    func starts() throws {
        for sequence in 1...3 { try publish(Int64(sequence)) }
        _ = try store.advance(consumer: "crm", ofTenant: "t", to: EventPosition(sequence: 2, place: 0))
        let answers = Answers()
        var (desk, window) = (EventDesk(), window)
        for start in ["consumer=crm", "consumer=other", "after=latest", "after=" + EventPosition.end(ofRow: 1).digits] {
            desk.add(try poll("/v1/events?" + start, answers))
        }
        desk.pass(&window, now: 0, isNews: false)
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

    @Test("a stream has what there is, then what comes, and a sign of life every 15 seconds")
    func stream() throws {
        try publish(1)
        let body = HTTPBodyStream()
        var (desk, window) = (EventDesk(), window)
        desk.add(EventStream(try query("/v1/events"), records: store, tenant: "t", body: body))
        desk.pass(&window, now: 1, isNews: true)
        let first = try text(body)
        let digits = EventPosition(sequence: 1, place: 0).digits
        #expect(first.hasPrefix("id: \(digits)\nevent: com.gateway.inbound.received.v1\ndata: {"))
        #expect(first.hasSuffix("}\n\n") && first.split(separator: "\n").count == 3)
        #expect(desk.nextDue == 15_000_000_001)
        desk.pass(&window, now: 15_000_000_001, isNews: false)
        #expect(try text(body) == ":\n\n")
        try publish(2)
        desk.pass(&window, now: 15_000_000_002, isNews: true)
        #expect(try text(body).contains(EventPosition(sequence: 2, place: 0).digits))
        body.cut()
        desk.pass(&window, now: 15_000_000_003, isNews: true)
        #expect(desk.count == 0)
    }

    @Test("a stream reads no more than its peer takes")
    func slow() throws {
        for sequence in 1...2_000 { try publish(Int64(sequence)) }
        let body = HTTPBodyStream(limit: 256 * 1024)
        var (desk, window) = (EventDesk(), window)
        desk.add(EventStream(try query("/v1/events"), records: store, tenant: "t", body: body))
        for now in UInt64(1)...100 { desk.pass(&window, now: now, isNews: true) }
        #expect(body.isOpen && body.room < EventStream.room)
        var received = 0
        for now in UInt64(1)...200 {
            if let part = try? text(body) { received += part.components(separatedBy: "id: ").count - 1 }
            desk.pass(&window, now: 1_000_000_000 * now, isNews: false)
        }
        #expect(received == 2_000)
    }

    @Test("readers of one pass share what is read, and none misses what others have read for it")
    func shared() throws {
        let answers = Answers()
        var (desk, window) = (EventDesk(), window)
        for types in ["inbound.*", "call.*", "*"] { desk.add(try poll("/v1/events?wait=30s&types=" + types, answers)) }
        desk.pass(&window, now: 1, isNews: true)
        for sequence in 1...3 {
            try publish(Int64(sequence))
            desk.pass(&window, now: UInt64(1 + sequence), isNews: true)
        }
        #expect(answers.pages.map { $0.events.map(\.position.sequence) } == [[1], [1]])
        #expect(desk.count == 1)
        desk.pass(&window, now: 9, isNews: false, isLast: true)
        #expect(answers.pages.count == 3 && desk.count == 0)
    }

    private func text(_ body: HTTPBodyStream) throws -> String {
        guard case .bytes(let bytes) = body.take() else { throw StoreError(.failed, "nothing was written") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private final class Answers: Sendable {
        private let state = Mutex<[EventFeed.Page]>([])

        var pages: [EventFeed.Page] { state.withLock { $0 } }

        func take(_ result: Result<EventFeed.Page, StoreError>) {
            if case .success(let page) = result { state.withLock { $0.append(page) } }
        }
    }
}
