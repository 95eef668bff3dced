import CSQLite
import Glibc
import Synchronization

/// A disk in memory below SQLite, as a VFS of its own (https://sqlite.org/vfs.html), with a power switch.
///
/// What was not synced when the power goes is there, missing, torn at the borders of sectors, or garbage, as the seed
/// will have it. It can be full, read-only, and fail at chosen operations. A process that is merely killed loses nothing
/// that it wrote.
///
/// Connections lock each other and share the index of the write-ahead log as on a real file system, so that SQLite runs
/// as it does in production: WAL mode, normal locking. Paths are those of a real folder, in which whoever opens a
/// store makes the file first: a file that is there and not on this disk is an empty one.
package final class SimulatedDisk: Sendable {
    /// How a process ends.
    package enum End: Sendable, CaseIterable {
        /// The system goes on, and has everything that was written.
        case killed
        /// Nothing but what was synced is certain.
        case powerLost
    }

    /// Operations that can fail.
    package enum Operation: Sendable, Hashable, CaseIterable {
        case read, write, sync, truncate
    }

    struct Failure {
        /// How many operations are left until one fails.
        var left: Int
        /// After it every one of so many fails; `nil` for no other.
        var period: Int?
    }

    struct State {
        var files: [String: DiskFile] = [:]
        /// Removed, but the folder was not synced since.
        var removed: [String: DiskFile] = [:]
        var random: DiskRandom
        /// Which process runs; what belongs to an earlier one can do nothing any more.
        var process = 1
        var changes = 0
        var stopsAt: Int?
        var isStopped = false
        var failures: [Operation: Failure] = [:]
        var failed = 0
        var isReadOnly = false
        var capacity = Int.max
        var ignoresSyncs = false
    }

    /// The size of a sector in bytes: what is written whole or not at all.
    let sector: Int
    let state: Mutex<State>
    private let vfs: DiskVFS

    /// An empty disk.
    /// - Parameters:
    ///   - seed: of what a loss of power leaves.
    ///   - sector: bytes, 512 or 4,096.
    package init(seed: UInt64, sector: Int = 512) {
        self.sector = sector
        state = Mutex(State(random: DiskRandom(seed: seed)))
        vfs = DiskVFS()
        vfs.register(self)
    }

    deinit { vfs.unregister() }

    /// The name under which SQLite finds it.
    package var name: String { vfs.name }

    // MARK: the power switch

    /// Writes, truncations, syncs and removals so far.
    package var changes: Int { state.withLock { $0.changes } }

    /// The running process comes to a halt at its `count`th change from now on (1 is the next), in the middle of it;
    /// everything afterwards fails until `end`.
    package func stop(atChange count: Int) { state.withLock { $0.stopsAt = $0.changes + count } }

    /// Whether the process came to its halt.
    package var isStopped: Bool { state.withLock { $0.isStopped } }

    /// The running process ends. Its connections may be closed afterwards and change nothing.
    package func end(_ end: End) {
        state.withLock { state in
            state.process += 1
            state.stopsAt = nil
            state.isStopped = false
            guard end == .powerLost else {
                for file in state.files.values { file.locks = DiskLocks() }
                return
            }
            // A removal that the folder does not know of yet may not have happened.
            for name in state.removed.keys.sorted() where state.random.below(2) == 0 && state.files[name] == nil {
                state.files[name] = state.removed[name]
            }
            state.removed = [:]
            for name in state.files.keys.sorted() {
                guard let file = state.files[name] else { continue }
                file.losePower(&state.random, sector: sector)
                if !file.isEntered, state.random.below(2) == 0 { state.files[name] = nil }
                file.isEntered = true
            }
        }
    }

    // MARK: faults

    /// The `count`th operation of a kind from now on (1 is the next) fails; once, or each `count`th until `heal`.
    package func fail(_ operation: Operation, at count: Int = 1, repeats: Bool = false) {
        state.withLock { $0.failures[operation] = Failure(left: count, period: repeats ? count : nil) }
    }

    /// Nothing fails any more that has not failed yet.
    package func heal() {
        state.withLock { state in
            state.failures = [:]
            state.isReadOnly = false
            state.capacity = .max
        }
    }

    /// Operations that failed by `fail`, for want of room, or because nothing may be written.
    package var failed: Int { state.withLock { $0.failed } }

    /// Whether nothing can be written, as after the system found an error of the file system.
    package var isReadOnly: Bool {
        get { state.withLock { $0.isReadOnly } }
        set { state.withLock { $0.isReadOnly = newValue } }
    }

    /// Bytes that are left; a write beyond them is cut off there and fails as on a full disk.
    package func leave(_ bytes: Int) { state.withLock { $0.capacity = $0.used + bytes } }

    /// A disk that lies: what was synced is no safer than the rest. For tests that must notice it.
    package var ignoresSyncs: Bool {
        get { state.withLock { $0.ignoresSyncs } }
        set { state.withLock { $0.ignoresSyncs = newValue } }
    }

    /// The names of its files, sorted.
    package var files: [String] { state.withLock { $0.files.keys.sorted() } }

    // MARK: the folder

    /// The file that a path names.
    func file(_ path: String, _ state: inout State) -> DiskFile? {
        if let file = state.files[path] { return file }
        // Made by whoever opens a store, with the rights that it shall have.
        guard !path.hasSuffix("-wal"), !path.hasSuffix("-journal"), Glibc.access(path, F_OK) == 0 else { return nil }
        let file = DiskFile()
        state.files[path] = file
        return file
    }
}

extension SimulatedDisk.State {
    var used: Int { files.values.reduce(0) { $0 + $1.size } }

    /// Counts a change. Only while this is true does anything happen; at the halt the change itself still happens, and
    /// what is left of it is the power's business.
    mutating func beginsChange() -> (happens: Bool, isLast: Bool) {
        guard !isStopped else { return (false, false) }
        changes += 1
        isStopped = changes == stopsAt
        return (true, isStopped)
    }

    /// Whether an operation fails by plan.
    mutating func fails(_ operation: SimulatedDisk.Operation) -> Bool {
        guard let failure = failures[operation] else { return false }
        guard failure.left <= 1 else {
            failures[operation]?.left -= 1
            return false
        }
        failures[operation] = failure.period.map { SimulatedDisk.Failure(left: $0, period: $0) }
        failed += 1
        return true
    }

    mutating func syncFolder() {
        guard !ignoresSyncs else { return }
        removed = [:]
        for file in files.values { file.isEntered = true }
    }
}
