import Testing
import YAML
import Zones

@testable import Gateway

@Suite("Named times")
struct NamedTimesTests {
    private func times(_ ranges: DailyRange...) -> NamedTimes {
        NamedTimes(name: "n", ranges: ranges, mark: YAMLMark(line: 1, column: 1))
    }

    private func range(_ start: Int, _ end: Int, weekdays: UInt8 = DayFilter.everyWeekday) -> DailyRange {
        var days = DayFilter()
        days.weekdays = weekdays
        return DailyRange(start: start, end: end, days: days)
    }

    /// In the week that began on Sunday, 4 January 1970, UTC.
    private func moment(_ weekday: Int, _ minute: Int) -> Timestamp {
        Timestamp(milliseconds: Int64((3 + weekday) * 86_400 + minute * 60) * 1_000)
    }

    private func minutesLeft(_ times: NamedTimes, _ weekday: Int, _ minute: Int) -> Int? {
        let now = moment(weekday, minute)
        return times.end(after: now, in: .utc).map { Int(($0 - now).milliseconds / 60_000) }
    }

    @Test("a night spans midnight and belongs to the day on which it starts")
    func night() {
        let night = times(range(22 * 60, 7 * 60, weekdays: 1 << 5))
        #expect(night.contains(moment(5, 22 * 60), in: .utc))
        #expect(night.contains(moment(6, 6 * 60 + 59), in: .utc))
        #expect(!night.contains(moment(6, 7 * 60), in: .utc))
        #expect(!night.contains(moment(5, 3 * 60), in: .utc))
        #expect(!night.contains(moment(6, 23 * 60), in: .utc))
    }

    @Test("the end is where no range holds any more")
    func end() {
        let night = times(range(22 * 60, 7 * 60))
        #expect(minutesLeft(night, 0, 23 * 60) == 8 * 60)
        #expect(minutesLeft(night, 6, 6 * 60) == 60)
        #expect(minutesLeft(night, 6, 12 * 60) == nil)
        #expect(night.beginning(after: moment(6, 12 * 60), in: .utc) == moment(6, 22 * 60))
        #expect(night.beginning(after: moment(6, 23 * 60), in: .utc) == nil)
        let joined = times(range(22 * 60, 24 * 60), range(0, 6 * 60))
        #expect(minutesLeft(joined, 6, 23 * 60) == 7 * 60)
    }

    @Test("what always holds is looked at for four years, and a whole day lasts a day")
    func always() {
        #expect(minutesLeft(times(range(0, 1440)), 3, 7) == 1_461 * 1_440)
        let wholeDays = times(range(480, 480, weekdays: 1 << 1))
        #expect(minutesLeft(wholeDays, 1, 480) == 1440)
        #expect(!wholeDays.contains(moment(1, 479), in: .utc))
    }

    @Test("ends lie where the wall clock shows them, also when it is put forward or back")
    func daylightSaving() throws {
        let zurich = try Zone(named: "Europe/Zurich")
        func time(_ text: String) throws -> Timestamp {
            Timestamp(milliseconds: try DateText.parseRFC3339(text))
        }
        // On 28 March 2027 the clocks go from 02:00 to 03:00, at 01:00 UTC.
        let skipped = times(range(22 * 60, 150))
        #expect(try skipped.end(after: time("2027-03-27T23:00:00Z"), in: zurich) == time("2027-03-28T01:00:00Z"))
        let inside = times(range(120, 180))
        let next = try inside.beginning(after: time("2027-03-27T23:00:00Z"), in: zurich)
        #expect(try next == time("2027-03-29T00:00:00Z"))
        // On 31 October 2027 they go from 03:00 back to 02:00, at 01:00 UTC.
        let twice = times(range(120, 150))
        #expect(try twice.end(after: time("2027-10-31T00:00:00Z"), in: zurich) == time("2027-10-31T00:30:00Z"))
        #expect(try twice.beginning(after: time("2027-10-31T00:30:00Z"), in: zurich) == time("2027-10-31T01:00:00Z"))
        let across = times(range(60, 180))
        #expect(try across.end(after: time("2027-10-30T23:00:00Z"), in: zurich) == time("2027-10-31T02:00:00Z"))
    }

    @Test("days of the month count from both ends, and what a month lacks is left out")
    func monthEnds() throws {
        let last = try #require(DaysOfMonth(first: -3, last: -1))
        #expect((1...28).filter { last.contains($0, ofMonthWith: 28) } == [26, 27, 28])
        let all = try #require(DaysOfMonth(first: 1, last: 31))
        #expect(all.contains(28, ofMonthWith: 28))
        let long = try #require(DaysOfMonth(first: 30, last: 31))
        #expect(!(1...28).contains { long.contains($0, ofMonthWith: 28) })
        let toTheEnd = try #require(DaysOfMonth(first: 29, last: -1))
        #expect(!(1...28).contains { toTheEnd.contains($0, ofMonthWith: 28) })
        #expect(toTheEnd.contains(29, ofMonthWith: 29))
        for (first, last) in [(0, 1), (1, 0), (1, 32), (-32, -1), (5, 4), (-1, -2), (-3, 5)] {
            #expect(DaysOfMonth(first: first, last: last) == nil)
        }
    }

    @Test("a day that no year has is told from one that is rare")
    func possible() throws {
        var february = DayFilter()
        february.months = 1 << 2
        february.daysOfMonth = [try #require(DaysOfMonth(first: 30, last: 31))]
        #expect(!february.isPossible)
        february.daysOfMonth = [try #require(DaysOfMonth(first: 29, last: 29))]
        for weekday in 0..<7 {
            february.weekdays = 1 << UInt8(weekday)
            february.years = []
            #expect(february.isPossible)
            february.years = [2073...2600]
            #expect(february.isPossible)
        }
        february.years = [2025...2027, 2029...2031]
        february.weekdays = DayFilter.everyWeekday
        #expect(!february.isPossible)
    }
}
