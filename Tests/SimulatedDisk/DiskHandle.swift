import CSQLite

/// What a connection has open: a file of the disk, as the process sees it that opened it.
final class DiskHandle {
    private let disk: SimulatedDisk
    private let file: DiskFile
    private let process: Int
    private let isReadOnly: Bool
    /// The first sync of a log also makes its name in the folder safe, as SQLite does it on Unix.
    private var syncsFolder: Bool
    private var memory: SharedMemory?

    init(_ disk: SimulatedDisk, _ file: DiskFile, process: Int, isReadOnly: Bool, syncsFolder: Bool) {
        self.disk = disk
        self.file = file
        self.process = process
        self.isReadOnly = isReadOnly
        self.syncsFolder = syncsFolder
    }

    private var owner: ObjectIdentifier { ObjectIdentifier(self) }

    /// Runs an operation while the process lives.
    private func live(
        or dead: Int32, _ body: (inout sending SimulatedDisk.State) -> Int32
    ) -> Int32 {
        disk.state.withLock { state in state.process == process && !state.isStopped ? body(&state) : dead }
    }

    func close() {
        disk.state.withLock { state in
            if state.process == process { file.locks.forget(owner) }
            memory = nil
        }
    }

    // MARK: bytes

    func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        live(or: DiskError.read) { state in
            if state.fails(.read) { return DiskError.read }
            let count = max(0, min(buffer.count, file.size - offset))
            file.content.withUnsafeBytes { content in
                let rest = content[min(offset, content.count)...]
                buffer.copyBytes(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            }
            guard count < buffer.count else { return SQLITE_OK }
            for index in count..<buffer.count { buffer[index] = 0 }
            return DiskError.shortRead
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        live(or: DiskError.write) { state in
            let (happens, isLast) = state.beginsChange()
            guard happens, !isReadOnly else { return DiskError.write }
            if state.isReadOnly || state.fails(.write) {
                if state.isReadOnly { state.failed += 1 }
                return DiskError.write
            }
            // A file that grows needs room.
            let growth = max(0, offset + bytes.count - file.size)
            let missing = growth > 0 && state.capacity < .max ? max(0, state.used + growth - state.capacity) : 0
            let fitting = bytes.count - min(bytes.count, missing)
            file.write(Array(bytes[..<fitting]), at: offset)
            if missing > 0 {
                state.failed += 1
                return SQLITE_FULL
            }
            return isLast ? DiskError.write : SQLITE_OK
        }
    }

    func truncate(to size: Int) -> Int32 {
        live(or: DiskError.truncate) { state in
            let (happens, isLast) = state.beginsChange()
            guard happens, !state.isReadOnly, !state.fails(.truncate) else { return DiskError.truncate }
            file.truncate(to: size)
            return isLast ? DiskError.truncate : SQLITE_OK
        }
    }

    func sync() -> Int32 {
        live(or: DiskError.sync) { state in
            // The power goes before the sync; afterwards would be before the next change.
            let (happens, isLast) = state.beginsChange()
            guard happens, !isLast else { return DiskError.sync }
            if state.fails(.sync) {
                file.failSync(&state.random, sector: disk.sector)
                return DiskError.sync
            }
            guard !state.ignoresSyncs else { return SQLITE_OK }
            file.sync()
            if syncsFolder { state.syncFolder() }
            syncsFolder = false
            return SQLITE_OK
        }
    }

    var size: Int { disk.state.withLock { _ in file.size } }

    // MARK: locks

    func lock(_ level: Int32) -> Int32 {
        live(or: DiskError.lock) { _ in file.locks.lock(owner, level) }
    }

    func unlock(_ level: Int32) {
        _ = live(or: SQLITE_OK) { _ in
            file.locks.unlock(owner, level)
            return SQLITE_OK
        }
    }

    var isReserved: Bool { disk.state.withLock { _ in file.locks.isReserved } }

    // MARK: shared memory

    func map(_ index: Int, size: Int, makes: Bool) -> UnsafeMutableRawPointer? {
        disk.state.withLock { state -> UncheckedPointer? in
            guard state.process == process else { return nil }
            let memory = self.memory ?? file.locks.memory ?? SharedMemory()
            self.memory = memory
            file.locks.memory = memory
            return memory.region(index, size: size, makes: makes).map { UncheckedPointer($0) }
        }?.pointer
    }

    func lockMemory(_ places: Range<Int>, _ flags: Int32) -> Int32 {
        live(or: DiskError.memoryLock) { _ in file.locks.lockMemory(owner, places, flags) }
    }

    func barrier() { disk.state.withLock { _ in } }

    func unmap(deletes: Bool) {
        disk.state.withLock { state in
            if deletes, state.process == process { file.locks.memory = nil }
            memory = nil
        }
    }
}

/// A pointer that leaves the mutex: SQLite's own locks guard what it points to.
private struct UncheckedPointer: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

/// Extended result codes, which are macros with a shift in C.
enum DiskError {
    static let read = SQLITE_IOERR | 1 << 8
    static let shortRead = SQLITE_IOERR | 2 << 8
    static let write = SQLITE_IOERR | 3 << 8
    static let sync = SQLITE_IOERR | 4 << 8
    static let truncate = SQLITE_IOERR | 6 << 8
    static let remove = SQLITE_IOERR | 10 << 8
    static let lock = SQLITE_IOERR | 15 << 8
    static let memoryLock = SQLITE_IOERR | 20 << 8
    static let noEntry = SQLITE_IOERR | 23 << 8
}
