import Gateway
import JSON

/// One request for a page of events, which may wait until there is something.
struct EventPoll: EventReader {
    private var query: EventQuery
    private let records: any RecordStore
    private let tenant: String
    private let firstLook: UInt64
    private let deadline: UInt64
    private let answer: @Sendable (Result<EventFeed.Page, StoreError>) -> Void

    /// - Parameters:
    ///   - tenant: whose consumers are meant.
    ///   - now: nanoseconds of the clock that never goes back.
    init(
        _ query: EventQuery, records: any RecordStore, tenant: String, now: UInt64,
        answer: @escaping @Sendable (Result<EventFeed.Page, StoreError>) -> Void
    ) {
        self.query = query
        self.records = records
        self.tenant = tenant
        self.answer = answer
        firstLook = now
        deadline = now + UInt64(max(0, query.wait.milliseconds)) * 1_000_000
    }

    mutating func serve(_ window: inout EventWindow, now: UInt64, isLast: Bool) -> UInt64? {
        do throws(StoreError) {
            let start = try query.position(window.feed, records, tenant)
            // Who waits is likely to want what others want now; who reads on, a page of its own.
            let page =
                deadline > firstLook
                ? try window.page(after: start, query.filter, limit: query.limit)
                : try window.feed.page(after: start, query.filter, limit: query.limit)
            if page.events.isEmpty, now < deadline, !isLast {
                query.start = .after(page.end)
                return page.isAtEnd ? deadline : now
            }
            answer(.success(page))
        } catch {
            answer(.failure(error))
        }
        return nil
    }
}

extension EventQuery {
    /// Where to begin, as the store has it now.
    func position(
        _ feed: EventFeed, _ records: any RecordStore, _ tenant: String
    ) throws(StoreError) -> EventPosition {
        switch start {
        case .after(let position): position
        case .latest: try feed.end()
        case .consumer(let name): try records.consumer(name, ofTenant: tenant) ?? .start
        }
    }
}

extension EventFeed.Page {
    /// As the API answers it. There is always a next cursor: more may come.
    var view: JSONValue {
        ["data": .array(events.map(\.cloudEvent)), "next_cursor": .string(end.digits)]
    }
}
