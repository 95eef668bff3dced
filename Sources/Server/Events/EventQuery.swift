import Gateway
import HTTP
import Patterns

/// What a reader of events asks for: `GET /v1/events` with its parameters.
struct EventQuery: Sendable {
    /// Where to begin.
    enum Start: Sendable, Hashable {
        case after(EventPosition)
        /// Behind what there is when the request comes.
        case latest
        /// Where the consumer acknowledged last; the beginning before it did.
        case consumer(String)
    }

    var start = Start.after(.start)
    var filter: EventFilter
    /// 1...500 events.
    var limit: Int
    /// How long to wait when there is nothing.
    var wait = Duration.zero

    static let filters: Set<String> = ["after", "types", "subject", "wait", "consumer"]
    /// A proxy in between would not wait longer.
    static let longestWait = Duration.seconds(60)

    /// - Parameter tenant: the caller's; `nil` for one who sees everybody's events.
    init(_ list: ListQuery, tenant: String?) throws(Problem) {
        limit = list.limit
        filter = EventFilter(tenant: tenant)
        filter.types = try Self.types(list.filters["types"])
        filter.subject = list.filters["subject"]
        start = try Self.start(list)
        guard let text = list.filters["wait"] else { return }
        guard let span = Duration(written: text), (.zero...Self.longestWait).contains(span) else {
            throw Problem(400, "bad_wait", "wait is a duration of 0s to 60s, such as 30s.")
        }
        wait = span
    }

    private static func start(_ list: ListQuery) throws(Problem) -> Start {
        let given = [list.filters["after"], list.after, list.filters["consumer"]].compactMap { $0 }
        guard given.count < 2 else {
            throw Problem(400, "ambiguous_start", "Give one of 'after', 'cursor' and 'consumer'.")
        }
        if let name = list.filters["consumer"] {
            guard JobCodec.isIdentifier(name) else { throw Self.badConsumer }
            return .consumer(name)
        }
        guard let text = given.first else { return .after(.start) }
        if text == "latest" { return .latest }
        guard let position = EventPosition(text) else {
            throw Problem(400, "bad_cursor", "This is no cursor of events; take 'next_cursor' of an answer.")
        }
        return .after(position)
    }

    static let badConsumer = Problem(
        400, "bad_consumer", "A consumer's name is 1 to 64 letters, digits, dots, dashes and underscores.")

    /// Globs with commas between.
    static func types(_ text: String?) throws(Problem) -> [Glob] {
        let words = text?.split(separator: ",").map { String($0) } ?? []
        guard words.count <= 32, words.allSatisfy({ $0.utf8.count <= 100 }) else {
            throw Problem(400, "bad_types", "types is at most 32 names or globs of 100 bytes, with commas between.")
        }
        return words.map { Glob($0) }
    }
}
