import CSQLite
import Glibc

/// The tables of functions through which SQLite reaches a disk.
final class DiskVFS: @unchecked Sendable {
    // Sendable because nothing changes after `register`.
    private let table = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    private let text: UnsafeMutablePointer<CChar>
    let name: String

    init() {
        name = "simulated-\(UInt(bitPattern: table))"
        // Without memory there is no test.
        text = strdup(name)
    }

    func register(_ disk: SimulatedDisk) {
        var vfs = sqlite3_vfs()
        vfs.iVersion = 2
        vfs.szOsFile = Int32(MemoryLayout<OpenFile>.size)
        vfs.mxPathname = 1_024
        vfs.zName = UnsafePointer(text)
        // Unretained: the disk takes the table out of SQLite's list before it goes away.
        vfs.pAppData = Unmanaged.passUnretained(disk).toOpaque()
        vfs.xOpen = { vfs, path, file, flags, outFlags in
            DiskVFS.disk(vfs)?.open(path, file, flags, outFlags) ?? SQLITE_CANTOPEN
        }
        vfs.xDelete = { vfs, path, syncsFolder in
            guard let path else { return SQLITE_IOERR }
            return DiskVFS.disk(vfs)?.remove(String(cString: path), syncsFolder: syncsFolder != 0) ?? SQLITE_IOERR
        }
        vfs.xAccess = { vfs, path, _, result in
            guard let path, let disk = DiskVFS.disk(vfs) else { return SQLITE_IOERR }
            result?.pointee = disk.has(String(cString: path)) ? 1 : 0
            return SQLITE_OK
        }
        vfs.xFullPathname = { _, path, size, out in
            guard let path, let out, strlen(path) < Int(size) else { return SQLITE_CANTOPEN }
            strcpy(out, path)
            return SQLITE_OK
        }
        // Salts of the log, which decide nothing.
        vfs.xRandomness = { _, count, out in
            for index in 0..<Int(count) { out?[index] = CChar(truncatingIfNeeded: index &* 37 &+ 11) }
            return count
        }
        // Nobody waits: who holds a lock here runs in another thread or not at all.
        vfs.xSleep = { _, microseconds in microseconds }
        vfs.xCurrentTimeInt64 = { _, out in
            out?.pointee = 212_000_000_000_000
            return SQLITE_OK
        }
        vfs.xGetLastError = { _, _, _ in 0 }
        table.initialize(to: vfs)
        sqlite3_vfs_register(table, 0)
    }

    func unregister() {
        sqlite3_vfs_unregister(table)
        table.deinitialize(count: 1)
        table.deallocate()
        free(text)
    }

    private static func disk(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> SimulatedDisk? {
        vfs?.pointee.pAppData.map { Unmanaged<SimulatedDisk>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: files

    /// What SQLite reserves for an open file: its table of functions first, then what is ours.
    struct OpenFile {
        var base = sqlite3_file()
        var handle: Unmanaged<DiskHandle>?
    }

    static func handle(_ file: UnsafeMutablePointer<sqlite3_file>?) -> DiskHandle? {
        guard let file else { return nil }
        return UnsafeMutableRawPointer(file).assumingMemoryBound(to: OpenFile.self).pointee.handle?
            .takeUnretainedValue()
    }

    /// For all disks.
    nonisolated(unsafe) static let methods: UnsafePointer<sqlite3_io_methods> = {
        var methods = sqlite3_io_methods()
        // Shared memory, no mapped files.
        methods.iVersion = 2
        methods.xClose = { file in
            guard let file else { return SQLITE_OK }
            let open = UnsafeMutableRawPointer(file).assumingMemoryBound(to: OpenFile.self)
            open.pointee.handle?.takeUnretainedValue().close()
            open.pointee.handle?.release()
            open.pointee.handle = nil
            return SQLITE_OK
        }
        methods.xRead = { file, buffer, count, offset in
            DiskVFS.handle(file)?.read(
                UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)), at: Int(offset)) ?? SQLITE_IOERR
        }
        methods.xWrite = { file, bytes, count, offset in
            DiskVFS.handle(file)?.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
                ?? SQLITE_IOERR
        }
        methods.xTruncate = { file, size in DiskVFS.handle(file)?.truncate(to: Int(size)) ?? SQLITE_IOERR }
        methods.xSync = { file, _ in DiskVFS.handle(file)?.sync() ?? SQLITE_IOERR }
        methods.xFileSize = { file, size in
            size?.pointee = Int64(DiskVFS.handle(file)?.size ?? 0)
            return SQLITE_OK
        }
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        // What SQLite has on Unix, so that it writes the same bytes here.
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        addLocks(&methods)
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        table.initialize(to: methods)
        return UnsafePointer(table)
    }()

    private static func addLocks(_ methods: inout sqlite3_io_methods) {
        methods.xLock = { file, level in DiskVFS.handle(file)?.lock(level) ?? SQLITE_IOERR }
        methods.xUnlock = { file, level in
            DiskVFS.handle(file)?.unlock(level)
            return SQLITE_OK
        }
        methods.xCheckReservedLock = { file, result in
            result?.pointee = DiskVFS.handle(file)?.isReserved == true ? 1 : 0
            return SQLITE_OK
        }
        methods.xShmMap = { file, region, size, makes, out in
            out?.pointee = nil
            guard let handle = DiskVFS.handle(file) else { return SQLITE_IOERR }
            out?.pointee = UnsafeMutableRawPointer(handle.map(Int(region), size: Int(size), makes: makes != 0))
            return makes != 0 && out?.pointee == nil ? SQLITE_IOERR : SQLITE_OK
        }
        methods.xShmLock = { file, offset, count, flags in
            DiskVFS.handle(file)?.lockMemory(Int(offset)..<Int(offset + count), flags) ?? SQLITE_IOERR
        }
        methods.xShmBarrier = { file in DiskVFS.handle(file)?.barrier() }
        methods.xShmUnmap = { file, deletes in
            DiskVFS.handle(file)?.unmap(deletes: deletes != 0)
            return SQLITE_OK
        }
    }
}

extension SimulatedDisk {
    fileprivate func open(
        _ path: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let out else { return SQLITE_CANTOPEN }
        let open = UnsafeMutableRawPointer(out).bindMemory(to: DiskVFS.OpenFile.self, capacity: 1)
        open.initialize(to: DiskVFS.OpenFile())
        let handle = path.map { self.open(String(cString: $0), flags) } ?? temporary()
        guard let handle else { return SQLITE_CANTOPEN }
        open.pointee.handle = Unmanaged.passRetained(handle)
        open.pointee.base.pMethods = DiskVFS.methods
        outFlags?.pointee = flags
        return SQLITE_OK
    }

    /// A file without a name, that goes with the connection.
    private func temporary() -> DiskHandle {
        DiskHandle(
            self, DiskFile(), process: state.withLock { $0.process }, isReadOnly: false, syncsFolder: false)
    }

    private func open(_ path: String, _ flags: Int32) -> DiskHandle? {
        state.withLock { state -> Opened? in
            guard !state.isStopped else { return nil }
            var found = file(path, &state)
            if found == nil, flags & SQLITE_OPEN_CREATE != 0, !state.isReadOnly {
                found = DiskFile()
                state.files[path] = found
            }
            guard let found else { return nil }
            let isLog = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL) != 0
            return Opened(
                handle: DiskHandle(
                    self, found, process: state.process, isReadOnly: flags & SQLITE_OPEN_READONLY != 0,
                    syncsFolder: isLog && flags & SQLITE_OPEN_CREATE != 0))
        }?.handle
    }

    fileprivate func has(_ path: String) -> Bool { state.withLock { file(path, &$0) != nil } }

    fileprivate func remove(_ path: String, syncsFolder: Bool) -> Int32 {
        state.withLock { state in
            let (happens, isLast) = state.beginsChange()
            guard happens, !isLast, !state.isReadOnly else { return DiskError.remove }
            guard let file = state.files.removeValue(forKey: path) else { return DiskError.noEntry }
            if file.isEntered { state.removed[path] = file }
            if syncsFolder { state.syncFolder() }
            return SQLITE_OK
        }
    }
}

/// A handle that leaves the mutex: it takes it again for whatever it does.
private struct Opened: @unchecked Sendable {
    let handle: DiskHandle
}
