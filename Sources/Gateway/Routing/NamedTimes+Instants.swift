import Zones

// When named times hold. What the wall clock shows decides, at every instant, so changes of daylight saving are exact:
// a range that lies in a skipped hour does not hold, one in a repeated hour holds twice.

extension NamedTimes {
    /// How far is looked for the next change, in seconds: four years, so that a 29 February is found.
    static let lookAhead: Int64 = 1_461 * 86_400

    /// Whether the interval holds at `moment`.
    public func holds(at moment: LocalMoment) -> Bool { ranges.contains { $0.holds(at: moment) } }

    /// Whether the interval holds at `time` in `zone`.
    public func contains(_ time: Timestamp, in zone: Zone) -> Bool { holds(at: LocalMoment(time, in: zone)) }

    /// When the interval that holds at `time` ends in `zone`; `nil` when none holds. One that goes on for more than four
    /// years counts as ending then.
    public func end(after time: Timestamp, in zone: Zone) -> Timestamp? {
        let moment = LocalMoment(time, in: zone)
        guard holds(at: moment) else { return nil }
        let end = nextChange(after: moment, from: true) ?? Self.sum(moment.seconds, Self.lookAhead)
        return Timestamp(milliseconds: end * 1_000)
    }

    /// When the interval next begins to hold in `zone`; `nil` when it holds at `time`, or does not begin in four years.
    public func beginning(after time: Timestamp, in zone: Zone) -> Timestamp? {
        let moment = LocalMoment(time, in: zone)
        guard !holds(at: moment) else { return nil }
        return nextChange(after: moment, from: false).map { Timestamp(milliseconds: $0 * 1_000) }
    }

    /// The first second after `moment` at which it is no longer so that the interval holds, or does not.
    private func nextChange(after moment: LocalMoment, from holds: Bool) -> Int64? {
        let limit = Self.sum(moment.seconds, Self.lookAhead)
        var edges = ranges.map { $0.nextEdge(after: moment, limit: limit) }
        while let next = edges.min(), next < limit {
            let place = LocalMoment(seconds: next, in: moment.zone)
            if self.holds(at: place) != holds { return next }
            for index in edges.indices where edges[index] == next {
                edges[index] = ranges[index].nextEdge(after: place, limit: limit)
            }
        }
        return nil
    }

    /// Within what fits a `Timestamp`.
    private static func sum(_ seconds: Int64, _ span: Int64) -> Int64 { min(seconds + span, .max / 1_000) }
}

extension DailyRange {
    func holds(at moment: LocalMoment) -> Bool {
        let clock = clock(at: moment.seconds, in: zone(moment))
        let day = Self.quotient(clock, 86_400)
        let minute = Int(clock - day * 86_400) / 60
        if minute >= start, spansMidnight || minute < end, days.contains(daysSinceEpoch: Int(day)) { return true }
        return spansMidnight && minute < end && days.contains(daysSinceEpoch: Int(day) - 1)
    }

    /// The first second after `moment` at which the range may begin or end; `limit` when there is none before.
    func nextEdge(after moment: LocalMoment, limit: Int64) -> Int64 {
        let zone = zone(moment)
        // When the clocks change they may jump into the range or out of it.
        let steady = min(zone.steadyUntil(from: moment.seconds) ?? limit, limit)
        let offset = Int64(zone.offset(at: moment.seconds))
        let clock = moment.seconds + offset
        var day = Self.quotient(clock, 86_400) - 1
        while day * 86_400 - offset < steady {
            if days.contains(daysSinceEpoch: Int(day)) {
                let begin = day * 86_400 + Int64(start) * 60
                let edge = begin > clock ? begin : begin + Int64(length) * 60
                if edge > clock { return min(edge - offset, steady) }
            }
            day += 1
        }
        return steady
    }

    private func zone(_ moment: LocalMoment) -> Zone { location.map(ZoneCache.zone) ?? moment.zone }

    private func clock(at seconds: Int64, in zone: Zone) -> Int64 { seconds + Int64(zone.offset(at: seconds)) }

    /// Rounded towards minus infinity.
    private static func quotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}
