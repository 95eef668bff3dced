/// Events that were read last, for several who read on from about the same place: each row is read and made an event of
/// once. Belongs to one thread.
public struct EventWindow {
    /// Where rows are read when they are not in the window; another one after a reload.
    public var feed: EventFeed
    private var start = EventPosition.start
    private var end = EventPosition.start
    private var events: [GatewayEvent] = []
    private var isAtEnd = false

    private static let limit = 200
    private static let rows = 1_000

    /// An empty window.
    public init(_ feed: EventFeed) { self.feed = feed }

    /// Something was committed since the window was read.
    public mutating func noteNews() { isAtEnd = false }

    /// Wanted events after a position: as `EventFeed.page`, but of at most 1,000 rows.
    public mutating func page(
        after position: EventPosition, _ filter: EventFilter, limit: Int
    ) throws(StoreError) -> EventFeed.Page {
        if position < start || position >= end { try read(after: position) }
        var page = EventFeed.Page(end: position)
        for event in events where event.position > position && filter.admits(event) {
            if page.events.count == limit { return page }
            page.events.append(event)
            page.end = event.position
        }
        page.end = max(position, end)
        page.isAtEnd = isAtEnd
        return page
    }

    private mutating func read(after position: EventPosition) throws(StoreError) {
        let page = try feed.page(after: position, EventFilter(tenant: nil), limit: Self.limit, rows: Self.rows)
        (start, end, events, isAtEnd) = (position, page.end, page.events, page.isAtEnd)
    }
}
