import Gateway
import HTTP
import JSON

/// One stream of server-sent events (WHATWG HTML §9.2): every wanted event, then those that come, for as long as the peer
/// stays.
struct EventStream: EventReader {
    private var query: EventQuery
    private let records: any RecordStore
    private let tenant: String
    private let body: HTTPBodyStream
    /// When a comment is sent, so that nobody in between takes the stream for dead and a peer that left is noticed.
    private var heartbeat: UInt64 = 0

    /// Between two signs of life.
    static let heartbeatPause: UInt64 = 15_000_000_000
    /// So much must be free before more is read: the longest page fits.
    static let room = 128 * 1024
    /// How soon a peer that is slow is looked at again.
    static let slowPause: UInt64 = 50_000_000
    /// Events of one look.
    static let pageSize = 50

    init(_ query: EventQuery, records: any RecordStore, tenant: String, body: HTTPBodyStream) {
        self.query = query
        self.records = records
        self.tenant = tenant
        self.body = body
    }

    mutating func serve(_ window: inout EventWindow, now: UInt64, isLast: Bool) -> UInt64? {
        guard body.isOpen, !isLast else {
            body.finish()
            return nil
        }
        // Not behind its reader's back: what waits is bounded, and a peer that takes nothing is cut off by the server.
        guard body.room >= Self.room else { return now + Self.slowPause }
        do throws(StoreError) {
            return try read(&window, now: now)
        } catch {
            // The reader comes again, with the id of the last event that it has.
            body.finish()
            return nil
        }
    }

    private mutating func read(_ window: inout EventWindow, now: UInt64) throws(StoreError) -> UInt64? {
        let start = try query.position(window.feed, records, tenant)
        let page = try window.page(after: start, query.filter, limit: Self.pageSize)
        query.start = .after(page.end)
        var bytes: [UInt8] = []
        for event in page.events { bytes += Self.message(event) }
        if bytes.isEmpty, now >= heartbeat { bytes = Self.comment }
        if !bytes.isEmpty {
            heartbeat = now + Self.heartbeatPause
            guard body.write(bytes) else { return nil }
        }
        return page.isAtEnd ? heartbeat : now
    }

    private static let comment = Array(":\n\n".utf8)

    /// One event. JSON has no line ends, so one `data:` holds it.
    static func message(_ event: GatewayEvent) -> [UInt8] {
        Array("id: \(event.position.digits)\nevent: \(event.fullType)\ndata: ".utf8) + event.cloudEvent.bytes()
            + Array("\n\n".utf8)
    }
}
