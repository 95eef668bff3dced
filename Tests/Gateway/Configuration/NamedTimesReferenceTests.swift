import Crypto
import Testing
import YAML
import Zones

@testable import Gateway

/// Time intervals as Alertmanager's documentation says, decided minute by minute from what the wall clock shows.
private struct PlainInterval {
    var minutes: Range<Int>
    var weekdays: [Int]
    var days: [(Int, Int)]
    var months: [Int]
    var zone: Zone?

    func holds(_ seconds: Int64, _ asker: Zone) -> Bool {
        let zone = zone ?? asker
        let local = zone.local(seconds)
        if minutes.contains(local.minuteOfDay), fits(local.date) { return true }
        let dayBefore = CivilDate(daysSinceEpoch: local.date.daysSinceEpoch - 1)
        return minutes.contains(local.minuteOfDay + 1440) && fits(dayBefore)
    }

    private func fits(_ date: CivilDate) -> Bool {
        let length = [31, CivilDate.isLeap(date.year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][date.month - 1]
        let isDay =
            days.isEmpty
            || days.contains { first, last in
                let days = (first < 0 ? length + 1 + first : first)...31
                return days.contains(date.day) && date.day <= (last < 0 ? length + 1 + last : last)
            }
        return isDay && weekdays.contains(date.weekday) && months.contains(date.month)
    }

    var range: DailyRange {
        var filter = DayFilter()
        filter.weekdays = weekdays.reduce(0) { $0 | 1 << UInt8($1) }
        filter.months = months.reduce(0) { $0 | 1 << UInt16($1) }
        filter.daysOfMonth = days.compactMap { DaysOfMonth(first: $0.0, last: $0.1) }
        let end = minutes.upperBound > 1440 ? minutes.upperBound - 1440 : minutes.upperBound
        return DailyRange(start: minutes.lowerBound, end: end, days: filter, location: zone?.name)
    }
}

@Suite("Named times against a plain reference")
struct NamedTimesReferenceTests {
    /// Clocks that change by an hour, by half an hour, on both hemispheres, and never.
    private static let zones = [
        "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Auckland",
    ]

    private func interval(_ random: inout SeededRandom) throws -> PlainInterval {
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        // Mostly near the hours at which clocks are changed.
        let start = pick(2) == 0 ? pick(1440) : pick(240)
        let length = 1 + (pick(3) == 0 ? pick(1440) : pick(180))
        let weekdays = pick(2) == 0 ? Array(0...6) : (0...6).filter { _ in pick(3) > 0 }
        let days = pick(2) == 0 ? [] : [(1 + pick(20), 21 + pick(11)), (-1 - pick(9) - 3, -1 - pick(3))]
        let months = pick(3) == 0 ? (1...12).filter { _ in pick(4) > 0 } : Array(1...12)
        let zone = pick(4) == 0 ? try Zone(named: Self.zones[pick(Self.zones.count)]) : nil
        return PlainInterval(
            minutes: start..<(start + length), weekdays: weekdays, days: days, months: months, zone: zone)
    }

    @Test("holding, ends and beginnings are those found minute by minute", arguments: 0..<12)
    func agree(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) + 900)
        var changes = 0
        for _ in 0..<16 {
            let intervals = try (0...Int(random.next() % 3)).map { _ in try interval(&random) }
            let zone = try Zone(named: Self.zones[Int(random.next() % UInt64(Self.zones.count))])
            let times = NamedTimes(name: "n", ranges: intervals.map(\.range), mark: YAMLMark(line: 1, column: 1))
            // Two days before a change of the clocks, mostly, or anywhere in 2027.
            let anywhere = 1_798_761_600 + Int64(random.next() % 31_536_000) / 60 * 60
            let change = (zone.steadyUntil(from: anywhere) ?? anywhere) / 60 * 60
            let start = (random.next() % 4 == 0 ? anywhere : change) - Int64(random.next() % 2_880) * 60
            func holds(_ seconds: Int64) -> Bool { intervals.contains { $0.holds(seconds, zone) } }
            let now = Timestamp(milliseconds: start * 1_000)
            #expect(times.contains(now, in: zone) == holds(start))
            let next = (1...4_320).lazy.map { start + Int64($0) * 60 }.first { holds($0) != holds(start) }
            let found = holds(start) ? times.end(after: now, in: zone) : times.beginning(after: now, in: zone)
            if let next {
                changes += 1
                #expect(found?.milliseconds == next * 1_000, "\(intervals) in \(zone.name) from \(start)")
            } else if let found {
                #expect(found.milliseconds > (start + 4_320 * 60) * 1_000)
            }
            #expect((holds(start) ? times.beginning(after: now, in: zone) : times.end(after: now, in: zone)) == nil)
        }
        #expect(changes > 4)
    }
}
