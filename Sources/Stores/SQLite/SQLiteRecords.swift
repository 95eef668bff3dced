import Gateway
import SQL
import Synchronization

/// The API's side of a store in a SQLite file: a connection that writes and a few that read, each behind a mutex.
/// Readers see the last commit before they began and never wait for the writer.
package final class SQLiteRecords: Sendable {
    private final class Reader: Sendable {
        let database: Mutex<Database>

        init(_ database: sending Database) { self.database = Mutex(database) }
    }

    // Before the file: properties go in this order, and the lock must outlive the connections.
    private let writer: Mutex<Database>
    private let readers: [Reader]
    let file: SQLiteFile
    private let turn = Atomic<Int>(0)

    /// Opens the connections: one that writes and `readers` (at least 1) that read.
    init(file: SQLiteFile, readers count: Int) throws(StoreError) {
        self.file = file
        writer = Mutex(try file.connect(.writer))
        var readers: [Reader] = []
        for _ in 0..<max(1, count) { readers.append(Reader(try file.connect(.reader))) }
        self.readers = readers
    }

    /// Runs a query on a reader that is free, else waits for one.
    func read<Result: Sendable>(
        _ query: @Sendable (Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let first = turn.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max
        for offset in readers.indices {
            let reader = readers[(first % readers.count + offset) % readers.count]
            let result = try reader.database.withLockIfAvailable { database throws(StoreError) in try query(database) }
            if let result { return result }
        }
        return try readers[first % readers.count].database.withLock { database throws(StoreError) in
            try query(database)
        }
    }

    /// Runs queries on one state of the file, whatever others commit meanwhile.
    func look<Result: Sendable>(
        _ queries: @Sendable (Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try read { database throws(StoreError) in
            try database.look { () throws(StoreError) in try queries(database) }
        }
    }

    /// Runs a change as one transaction.
    func change<Result: Sendable>(
        _ body: @Sendable (Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try file.write { () throws(StoreError) in
            try writer.withLock { database throws(StoreError) in
                try database.change { () throws(StoreError) in try body(database) }
            }
        }
    }
}
