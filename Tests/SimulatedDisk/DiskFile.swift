/// A file of the disk: what programs see of it, what is safe from a loss of power, and the changes between the two.
final class DiskFile {
    /// A change that no sync has made safe yet.
    enum Change {
        case write(at: Int, [UInt8])
        case truncate(to: Int)
    }

    /// Whether the folder would still have the file after a loss of power.
    var isEntered = false
    private(set) var content: [UInt8] = []
    private var safe: [UInt8] = []
    private var unsafe: [Change] = []
    /// Locks and shared memory of the processes that have it open.
    var locks = DiskLocks()

    var size: Int { content.count }

    func write(_ bytes: [UInt8], at offset: Int) {
        Self.apply(.write(at: offset, bytes), to: &content)
        unsafe.append(.write(at: offset, bytes))
    }

    func truncate(to size: Int) {
        Self.apply(.truncate(to: size), to: &content)
        unsafe.append(.truncate(to: size))
    }

    func sync() {
        for change in unsafe { Self.apply(change, to: &safe) }
        unsafe = []
    }

    /// A sync that failed, as Linux has it: the cache still shows the changes but takes them for written, so that a
    /// later sync says nothing about them. Some reached the disk.
    func failSync(_ random: inout DiskRandom, sector: Int) {
        settle(&random, sector: sector)
        unsafe = []
    }

    /// After a loss of power: some changes reached the disk, whole, in part or as garbage.
    func losePower(_ random: inout DiskRandom, sector: Int) {
        settle(&random, sector: sector)
        content = safe
        unsafe = []
        locks = DiskLocks()
    }

    // MARK: what reaches the disk

    /// What becomes of one piece of a change within a sector.
    private enum Fate {
        case lost, kept, garbage
    }

    /// How the changes fare as a whole; with independent fates alone hardly a commit would ever be whole.
    private enum Manner: CaseIterable {
        case nothing, everything, beginning, beginningWithout, mixed
    }

    private func settle(_ random: inout DiskRandom, sector: Int) {
        let manner = Manner.allCases[random.below(Manner.allCases.count)]
        // With manners of a beginning: the first piece that is not simply kept.
        let end = random.below(max(1, pieces(sector)))
        var index = 0
        for change in unsafe {
            for piece in Self.split(change, sector) {
                switch Self.fate(of: index, manner, end, &random) {
                case .lost: break
                case .kept: Self.apply(piece, to: &safe)
                case .garbage: Self.apply(Self.garbage(for: piece, &random), to: &safe)
                }
                index += 1
            }
        }
    }

    private static func fate(of index: Int, _ manner: Manner, _ end: Int, _ random: inout DiskRandom) -> Fate {
        switch manner {
        case .nothing: .lost
        case .everything: .kept
        case .beginning: index < end ? .kept : index == end ? .garbage : .lost
        // Everything but one piece: what was written last came first.
        case .beginningWithout: index == end ? .lost : .kept
        case .mixed: [.lost, .kept, .garbage][random.below(3)]
        }
    }

    private func pieces(_ sector: Int) -> Int { unsafe.reduce(0) { $0 + Self.split($1, sector).count } }

    /// A write, piece by piece at the borders of sectors.
    private static func split(_ change: Change, _ sector: Int) -> [Change] {
        guard case .write(let offset, let bytes) = change else { return [change] }
        var pieces: [Change] = []
        var begin = 0
        while begin < bytes.count {
            let end = min(bytes.count, begin + sector - (offset + begin) % sector)
            pieces.append(.write(at: offset + begin, Array(bytes[begin..<end])))
            begin = end
        }
        return pieces
    }

    /// Bytes that nobody wrote, where something was being written, and nowhere else: SQLite takes for granted that a
    /// write leaves the rest of its sector alone (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`).
    private static func garbage(for change: Change, _ random: inout DiskRandom) -> Change {
        guard case .write(let offset, let bytes) = change else { return change }
        return .write(at: offset, bytes.map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let size): if size < bytes.count { bytes.removeLast(bytes.count - size) }
        case .write(let offset, let new):
            if bytes.count < offset { bytes += Array(repeating: 0, count: offset - bytes.count) }
            let overlap = min(new.count, bytes.count - offset)
            bytes.replaceSubrange(offset..<offset + overlap, with: new[..<overlap])
            bytes += new[overlap...]
        }
    }
}

/// SplitMix64: the disk's own chance, from its seed.
struct DiskRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// 0..<`limit`.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}
