import Gateway
import Synchronization

/// Where earlier configurations are read from, while the process that reads them changes.
final class StorySnapshots: Sendable {
    private let records: Mutex<(any RecordStore)?>
    private let failures = Mutex(0)

    init(of records: (any RecordStore)? = nil) { self.records = Mutex(records) }

    func use(_ records: (any RecordStore)?) { self.records.withLock { $0 = records } }

    /// The next so many readings fail.
    func fail(_ count: Int) { failures.withLock { $0 = count } }

    func body(_ hash: String) -> [UInt8]? {
        let fails = failures.withLock { count in
            defer { count = max(0, count - 1) }
            return count > 0
        }
        if fails { return nil }
        let records = records.withLock { $0 }
        return (try? records?.snapshot(hash))??.body
    }
}
