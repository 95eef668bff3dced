import Testing

@testable import Zones

@Suite("Dates as text")
struct DateTextTests {
    @Test(
        "instants are written in both formats",
        arguments: [
            (1_795_458_660_250, "2026-11-23T18:31:00.250Z", "Mon, 23 Nov 2026 18:31:00 +0000"),
            (0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 +0000"),
            (-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 +0000"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z", "Tue, 29 Feb 2000 00:00:00 +0000"),
            (.max, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 +0000"),
            (.min, "0000-01-01T00:00:00.000Z", "Sat, 01 Jan 0000 00:00:00 +0000"),
        ] as [(Int64, String, String)])
    func written(_ instant: Int64, _ rfc3339: String, _ rfc2822: String) throws {
        #expect(DateText.rfc3339(instant) == rfc3339)
        #expect(DateText.rfc2822(instant) == rfc2822)
        let clamped = min(max(instant, DateText.earliest), DateText.latest)
        #expect(try DateText.parseRFC3339(rfc3339) == clamped)
        #expect(try DateText.parseRFC2822(rfc2822) == clamped - (clamped % 1000 + 1000) % 1000)
    }

    @Test(
        "offsets, fractions and leap seconds are read",
        arguments: [
            ("2026-11-23T19:31:00.25+01:00", 1_795_458_660_250), ("2026-11-23t18:31:00.250999z", 1_795_458_660_250),
            ("2026-11-23T12:31:00-06:00", 1_795_458_660_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("2017-01-01T00:59:60+01:00", 1_483_228_800_000), ("1969-12-31T23:59:59.9Z", -100),
        ] as [(String, Int64)])
    func read3339(_ text: String, _ instant: Int64) throws {
        #expect(try DateText.parseRFC3339(text) == instant)
    }

    @Test(
        "the looser forms of RFC 2822 are read",
        arguments: [
            "Mon, 23 Nov 2026 18:31:00 GMT", "23 nov 2026 18:31 Z", "Mon,  23 Nov 2026 19:31:00 +0100",
            "23 Nov 2026 18:31 UT",
        ])
    func read2822(_ text: String) throws {
        #expect(try DateText.parseRFC2822(text) == 1_795_458_660_000)
    }

    @Test(
        "what is no RFC 3339 date is refused with its place",
        arguments: [
            ("", 0, .malformedDate), ("2026-11-23", 10, .malformedDate), ("2026-11-23 18:31:00Z", 10, .malformedDate),
            ("2026-11-23T18:31Z", 16, .malformedDate), ("2026-11-23T18:31:00", 19, .malformedDate),
            ("2026-11-23T18:31:00.Z", 20, .malformedDate), ("2026-11-23T18:31:00Zx", 20, .malformedDate),
            ("2026-02-29T00:00:00Z", 0, .impossibleDate), ("2026-11-23T24:00:00Z", 0, .impossibleDate),
            ("2026-11-23T18:31:60Z", 0, .impossibleDate), ("2026-11-23T18:31:00+24:00", 0, .impossibleDate),
            ("12026-11-23T18:31:00Z", 4, .malformedDate), ("0000-01-01T00:00:00+00:01", 0, .impossibleDate),
            ("9999-12-31T23:59:00-00:01", 0, .impossibleDate), ("+026-11-23T18:31:00Z", 0, .malformedDate),
        ] as [(String, Int, DateTextError.Code)])
    func refused3339(_ text: String, _ offset: Int, _ code: DateTextError.Code) {
        let error = #expect(throws: DateTextError.self) { try DateText.parseRFC3339(text) }
        #expect(error?.offset == offset)
        #expect(error?.code == code)
    }

    @Test(
        "what is no RFC 2822 date is refused",
        arguments: [
            "", "Tue, 23 Nov 2026 18:31:00 +0000", "23 Foo 2026 18:31:00 +0000", "32 Nov 2026 18:31:00 +0000",
            "23 Nov 26 18:31:00 +0000", "23 Nov 2026 18:31:00", "23 Nov 2026 18:31:00 EST",
            "23 Nov 2026 18:31:00 +0000 x",
        ])
    func refused2822(_ text: String) {
        #expect(throws: DateTextError.self) { try DateText.parseRFC2822(text) }
    }

    @Test("every day of 1200 years has its number and its weekday")
    func calendar() {
        var days = -400 * 366
        var date = CivilDate(daysSinceEpoch: days)
        var weekday = date.weekday
        var wrong = 0
        while date.year < 2800 {
            days += 1
            let next = CivilDate(daysSinceEpoch: days)
            weekday = (weekday + 1) % 7
            let follows =
                (next.day == date.day + 1 && next.month == date.month)
                || (next.day == 1 && date.day == CivilDate.days(inMonth: date.month, year: date.year))
            if !follows || next.daysSinceEpoch != days || next.weekday != weekday || next <= date { wrong += 1 }
            date = next
        }
        #expect(wrong == 0)
        #expect(CivilDate(year: 2000, month: 3, day: 1)?.daysSinceEpoch == 11017)
        #expect(CivilDate(year: 1970, month: 1, day: 1)?.weekday == 4)
        #expect(CivilDate(year: 2023, month: 2, day: 29) == nil)
        #expect(CivilDate(daysSinceEpoch: .max).year > 9999)
        #expect(CivilDate(daysSinceEpoch: .min).year < -9999)
    }

    @Test("no text crashes the readers, and what one reads it writes the same")
    func noCrash() throws {
        let pieces = [
            "2026", "-", "11", "02", "29", "T", ":", "60", "59", ".", "9", "Z", "+", "Nov", "Mon,", " ", "é", "0000",
            "GMT",
        ]
        var state: UInt64 = 23
        for round in 0..<20000 {
            var text = round % 2 == 0 ? "2026-11-23T" : "23 Nov 2026 "
            for _ in 0..<6 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            _ = try? DateText.parseRFC2822(text)
            if let instant = try? DateText.parseRFC3339(text) {
                #expect(try DateText.parseRFC3339(DateText.rfc3339(instant)) == instant)
            }
            let any = Int64(bitPattern: state) % DateText.latest
            if any >= DateText.earliest { #expect(try DateText.parseRFC3339(DateText.rfc3339(any)) == any) }
        }
    }
}
