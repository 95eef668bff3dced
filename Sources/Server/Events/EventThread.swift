import Gateway
import Synchronization

/// The thread on which events are read: nobody else waits for those who read far back, and nobody polls the store.
public final class EventThread: @unchecked Sendable {
    // Sendable by the lock of `signal`; `desk` belongs to the thread.
    private let records: any RecordStore
    private let clock: any GatewayClock
    private let directory: @Sendable () -> ConfigurationDirectory
    private let signal = Signal()
    private var arrivals: [any EventReader] = []
    private var isNews = false
    private var isStopping = false
    private var waiting = 0
    private var desk = EventDesk()
    private var thread: JoinableThread?
    /// Somebody waits; without it a commit costs one look at this.
    private let isWatched = Atomic(false)

    /// Readers at one time.
    static let readerLimit = 256
    /// Between two looks for what was committed, so that a busy engine does not keep the thread reading.
    static let pause: UInt64 = 10_000_000

    /// - Parameter directory: of the running configuration.
    public init(
        records: any RecordStore, clock: any GatewayClock, directory: @escaping @Sendable () -> ConfigurationDirectory
    ) {
        self.records = records
        self.clock = clock
        self.directory = directory
    }

    /// Starts the thread.
    public func start() { thread = JoinableThread { [self] in run() } }

    /// Answers those who wait with what there is, and ends the thread. Blocks.
    public func stop() {
        signal.locked {
            isStopping = true
            signal.signal()
        }
        thread?.join()
    }

    /// Something was committed that tells others something. Any thread; cheap.
    public func committed() {
        guard isWatched.load(ordering: .acquiring) else { return }
        signal.locked {
            guard !isNews else { return }
            isNews = true
            signal.signal()
        }
    }

    /// `false` when there are too many readers, or the thread ends.
    func add(_ reader: any EventReader) -> Bool {
        signal.locked {
            guard !isStopping, waiting < Self.readerLimit else { return false }
            waiting += 1
            arrivals.append(reader)
            // From now on every commit is news to somebody.
            isWatched.store(true, ordering: .sequentiallyConsistent)
            signal.signal()
            return true
        }
    }

    /// How many read or wait.
    var readers: Int { signal.locked { waiting } }

    // MARK: the loop

    private func run() {
        var next: UInt64 = 0
        var window = EventWindow(EventFeed(records: records, directory: directory()))
        while true {
            let (arrived, isNews, isLast) = take(notBefore: next)
            for reader in arrived { desk.add(reader) }
            window.feed = EventFeed(records: records, directory: directory())
            // While nobody read, nobody was told of news.
            desk.pass(&window, now: clock.monotonic, isNews: isNews || !arrived.isEmpty, isLast: isLast)
            if isNews { next = clock.monotonic + Self.pause }
            signal.locked {
                waiting = desk.count + arrivals.count
                if waiting == 0 { isWatched.store(false, ordering: .sequentiallyConsistent) }
            }
            if isLast { return }
        }
    }

    /// Waits for readers, news or somebody's time. News that comes early waits a little for more.
    private func take(notBefore next: UInt64) -> (arrived: [any EventReader], isNews: Bool, isLast: Bool) {
        signal.locked {
            while arrivals.isEmpty, !isStopping {
                let now = clock.monotonic
                let due = desk.nextDue
                if due.map({ $0 <= now }) ?? false || (isNews && next <= now) { break }
                signal.wait(until: isNews ? min(due ?? next, next) : due)
            }
            defer {
                arrivals.removeAll()
                if clock.monotonic >= next { isNews = false }
            }
            return (arrivals, isNews && clock.monotonic >= next, isStopping)
        }
    }
}
