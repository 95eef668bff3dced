import Testing
import YAML

@testable import Gateway

@Suite("Named times")
struct NamedTimesTests {
    private func times(_ ranges: DailyRange...) -> NamedTimes {
        NamedTimes(name: "n", ranges: ranges, mark: YAMLMark(line: 1, column: 1))
    }

    @Test("a night spans midnight and belongs to the day on which it starts")
    func night() {
        let night = times(DailyRange(start: 22 * 60, end: 7 * 60, weekdays: 1 << 5))
        #expect(night.contains(weekday: 5, minute: 22 * 60))
        #expect(night.contains(weekday: 6, minute: 6 * 60 + 59))
        #expect(!night.contains(weekday: 6, minute: 7 * 60))
        #expect(!night.contains(weekday: 5, minute: 3 * 60))
        #expect(!night.contains(weekday: 6, minute: 23 * 60))
    }

    @Test("the end is where no range holds any more")
    func end() {
        let night = times(DailyRange(start: 22 * 60, end: 7 * 60, weekdays: DailyRange.everyDay))
        #expect(night.minutesUntilEnd(weekday: 0, minute: 23 * 60) == 8 * 60)
        #expect(night.minutesUntilEnd(weekday: 6, minute: 6 * 60) == 60)
        #expect(night.minutesUntilEnd(weekday: 6, minute: 12 * 60) == nil)
        let joined = times(
            DailyRange(start: 22 * 60, end: 24 * 60, weekdays: DailyRange.everyDay),
            DailyRange(start: 0, end: 6 * 60, weekdays: DailyRange.everyDay))
        #expect(joined.minutesUntilEnd(weekday: 6, minute: 23 * 60) == 7 * 60)
    }

    @Test("a whole week never ends, and is bounded")
    func always() {
        let always = times(DailyRange(start: 0, end: 1440, weekdays: DailyRange.everyDay))
        #expect(always.minutesUntilEnd(weekday: 3, minute: 7) == 7 * 1440)
        let wholeDays = times(DailyRange(start: 480, end: 480, weekdays: 1 << 1))
        #expect(wholeDays.minutesUntilEnd(weekday: 1, minute: 480) == 1440)
        #expect(!wholeDays.contains(weekday: 1, minute: 479))
    }
}
