import Gateway
import JSON
import Testing
import Zones

@testable import Assembly

@Suite("Schedules and local clocks")
struct StepScheduleTests {
    @Test("a text passes its clocks, a call its ringing and its longest talk, a skipped step nothing")
    func schedule() {
        var schedule = StepSchedule(starts: Timestamp(milliseconds: 0))
        schedule.pass(["clocks": ["deliver_within": "2m", "ack_within": "10m"]])
        #expect(schedule.earliest.milliseconds == 120_000)
        #expect(schedule.latest.milliseconds == 720_000)
        schedule.pass(["skipped": "no_template", "clocks": ["deliver_within": "2m"]])
        schedule.pass(["quiet_hours": "skip", "clocks": ["deliver_within": "2m"]])
        #expect(schedule.latest.milliseconds == 720_000)
        schedule.pass(["clocks": ["ring_timeout": "30s", "max_duration": "3m"]])
        #expect(schedule.earliest.milliseconds == 120_000 + 45_000)
        #expect(schedule.latest.milliseconds == 720_000 + 45_000 + 180_000 + 60_000)
    }

    @Test("clocks that overflow are bounded", arguments: ["", "x", "999999999d"])
    func hostile(text: String) {
        var schedule = StepSchedule(starts: .distantFuture)
        schedule.pass(["clocks": ["deliver_within": .string(text), "ack_within": "1m"]])
        #expect(schedule.latest == .distantFuture)
    }

    @Test("local times follow the change of clocks")
    func local() throws {
        let clock = LocalClock(zone: try Zone(named: "Europe/Zurich"))
        // 2026-10-25T01:00:00Z: the clocks go back.
        let change = Timestamp(milliseconds: 1792890000000)
        #expect(clock.full(change + .milliseconds(-1)) == "Sun 2026-10-25 02:59:59 CEST")
        #expect(clock.full(change) == "Sun 2026-10-25 02:00:00 CET")
        #expect(clock.full(Timestamp(milliseconds: -1)) == "Thu 1970-01-01 00:59:59 CET")
    }

    @Test("another day than the start's is named")
    func otherDay() {
        let clock = LocalClock(zone: .utc)
        let start = Timestamp(milliseconds: TestRun.noon)
        #expect(clock.span(start, start, start) == "at 11:00:00")
        #expect(
            clock.span(start + .seconds(60), start + .seconds(86_400), start)
                == "between 11:01:00 and Tue 2026-11-24 11:00:00")
    }
}
