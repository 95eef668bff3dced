import Dispatch
import Synchronization

/// The log of the process: one line per event, written by a thread of its own.
///
/// `write` costs the caller a lock and an append; the text is made later. Waiting lines are bounded: when `capacity`
/// lines wait, further `debug` and `info` lines are dropped, and from twice as many on all lines are. The next line that
/// gets through is preceded by `log_dropped` with their count. Nothing ever waits for a slow reader of the log.
public final class Log: Sendable {
    private struct Ring {
        var waiting: [LogEntry] = []
        var dropped = 0
        var isScheduled = false
    }

    private let minimum: Atomic<Int>
    private let format: LogFormat
    private let capacity: Int
    private let clock: @Sendable () -> Int64
    private let sink: any LogSink
    private let ring = Mutex(Ring())
    private let totalDropped = Atomic<Int>(0)
    private let writer = DispatchQueue(label: "log")

    /// A log.
    /// - Parameters:
    ///   - minimumLevel: Lines that matter less are not written.
    ///   - format: The shape of the lines.
    ///   - capacity: How many lines may wait for the writer, at least 1.
    ///   - clock: Milliseconds since 1970.
    ///   - sink: Where the lines go.
    public init(
        minimumLevel: LogLevel = .info, format: LogFormat, capacity: Int = 8192,
        clock: @escaping @Sendable () -> Int64, sink: any LogSink = StandardErrorSink()
    ) {
        minimum = Atomic(Log.rank(minimumLevel))
        self.format = format
        self.capacity = max(capacity, 1)
        self.clock = clock
        self.sink = sink
    }

    /// How many lines were dropped since the start, for a metric.
    public var droppedLines: Int { totalDropped.load(ordering: .relaxed) }

    /// Changes the level below which nothing is written, also while others write.
    public func setMinimumLevel(_ level: LogLevel) {
        minimum.store(Log.rank(level), ordering: .relaxed)
    }

    /// Whether a line of this level would be written.
    public func isEnabled(_ level: LogLevel) -> Bool {
        Log.rank(level) >= minimum.load(ordering: .relaxed)
    }

    /// Writes a line. The fields are not even made when the level is off.
    /// - Parameters:
    ///   - level: How much it matters.
    ///   - event: What happened, in snake_case.
    ///   - fields: What it happened to, in the order in which it is shown.
    public func write(_ level: LogLevel, _ event: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        guard isEnabled(level) else { return }
        let entry = LogEntry(milliseconds: clock(), level: level, event: event, fields: fields())
        let mustSchedule = ring.withLock { ring in
            guard ring.waiting.count < (level >= .warn ? capacity * 2 : capacity) else {
                ring.dropped += 1
                return false
            }
            ring.waiting.append(entry)
            defer { ring.isScheduled = true }
            return !ring.isScheduled
        }
        if mustSchedule { writer.async { self.drain() } }
    }

    /// Returns when all lines written so far have reached the sink.
    public func flush() {
        writer.sync { drain() }
    }

    private func drain() {
        let (entries, dropped) = ring.withLock { ring in
            defer { ring = Ring() }
            return (ring.waiting, ring.dropped)
        }
        guard !entries.isEmpty || dropped > 0 else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 192)
        if dropped > 0 {
            totalDropped.add(dropped, ordering: .relaxed)
            LogEntry(
                milliseconds: clock(), level: .warn, event: "log_dropped", fields: [LogField("lines", .int(dropped))]
            ).append(to: &bytes, format: format)
        }
        for entry in entries { entry.append(to: &bytes, format: format) }
        sink.write(bytes)
    }

    private static func rank(_ level: LogLevel) -> Int {
        LogLevel.allCases.firstIndex(of: level) ?? 0
    }
}
