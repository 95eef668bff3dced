extension Zone {
    /// An instant after this one until which, itself not included, the clocks go on as they do at this one; `nil` where they
    /// never change again. They need not change then: it may be the turn of a year.
    public func steadyUntil(from unixSeconds: Int64) -> Int64? { rules.steadyUntil(from: unixSeconds) }
}

extension ZoneRules {
    func steadyUntil(from seconds: Int64) -> Int64? {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low < changes.count ? changes[low] : rule?.steadyUntil(from: seconds)
    }
}

extension PosixZone {
    func steadyUntil(from seconds: Int64) -> Int64? {
        guard let daylight, let begin, let end else { return nil }
        // As in `kind(at:)`: what is outside of the calendar is answered for its edge, where nothing changes.
        let bound: Int64 = 20_000_000_000_000
        guard (-bound..<bound).contains(seconds) else { return seconds < 0 ? -bound : nil }
        let year = CivilDate(daysSinceEpoch: floorDivide(Int(seconds) + standard.offset, 86400)).year
        var next: Int64?
        for year in year...year + 1 {
            var instants = [
                begin.clockSeconds(year: year) - standard.offset, end.clockSeconds(year: year) - daylight.offset,
            ]
            // Which year's changes count is decided by the turn of the year.
            if let newYear = CivilDate(year: year, month: 1, day: 1) {
                instants.append(newYear.daysSinceEpoch * 86400 - standard.offset)
            }
            for instant in instants.map(Int64.init) where instant > seconds && instant < next ?? .max { next = instant }
        }
        return next
    }
}
