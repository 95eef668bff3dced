import Gateway

/// Which removals of files are under way: a page of those that are old is marked at a time, and each file that is marked
/// is removed once.
struct MediaRemoval {
    /// Files that are marked at once.
    static let page = 100
    /// Nanoseconds between two looks for files that are old.
    static let pause: UInt64 = 60_000_000_000

    /// When files that are old are looked for next.
    var nextLook: UInt64?
    /// Marks that are not durable yet, how many there were, and whether all could be made.
    private var marking = 0
    private var marked = 0
    private var isWhole = true
    /// Those whose rows are being removed.
    private var leaving: Set<RecordID> = []

    /// Whether it is time for a look. One page follows another without a pause.
    func mayLook(at now: UInt64) -> Bool { marking == 0 && nextLook.map { $0 <= now } ?? false }

    mutating func noteMarks(_ count: Int) { (marking, marked, isWhole) = (count, count, true) }

    mutating func noteMark(_ isDone: Bool, at now: UInt64) {
        marking -= 1
        isWhole = isWhole && isDone
        // Where the store takes nothing the next look comes after the pause.
        if marking == 0, isWhole, marked == Self.page { nextLook = now }
    }

    func mayBegin(_ id: RecordID) -> Bool { !leaving.contains(id) }
    mutating func noteBegin(_ id: RecordID) { leaving.insert(id) }
    mutating func noteGone(_ id: RecordID) { leaving.remove(id) }
}
