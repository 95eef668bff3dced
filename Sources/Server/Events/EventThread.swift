import Gateway

/// The thread on which events are read: nobody else waits for those who read far back, and nobody polls the store.
public final class EventThread: @unchecked Sendable {
    // Sendable by the lock of `mailbox`; `desk` belongs to the thread.
    private let records: any RecordStore
    private let clock: any GatewayClock
    private let directory: @Sendable () -> ConfigurationDirectory
    private let mailbox: Mailbox<any EventReader>
    private var waiting = 0
    private var desk = EventDesk()
    private var thread: JoinableThread?
    /// Readers at one time.
    static let readerLimit = 256

    /// - Parameter directory: of the running configuration.
    public init(
        records: any RecordStore, clock: any GatewayClock, directory: @escaping @Sendable () -> ConfigurationDirectory
    ) {
        self.records = records
        self.clock = clock
        mailbox = Mailbox(clock)
        self.directory = directory
    }

    /// Starts the thread.
    public func start() { thread = JoinableThread { [self] in run() } }

    /// Answers those who wait with what there is, and ends the thread. Blocks.
    public func stop() {
        mailbox.stop()
        thread?.join()
    }

    /// Something was committed that tells others something. Any thread; cheap.
    public func committed() { mailbox.noteNews() }

    /// `false` when there are too many readers, or the thread ends.
    func add(_ reader: any EventReader) -> Bool {
        mailbox.put(reader) {
            guard waiting < Self.readerLimit else { return false }
            waiting += 1
            // From now on every commit is news to somebody.
            mailbox.watch(true)
            return true
        }
    }

    /// How many read or wait.
    var readers: Int { mailbox.locked { _ in waiting } }

    // MARK: the loop

    private func run() {
        var window = EventWindow(EventFeed(records: records, directory: directory()))
        while true {
            let delivery = mailbox.wait(until: desk.nextDue)
            for reader in delivery.letters { desk.add(reader) }
            window.feed = EventFeed(records: records, directory: directory())
            // While nobody read, nobody was told of news.
            let isNews = delivery.isNews || !delivery.letters.isEmpty
            desk.pass(&window, now: clock.monotonic, isNews: isNews, isLast: delivery.isLast)
            mailbox.locked { arrived in
                waiting = desk.count + arrived
                if waiting == 0 { mailbox.watch(false) }
            }
            if delivery.isLast { return }
        }
    }
}
