import Gateway
import SQL
import Synchronization

/// A store's file, opened, locked against other processes and brought to the newest version of the schema.
///
/// The engine and the API each take their side of it; the lock goes with the last of them.
package final class SQLiteFile: Sendable {
    /// The file's path as it was given.
    package let path: String
    private let options: SQLiteOptions
    // Before the lock: properties go in this order, and the lock must outlive the connections.
    let lookUps: LookUps
    private let lock: FileLock
    /// One writer of this process at a time: waiting here is exact, where SQLite's own waiting sleeps and tries again.
    private let writing = Mutex<Void>(())

    /// Opens the file at `path`, makes it and its folder when they are missing (0600 and 0700), and migrates it.
    ///
    /// Throws `busy` when another process or another part of this one has it open, `corrupt` when it is no SQLite file,
    /// and `failed` when a newer gateway or another program wrote it, or when the disk does not allow it.
    package init(path: String, options: SQLiteOptions = SQLiteOptions()) throws(StoreError) {
        self.path = path
        self.options = options
        try FilePlace.prepareFolder(of: path)
        lock = try FileLock(path: path + ".lock", of: path)
        try FilePlace.prepareFile(path)
        try Database.refuseForeign(path, Schema.migrations, options)
        let database = try Database(path: path, .writer, options)
        try database.migrate(Schema.migrations)
        lookUps = try LookUps(path: path + ".lookup", of: database, options)
    }

    deinit { settle() }

    /// Waits until nothing is being moved to the index of look-up keys.
    package func settle() { lookUps.finish() }

    /// The engine's side; ask for it once.
    package func deliveries() throws(StoreError) -> SQLiteDeliveries {
        try SQLiteDeliveries(file: self)
    }

    /// The API's side, with a number of connections that read at the same time (at least 1).
    package func records(readers: Int = 2) throws(StoreError) -> SQLiteRecords {
        try SQLiteRecords(file: self, readers: readers)
    }

    func connect(_ role: Database.Role) throws(StoreError) -> sending Database {
        try Database(path: path, role, options)
    }

    /// Runs a change when no other of this process runs.
    func write<Result: Sendable>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try writing.withLock { _ throws(StoreError) in try body() }
    }
}
