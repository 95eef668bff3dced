import CSQLite

extension SQLConnection {
    /// How thoroughly the write-ahead log is moved into the file.
    public enum Checkpoint: Sendable, Hashable {
        /// What can be moved without waiting.
        case passive
        /// Everything, waiting for readers, after which the log is emptied.
        case truncate
    }

    /// Moves the write-ahead log into the file.
    /// - Returns: How many pages the log has and how many of them are moved; -1 without WAL.
    @discardableResult
    public func checkpoint(_ kind: Checkpoint = .passive) throws(SQLError) -> (logPages: Int, moved: Int) {
        let mode = kind == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        var log: Int32 = 0
        var moved: Int32 = 0
        guard sqlite3_wal_checkpoint_v2(handle, nil, mode, &log, &moved) == SQLITE_OK else { throw SQLError(handle) }
        return (Int(log), Int(moved))
    }

    /// What is wrong with the file, at most 100 findings; empty if it is sound. It reads the whole file.
    /// - Parameter isQuick: Leaves out that indexes agree with their tables.
    public func integrityFindings(isQuick: Bool = false) throws(SQLError) -> [String] {
        let findings = try all(isQuick ? "PRAGMA quick_check" : "PRAGMA integrity_check") { $0.text(0) }
        return findings == ["ok"] ? [] : findings
    }

    /// Removes a database, its log first: without its file that would mean nothing. No connection may be open.
    ///
    /// - Parameter vfs: What lies below it, as in `SQLOptions`.
    public static func remove(_ path: String, vfs: String? = nil) throws(SQLError) {
        guard let system = sqlite3_vfs_find(vfs) else { throw SQLError(code: SQLITE_CANTOPEN, "there is no such VFS") }
        for suffix in ["-wal", "-shm", ""] {
            let result = system.pointee.xDelete?(system, path + suffix, 1) ?? SQLITE_MISUSE
            // SQLITE_IOERR_DELETE_NOENT: there was none.
            guard result == SQLITE_OK || result == SQLITE_IOERR | 23 << 8 else {
                throw SQLError(code: result, "the file cannot be removed")
            }
        }
    }

    /// Copies the database, as it is when the copy ends, into a file whose content is replaced.
    ///
    /// - Parameters:
    ///   - path: The file to write. If this throws, it holds no usable database.
    ///   - pages: How many pages are copied between two calls of `pause`.
    ///   - pause: Called between portions, with the pages left: to let others work. Changes by this connection are
    ///     taken along, those of another one start the copy again.
    public func backup(
        to path: String, pages: Int32 = 1_024, pause: (_ left: Int) -> Void = { _ in }
    ) throws(SQLError) {
        var options = SQLOptions()
        options.synchronous = .full
        let target = try SQLConnection(path: path, options: options)
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw SQLError(target.handle)
        }
        var result = SQLITE_OK
        while true {
            result = sqlite3_backup_step(backup, max(1, pages))
            guard result == SQLITE_OK else { break }
            pause(Int(sqlite3_backup_remaining(backup)))
        }
        let finished = sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, finished == SQLITE_OK else {
            let code = result == SQLITE_DONE ? finished : result
            throw SQLError(code: code, String(cString: sqlite3_errstr(code)))
        }
    }
}
