/// The contents of a TZif file: when the clocks of a zone changed, and by which rule they go on changing.
struct ZoneRules: Sendable, Hashable {
    /// A time that the clocks of a zone show.
    struct Kind: Sendable, Hashable {
        let offset: Int
        let isDaylight: Bool
        let abbreviation: String
    }

    /// The instants of the changes, ascending, in seconds since 1970.
    let changes: [Int64]
    /// What holds from each change on.
    let kindAfterChange: [UInt8]
    /// All kinds; never empty. The first one holds before the first change (RFC 9636 §3.2).
    let kinds: [Kind]
    /// What holds after the last change; without it the last kind goes on.
    let rule: PosixZone?

    func kind(at seconds: Int64) -> Kind {
        guard let first = changes.first, let last = changes.last else { return rule?.kind(at: seconds) ?? kinds[0] }
        if seconds < first { return kinds[0] }
        if seconds >= last, let rule { return rule.kind(at: seconds) }
        var low = 0
        var high = changes.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if changes[middle] <= seconds { low = middle } else { high = middle }
        }
        return kinds[Int(kindAfterChange[low])]
    }

    static let utc = ZoneRules(
        changes: [], kindAfterChange: [], kinds: [Kind(offset: 0, isDaylight: false, abbreviation: "UTC")], rule: nil)
}
