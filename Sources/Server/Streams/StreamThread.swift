import Crypto
import Gateway
import JSON
import RESP
import Telemetry

/// The thread that adds events to a stream of Redis, where the configuration names one. Nobody waits for it; it waits for
/// the server.
public final class StreamThread: @unchecked Sendable {
    // Sendable by the lock of `mailbox`; `course` belongs to the thread.
    /// What the thread needs.
    public struct Parts: Sendable {
        /// Where events are read, and where it is kept how far the stream is.
        public var records: any RecordStore
        /// The time of tries.
        public var clock: any GatewayClock
        /// Of the running configuration.
        public var directory: @Sendable () -> ConfigurationDirectory
        /// Told when it becomes impossible to add events.
        public var report: @Sendable (_ isRefused: Bool) -> Void

        /// The parts of a running program.
        public init(
            records: any RecordStore, clock: any GatewayClock,
            directory: @escaping @Sendable () -> ConfigurationDirectory,
            report: @escaping @Sendable (_ isRefused: Bool) -> Void
        ) {
            self.records = records
            self.clock = clock
            self.directory = directory
            self.report = report
        }
    }

    /// How the running stream goes.
    struct State: Sendable {
        var settings: RedisSettings
        var progress: StreamCourse.Progress
    }

    /// A stream at work.
    private struct Work {
        let settings: RedisSettings
        var stream: RedisStream
        var course: StreamCourse
        var saved: EventPosition?
    }

    private let parts: Parts
    private let mailbox: Mailbox<Void>
    private var state: State?
    private var random: SeededRandom
    private var thread: JoinableThread?

    /// How far it is is written once in so long.
    private static let savePause: UInt64 = 1_000_000_000

    /// - Parameter seed: of the jitter.
    public init(_ parts: Parts, seed: UInt64) {
        self.parts = parts
        mailbox = Mailbox(parts.clock)
        random = SeededRandom(seed: seed)
    }

    /// Starts the thread.
    public func start() { thread = JoinableThread { [self] in run() } }

    /// Writes how far it is and ends the thread, which gives up waiting for the server. Blocks.
    public func stop() {
        mailbox.stop()
        thread?.join()
    }

    /// Something was committed that may be an event. Any thread; cheap.
    public func committed() { mailbox.noteNews() }

    /// Another configuration runs.
    public func reloaded() { mailbox.put(()) }

    /// How it goes; `nil` where no stream is configured.
    var current: State? { mailbox.locked { _ in state } }

    // MARK: the loop

    private func run() {
        var work: Work?
        var wake: Timestamp?
        var nextSave: UInt64 = 0
        var window = EventWindow(EventFeed(records: parts.records, directory: parts.directory()))
        while true {
            let directory = parts.directory()
            let settings = directory.runningConfiguration.gateway.redis
            if work?.settings != settings {
                save(&work)
                work = settings.map(begin)
                mailbox.watch(work != nil)
                wake = nil
            }
            window.feed = EventFeed(records: parts.records, directory: directory)
            if work != nil { wake = pass(&work, &window) }
            if parts.clock.monotonic >= nextSave {
                save(&work)
                nextSave = parts.clock.monotonic + Self.savePause
            }
            let unsaved = work.map { $0.course.progress.position != $0.saved } ?? false
            let delivery = mailbox.wait(until: [deadline(wake), unsaved ? nextSave : nil].compactMap { $0 }.min())
            if delivery.isNews {
                window.noteNews()
                work?.course.noteNews()
            }
            if delivery.isLast { return save(&work) }
        }
    }

    private func begin(_ settings: RedisSettings) -> Work {
        let cursor = (try? parts.records.consumer(Self.name(settings), ofTenant: "")) ?? nil
        let stream = RedisStream(settings) { [mailbox] in mailbox.isStopped }
        return Work(
            settings: settings, stream: stream, course: StreamCourse(settings, cursor: cursor), saved: cursor)
    }

    /// Under which it is kept how far a stream is: no consumer can have this name.
    private static func name(_ settings: RedisSettings) -> String { "redis " + settings.stream }

    private func pass(_ work: inout Work?, _ window: inout EventWindow) -> Timestamp? {
        guard var current = work else { return nil }
        let before = current.course.progress
        let wake = current.course.pass(&current.stream, &window, now: parts.clock.now, jitter: random.unit())
        let after = current.course.progress
        if after.awaySince != nil, before.awaySince == nil || after.isRefused != before.isRefused {
            parts.report(after.isRefused)
        }
        let shown = State(settings: current.settings, progress: after)
        work = current
        mailbox.locked { _ in state = shown }
        return wake
    }

    private func save(_ work: inout Work?) {
        guard let position = work?.course.progress.position, position != work?.saved, let settings = work?.settings
        else {
            if work == nil { mailbox.locked { _ in state = nil } }
            return
        }
        guard (try? parts.records.advance(consumer: Self.name(settings), ofTenant: "", to: position)) != nil else {
            return
        }
        work?.saved = position
    }

    /// The wall clock is looked at every minute at least: somebody may set it.
    private func deadline(_ time: Timestamp?) -> UInt64? {
        guard let time else { return nil }
        let left = max(0, min((time - parts.clock.now).milliseconds, 60_000))
        return parts.clock.monotonic + UInt64(left) * 1_000_000
    }
}

extension StreamThread.State {
    /// As the API shows it, without user and password.
    var view: JSONValue {
        var out: JSONObject = [
            "url": .string(RedisURL(settings.url)?.shown ?? ""), "stream": .string(settings.stream),
            "state": .string(progress.word), "told": .int(progress.told),
        ]
        out["cursor"] = progress.position.map { .string($0.digits) }
        out["last_id"] = progress.position.map { .string(StreamID($0).text) }
        out["away_since"] = progress.awaySince.map { .string(MessageViews.time($0)) }
        out["reason"] = progress.reason.map(JSONValue.string)
        return .object(out)
    }
}

extension ServerMetrics {
    /// Reads how the stream goes when asked.
    public func watch(_ stream: StreamThread, clock: any GatewayClock) {
        registry.readEach(
            "gateway_event_stream_told_total", help: "Events that were added to the stream of Redis.", labels: [],
            isCounter: true
        ) { stream.current.map { [MetricSample(value: Double($0.progress.told))] } ?? [] }
        registry.readEach(
            "gateway_event_stream_away_seconds", help: "For how long no event could be added to the stream of Redis.",
            labels: []
        ) {
            stream.current.map { state in
                let since = state.progress.awaySince
                return [MetricSample(value: since.map { max(0, Double((clock.now - $0).milliseconds) / 1_000) } ?? 0)]
            } ?? []
        }
    }
}
