import Gateway
import SQL

/// The file of look-up keys beside a store: made from the store's log of them, and made again when it is missing.
///
/// It is written with `synchronous=NORMAL`: a loss of power can take its last changes, but entries and progress go
/// together, so it knows where in the log to go on.
final class LookUpIndex {
    /// A row of the log: the entries of one commit.
    struct LogRow: Sendable, Hashable {
        var sequence: Int64
        var entries: [UInt8]
    }

    private let insert: SQLStatement
    private let advance: SQLStatement
    private let database: Database

    /// Opens a connection that writes, and makes the file or brings it to the newest version.
    init(path: String, _ options: SQLiteOptions) throws(StoreError) {
        try FilePlace.prepareFile(path)
        try Database.refuseForeign(path, Self.migrations, options)
        database = try Database(path: path, .index, options)
        try database.migrate(Self.migrations)
        insert = try database.prepare("INSERT OR IGNORE INTO entry(kind, key, id) VALUES (?, ?, ?)")
        advance = try database.prepare("REPLACE INTO progress(only, sequence, entries) VALUES (1, ?, ?)")
    }

    /// The last row of the log whose entries are here.
    func progress() throws(StoreError) -> LogRow? {
        try database.first("SELECT sequence, entries FROM progress") { row in
            LogRow(sequence: row.integer(0), entries: row.blob(1))
        }
    }

    /// Adds the entries of the log up to `last`, in the order of the keys, so that few pages are written twice.
    func move(_ records: [LookUpRecord], upTo last: LogRow) throws(StoreError) {
        // A few keys beyond ASCII may stand elsewhere than SQLite has them; that costs time only.
        let sorted = records.sorted { ($0.kind.rawValue, $0.key, $0.id) < ($1.kind.rawValue, $1.key, $1.id) }
        try database.change { () throws(StoreError) in
            try storeError { () throws(SQLError) in
                for record in sorted {
                    insert.bind(Int64(record.kind.rawValue))
                    insert.bind(record.key)
                    insert.bind(record.id.rawValue)
                    try insert.run()
                }
                advance.bind(last.sequence)
                advance.bind(last.entries)
                try advance.run()
            }
        }
    }

    /// Removes the file; no connection may be open.
    static func remove(_ path: String, _ options: SQLiteOptions) throws(StoreError) {
        try storeError { () throws(SQLError) in try SQLConnection.remove(path, vfs: options.vfs) }
    }

    /// "gwlu" in ASCII.
    private static let migrations = SQLMigrations(applicationID: 0x6777_6C75, steps: [SQLMigrations.Step(1, version1)])

    private static let version1 = """
        CREATE TABLE entry(kind INTEGER NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(kind, key, id))
            STRICT, WITHOUT ROWID;
        CREATE TABLE progress(only INTEGER PRIMARY KEY CHECK(only = 1), sequence INTEGER NOT NULL,
            entries BLOB NOT NULL) STRICT;
        """
}

/// A connection that reads the index, for whoever searches: each message from a person does.
final class LookUpReader {
    private let select: SQLStatement
    private let database: Database

    /// Opens a connection that reads.
    init(path: String, _ options: SQLiteOptions) throws(StoreError) {
        database = try Database(path: path, .reader, options)
        select = try database.prepare("SELECT id FROM entry WHERE kind = ? AND key = ?")
    }

    /// The identifiers of a key in the index.
    func ids(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID] {
        select.bind(Int64(kind.rawValue))
        select.bind(key)
        var ids: [Int64] = []
        try storeError { () throws(SQLError) in try select.query { ids.append($0.integer(0)) } }
        return try ids.map { (id) throws(StoreError) in try RecordID(stored: id) }
    }
}

extension Database {
    /// The rows of the log after one, in their order; for a connection to the store.
    func lookUpLog(after sequence: Int64, limit: Int) throws(StoreError) -> [LookUpIndex.LogRow] {
        try all(
            "SELECT sequence, entries FROM lookup_log WHERE sequence > ? ORDER BY sequence LIMIT ?",
            .integer(sequence), .limit(limit)
        ) { row in LookUpIndex.LogRow(sequence: row.integer(0), entries: row.blob(1)) }
    }
}
