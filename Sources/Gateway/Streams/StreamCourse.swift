import Patterns

/// Events on their way into a stream, each exactly once and in order. It has no clock and no thread.
///
/// The stream itself says how far it is: an entry's id is made of the event's position, so after every break the last id is
/// asked for and events go on behind it. Whatever was lost in between, an answer, a process, the last second of a server's
/// disk, is added again; whatever arrived is not.
public struct StreamCourse {
    /// How it goes.
    public struct Progress: Sendable, Hashable {
        /// The last event that the stream has, as far as is known; at first where it begins.
        public var position: EventPosition?
        /// The stream has said how far it is, since the last break.
        public var isKnown = false
        /// Events that were added since the start of the process.
        public var told = 0
        /// Tries in a row that failed.
        public var failures = 0
        /// Since when nothing could be added; `nil` while it can.
        public var awaySince: Timestamp?
        /// Why not, for a person.
        public var reason: String?
        /// A person has to do something about it.
        public var isRefused = false
        /// When it is tried again.
        public var due: Timestamp?

        /// `unknown`, `told`, `away` or `refused`.
        public var word: String {
            if isRefused { return "refused" }
            return awaySince != nil ? "away" : isKnown ? "told" : "unknown"
        }
    }

    /// How it goes.
    public private(set) var progress = Progress()
    private let from: RedisSettings.Beginning
    private let filter: EventFilter
    /// What was known of it before the process began.
    private let cursor: EventPosition?
    /// Where events are read on; `nil` before the stream said how far it is.
    private var readTo: EventPosition?
    private var mayHaveNews = true

    private static let pageSize = 100
    /// Pages before others have their turn.
    private static let mostPages = 20
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(60)

    /// - Parameter cursor: the last event that was told in an earlier run; `nil` for none.
    public init(_ settings: RedisSettings, cursor: EventPosition?) {
        from = settings.from
        self.cursor = cursor
        filter = EventFilter(types: settings.types.map { Glob($0) }, tenant: nil)
    }

    /// Something was committed that may be an event.
    public mutating func noteNews() { mayHaveNews = true }

    /// Adds what there is.
    /// - Parameter jitter: 0 to 1.
    /// - Returns: When the next look is due at the latest; `nil` for not before there is news.
    public mutating func pass(
        _ stream: inout some StreamSink, _ window: inout EventWindow, now: Timestamp, jitter: Double
    ) -> Timestamp? {
        // Further away than any pause: the clock was set back meanwhile.
        if let due = progress.due, due > now, due - now <= Self.longestPause { return due }
        do throws(StoreError) {
            // Before the stream is asked: what happens while it is away from the first moment on is not lost.
            if progress.position == nil { progress.position = try beginning(window.feed) }
            guard let fault = try add(&stream, &window) else {
                progress.isKnown = readTo != nil
                if readTo != nil { (progress.failures, progress.due, progress.awaySince) = (0, nil, nil) }
                (progress.reason, progress.isRefused) = (nil, false)
                return mayHaveNews ? now : nil
            }
            return failed(fault, now: now, jitter: jitter)
        } catch {
            return now + Self.firstPause
        }
    }

    private mutating func add(
        _ stream: inout some StreamSink, _ window: inout EventWindow
    ) throws(StoreError) -> StreamFault? {
        do {
            for _ in 0..<Self.mostPages where readTo == nil || mayHaveNews {
                let position = try readTo ?? synchronize(&stream, window.feed)
                readTo = position
                let page = try window.page(after: position, filter, limit: Self.pageSize)
                if let last = page.events.last {
                    try stream.append(page.events)
                    progress.told += page.events.count
                    progress.position = last.position
                }
                readTo = page.end
                mayHaveNews = !page.isAtEnd
            }
            return nil
        } catch let error as StoreError {
            throw error
        } catch let fault as StreamFault {
            return fault
        } catch {
            return .away("\(error)")
        }
    }

    /// Where to go on.
    private mutating func synchronize(_ stream: inout some StreamSink, _ feed: EventFeed) throws -> EventPosition {
        if let last = try stream.lastID() {
            guard last.position <= (try feed.end()) else {
                throw StreamFault.refused(
                    "the stream's last entry \(last.text) is later than every event of this gateway: others write to it, "
                        + "or the gateway's data were restored; name another stream")
            }
            progress.position = last.position
            mayHaveNews = true
            return last.position
        }
        mayHaveNews = true
        return progress.position ?? cursor ?? .start
    }

    /// Where a stream begins that says nothing.
    private func beginning(_ feed: EventFeed) throws(StoreError) -> EventPosition {
        if let cursor { return cursor }
        return from == .now ? try feed.end() : .start
    }

    private mutating func failed(_ fault: StreamFault, now: Timestamp, jitter: Double) -> Timestamp {
        (readTo, progress.isKnown) = (nil, false)
        progress.failures += 1
        progress.awaySince = progress.awaySince ?? now
        let highest: Duration
        switch fault {
        case .away(let words):
            (progress.reason, progress.isRefused) = (words, false)
            highest = min(Self.longestPause, Self.firstPause * (1 << min(progress.failures - 1, 16)))
        case .refused(let words):
            (progress.reason, progress.isRefused) = (words, true)
            highest = Self.longestPause
        case .isAhead:
            // Its last id is asked for once more: perhaps an answer of ours was lost.
            (progress.reason, progress.isRefused) = ("the stream has later entries", false)
            highest = min(Self.longestPause, Self.firstPause * (1 << min(progress.failures - 1, 16)))
        }
        let due = now + .milliseconds(Int64(Double(highest.milliseconds) * (0.5 + jitter / 2)))
        progress.due = due
        return due
    }
}
