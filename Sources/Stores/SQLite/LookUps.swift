import Gateway
import Glibc
import SQL
import Synchronization

/// The look-up keys of a store (docs/decisions/0032-look-up-keys-are-indexed-later.md).
///
/// A commit appends its entries to a log in the store and tells them here. They wait in memory until there are so many
/// that a thread moves them into the index, sorted. A search asks memory first and then the index, so that it finds
/// what moves in between.
final class LookUps: Sendable {
    private struct State: Sendable {
        /// What was committed since the last move began.
        var waiting = LookUpList()
        /// What is being moved, or could not be moved.
        var moving = LookUpList()
        /// The last row of the log that is in either.
        var last: LookUpIndex.LogRow?
        var isMoving = false
        /// The thread of the last move, to be joined.
        var thread: pthread_t?

        var count: Int { waiting.count + moving.count }
    }

    private let state = Mutex(State())
    // Before the index: properties go in this order, and only a connection that writes can empty its log as the last.
    private let reader: Mutex<LookUpReader>
    private let index: Mutex<LookUpIndex>
    private let path: String
    /// How many entries wait before they are moved.
    private let batch: Int
    /// With how many entries in memory no commit may add any.
    private let limit: Int
    private let hasOld: Bool

    /// Opens the index at `path`, and brings it so far that the rest of the log fits into memory.
    ///
    /// - Parameter store: A connection to the store, used during the call.
    init(path: String, of store: Database, _ options: SQLiteOptions) throws(StoreError) {
        self.path = path
        batch = max(1, options.lookUpBatch)
        limit = 4 * batch
        hasOld = try store.hasOldLookUps()
        do throws(StoreError) {
            index = Mutex(try Self.openIndex(path, of: store, options))
            reader = Mutex(try LookUpReader(path: path, options))
        } catch {
            throw Self.explained(error, path)
        }
        try catchUp(with: store)
    }

    /// The index, made anew when it is another history's than the store's: as after a backup was put in place.
    private static func openIndex(
        _ path: String, of store: Database, _ options: SQLiteOptions
    ) throws(StoreError) -> sending LookUpIndex {
        do {
            let index = try LookUpIndex(path: path, options)
            if try belongs(try index.progress(), to: store) { return index }
        }
        try LookUpIndex.remove(path, options)
        return try LookUpIndex(path: path, options)
    }

    private static func belongs(_ progress: LookUpIndex.LogRow?, to store: Database) throws(StoreError) -> Bool {
        guard let progress else { return true }
        // Identifiers never come again, so one equal row means that all before it are equal.
        return try store.lookUpLog(after: progress.sequence - 1, limit: 1).first == progress
    }

    private static func explained(_ error: StoreError, _ path: String) -> StoreError {
        StoreError(error.kind, "\(path): \(error.message) (it holds an index only and is made anew when it is removed)")
    }
}

// MARK: what comes in

extension LookUps {
    /// Reads the log from where the index ends.
    private func catchUp(with store: Database) throws(StoreError) {
        let progress = try index.withLock { index throws(StoreError) in try index.progress() }
        var last = progress?.sequence ?? 0
        while true {
            let rows = try store.lookUpLog(after: last, limit: 1_024)
            guard let end = rows.last else { return }
            last = end.sequence
            for row in rows { note(try LookUpCodec.decode(row.entries), row) }
            // A missing index is made in large portions, which cost less.
            try makeRoom()
        }
    }

    /// Waits for a move, or makes one, when memory holds as many entries as it may; throws when that fails.
    func makeRoom() throws(StoreError) {
        guard isFull else { return }
        finish()
        if isFull { try moveNow() }
    }

    private var isFull: Bool { state.withLock { $0.count >= limit } }

    /// Takes the entries of a commit that is on the disk. One thread at a time may call this and `makeRoom`.
    func add(_ records: [LookUpRecord], _ row: LookUpIndex.LogRow) {
        note(records, row)
        if state.withLock({ $0.waiting.count >= batch }) { startMove() }
    }

    private func note(_ records: [LookUpRecord], _ row: LookUpIndex.LogRow) {
        state.withLock { state in
            state.waiting.append(records)
            state.last = row
        }
    }
}

// MARK: what goes to the index

extension LookUps {
    /// Waits until nothing is being moved; what waits stays in memory and in the log.
    func finish() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    /// Starts a thread for one move, unless one runs.
    private func startMove() {
        guard state.withLock({ !$0.isMoving }) else { return }
        finish()
        var thread = pthread_t()
        let reference = Unmanaged.passRetained(self)
        state.withLock { $0.isMoving = true }
        let result = pthread_create(
            &thread, nil,
            { reference in
                guard let reference else { return nil }
                let lookUps = Unmanaged<LookUps>.fromOpaque(reference).takeRetainedValue()
                stepBack()
                // What could not be moved stays in memory. Once that is full, whoever commits learns the reason.
                try? lookUps.moveNow()
                return nil
            }, reference.toOpaque())
        if result == 0 {
            state.withLock { $0.thread = thread }
        } else {
            reference.release()
            state.withLock { $0.isMoving = false }
        }
    }

    /// Moves all that waits.
    private func moveNow() throws(StoreError) {
        let (records, last) = state.withLock { state in
            if state.moving.count == 0 {
                swap(&state.moving, &state.waiting)
            } else {
                state.moving.append(state.waiting.records)
                state.waiting = LookUpList()
            }
            return (state.moving.records, state.last)
        }
        guard let last else { return }
        do throws(StoreError) {
            try index.withLock { index throws(StoreError) in try index.move(records, upTo: last) }
        } catch {
            state.withLock { $0.isMoving = false }
            throw Self.explained(error, path)
        }
        // Only now: until here a search would not have found them in the index.
        state.withLock { state in
            state.moving = LookUpList()
            state.isMoving = false
        }
    }
}

/// Lets other threads go first, those that people wait for; this one still gets a tenth of a core when all are busy, so
/// that it is ready before memory is full. On Linux niceness is a thread's own (sched(7)).
private func stepBack() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }

// MARK: what is asked

extension LookUps {
    /// The identifiers of a key, rising, each once.
    ///
    /// - Parameter store: A connection to the store, where files before version 4 have their entries.
    func ids(_ kind: LookUpRecord.Kind, _ key: String, _ store: Database) throws(StoreError) -> [RecordID] {
        // Memory first: an entry leaves it only when the index has it.
        var ids = state.withLock { $0.waiting.ids(kind, key) + $0.moving.ids(kind, key) }
        ids += try reader.withLock { reader throws(StoreError) in try reader.ids(kind, key) }
        if hasOld { ids += try store.oldLookUps(kind, key) }
        return Set(ids).sorted()
    }
}
