import CSQLite

/// The locks and the shared memory of a file, as the system keeps them for the connections of a process.
struct DiskLocks {
    /// The lock of each connection that has one, `SQLITE_LOCK_SHARED` to `SQLITE_LOCK_EXCLUSIVE`.
    private var held: [ObjectIdentifier: Int32] = [:]
    /// Connections with a shared lock on each place of the shared memory, and the one with an exclusive one.
    private var sharing = [Set<ObjectIdentifier>](repeating: [], count: Int(SQLITE_SHM_NLOCK))
    private var excluding = [ObjectIdentifier?](repeating: nil, count: Int(SQLITE_SHM_NLOCK))
    /// The index of the write-ahead log, while a connection uses it.
    var memory: SharedMemory?

    /// Raises a connection's lock, or says that another one is in the way.
    mutating func lock(_ owner: ObjectIdentifier, _ level: Int32) -> Int32 {
        let mine = held[owner] ?? SQLITE_LOCK_NONE
        guard mine < level else { return SQLITE_OK }
        let others = held.filter { $0.key != owner }.values.max() ?? SQLITE_LOCK_NONE
        switch level {
        case SQLITE_LOCK_SHARED where others >= SQLITE_LOCK_PENDING: return SQLITE_BUSY
        case SQLITE_LOCK_RESERVED where others >= SQLITE_LOCK_RESERVED: return SQLITE_BUSY
        case SQLITE_LOCK_EXCLUSIVE where others >= SQLITE_LOCK_RESERVED: return SQLITE_BUSY
        case SQLITE_LOCK_EXCLUSIVE where others >= SQLITE_LOCK_SHARED:
            held[owner] = SQLITE_LOCK_PENDING
            return SQLITE_BUSY
        default: held[owner] = level
        }
        return SQLITE_OK
    }

    mutating func unlock(_ owner: ObjectIdentifier, _ level: Int32) {
        guard let mine = held[owner], mine > level else { return }
        held[owner] = level == SQLITE_LOCK_NONE ? nil : level
    }

    var isReserved: Bool { held.values.contains { $0 >= SQLITE_LOCK_RESERVED } }

    /// Takes or gives back places of the shared memory, as `xShmLock` says.
    mutating func lockMemory(_ owner: ObjectIdentifier, _ places: Range<Int>, _ flags: Int32) -> Int32 {
        if flags & SQLITE_SHM_UNLOCK != 0 {
            for place in places {
                sharing[place].remove(owner)
                if excluding[place] == owner { excluding[place] = nil }
            }
            return SQLITE_OK
        }
        let isExclusive = flags & SQLITE_SHM_EXCLUSIVE != 0
        let isFree = places.allSatisfy { place in
            (excluding[place] == nil || excluding[place] == owner)
                && (!isExclusive || sharing[place].subtracting([owner]).isEmpty)
        }
        guard isFree else { return SQLITE_BUSY }
        for place in places {
            if isExclusive { excluding[place] = owner } else { sharing[place].insert(owner) }
        }
        return SQLITE_OK
    }

    /// A connection is gone.
    mutating func forget(_ owner: ObjectIdentifier) {
        held[owner] = nil
        _ = lockMemory(owner, 0..<Int(SQLITE_SHM_NLOCK), SQLITE_SHM_UNLOCK)
    }
}

/// Memory that connections share; it stays while one of them is left, also one of a process that died.
final class SharedMemory {
    private var regions: [UnsafeMutableRawPointer] = []

    /// The region, or `nil` when it is missing and shall not be made.
    func region(_ index: Int, size: Int, makes: Bool) -> UnsafeMutableRawPointer? {
        guard makes || index < regions.count else { return nil }
        while regions.count <= index {
            let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4_096)
            region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            regions.append(region)
        }
        return regions[index]
    }

    deinit { for region in regions { region.deallocate() } }
}
