/// A set of Unicode scalars, as ordered ranges that neither overlap nor touch.
struct ScalarSet: Sendable, Hashable {
    static let largest: UInt32 = 0x10FFFF

    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>] = []) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    init(_ scalar: Unicode.Scalar) {
        ranges = [scalar.value...scalar.value]
    }

    static let all = ScalarSet([0...largest])
    static let lineFeed = ScalarSet("\n")
    static let digits = ScalarSet([0x30...0x39])
    static let blanks = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])

    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    var inverted: ScalarSet {
        var inverted: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { inverted.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= ScalarSet.largest { inverted.append(next...ScalarSet.largest) }
        return ScalarSet(inverted)
    }

    func contains(_ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }

    /// The set with all scalars that differ from one of its own in case alone.
    var caseFolded: ScalarSet {
        if ranges.count == 1, ranges[0].count == 1 {
            guard let orbit = CaseFolding.orbitOfScalar[ranges[0].lowerBound] else { return self }
            return ScalarSet(orbit.map { $0...$0 })
        }
        var more: [ClosedRange<UInt32>] = []
        for orbit in CaseFolding.orbits where orbit.contains(where: contains) { more += orbit.map { $0...$0 } }
        return ScalarSet(ranges + more)
    }
}
