/// The versions of a schema. A file's version is its `user_version`, its owner its `application_id`.
public struct SQLMigrations: Sendable {
    /// One step to a version.
    public struct Step: Sendable {
        /// The version that the file has afterwards, above that of the step before and above 0.
        public var version: Int32
        /// The statements, separated by semicolons, without transactions of their own.
        public var sql: String

        /// A step.
        public init(_ version: Int32, _ sql: String) {
            self.version = version
            self.sql = sql
        }
    }

    /// Which program a file belongs to; not 0.
    public let applicationID: Int32
    /// The steps, oldest first.
    public let steps: [Step]

    /// The versions of a program's schema.
    public init(applicationID: Int32, steps: [Step]) {
        self.applicationID = applicationID
        self.steps = steps
    }

    /// Brings a file to the newest version, each step in a transaction of its own, so that a step that fails leaves
    /// the version before it.
    ///
    /// Throws `newer` for a file of a newer program, `foreign` for one of another program, and what a step throws.
    /// - Returns: The version before.
    @discardableResult
    public func apply(to connection: SQLConnection) throws(SQLError) -> Int32 {
        let before = try checkedVersion(of: connection)
        for step in steps where step.version > before {
            try connection.transaction { () throws(SQLError) in
                // Another process may have migrated while this one waited for the lock.
                guard try checkedVersion(of: connection) < step.version else { return }
                try connection.script(step.sql)
                // Pragmas take no bound values.
                try connection.script("PRAGMA user_version = \(step.version)")
                try connection.script("PRAGMA application_id = \(applicationID)")
            }
        }
        return before
    }

    private func checkedVersion(of connection: SQLConnection) throws(SQLError) -> Int32 {
        let owner = try number("PRAGMA application_id", connection)
        let version = try number("PRAGMA user_version", connection)
        let isEmpty = try number("SELECT count(*) FROM sqlite_schema", connection) == 0
        guard owner == Int64(applicationID) || (owner == 0 && version == 0 && isEmpty) else {
            throw SQLError(.foreign, code: 0, "the file belongs to another program")
        }
        let newest = steps.last?.version ?? 0
        guard version <= Int64(newest) else {
            let message = "the file has version \(version) and this program knows only \(newest): use a newer program"
            throw SQLError(.newer, code: 0, message)
        }
        return Int32(clamping: version)
    }

    private func number(_ sql: String, _ connection: SQLConnection) throws(SQLError) -> Int64 {
        try connection.first(sql) { $0.integer(0) } ?? 0
    }
}
