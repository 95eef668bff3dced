import Testing

@testable import Zones

@Suite("TZ strings")
struct PosixZoneTests {
    private func zone(_ text: String) -> PosixZone? { PosixZone(parsing: Array(text.utf8)) }

    @Test("offsets west are positive in the text, names may be quoted")
    func offsets() throws {
        #expect(try #require(zone("EST5")).kind(at: 0).offset == -18000)
        #expect(try #require(zone("<+0530>-5:30")).kind(at: 0).offset == 19800)
        #expect(try #require(zone("<+0530>-5:30")).kind(at: 0).abbreviation == "+0530")
        #expect(try #require(zone("LMT0:00:08")).kind(at: 0).offset == -8)
    }

    @Test("days of the year with and without the leap day")
    func days() throws {
        // 1 March is J60 in every year, and day 60 in leap years, 59 in others.
        let julian = try #require(zone("AAA0BBB,J60/0,J300"))
        let zeroBased = try #require(zone("AAA0BBB,60/0,300"))
        let march2024: Int64 = 1_709_251_200
        let march2023: Int64 = 1_677_628_800
        #expect(julian.kind(at: march2024).isDaylight && !julian.kind(at: march2024 - 1).isDaylight)
        #expect(julian.kind(at: march2023).isDaylight && !julian.kind(at: march2023 - 1).isDaylight)
        #expect(zeroBased.kind(at: march2024).isDaylight && !zeroBased.kind(at: march2024 - 1).isDaylight)
        #expect(!zeroBased.kind(at: march2023).isDaylight && zeroBased.kind(at: march2023 + 86400).isDaylight)
    }

    @Test("summer in the south goes over the new year")
    func south() throws {
        let sydney = try #require(zone("AEST-10AEDT,M10.1.0,M4.1.0/3"))
        #expect(sydney.kind(at: 1_767_225_600).offset == 39600)  // 2026-01-01
        #expect(sydney.kind(at: 1_782_864_000).offset == 36000)  // 2026-07-01
    }

    @Test("daylight saving time may be less than standard time, and hold all year")
    func odd() throws {
        let dublin = try #require(zone("IST-1GMT0,M10.5.0,M3.5.0/1"))
        #expect(dublin.kind(at: 1_767_225_600).offset == 0)
        #expect(dublin.kind(at: 1_782_864_000).offset == 3600)
        let always = try #require(zone("EST5EDT4,0/0,J365/25"))
        for second in stride(from: Int64(1_767_000_000), to: 1_799_000_000, by: 86400) {
            #expect(always.kind(at: second).offset == -14400)
        }
    }

    @Test(
        "what is no TZ string is refused",
        arguments: [
            "", "E5", "EST", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J300", "EST5EDT,J366,J300", "EST5EDT,366,3", "EST5EDT,1/168,3",
            "<EST5", "EST5:60", "EST99999999999999999999", "EST5EDT,M3.2.0,M11.1.0,", "EST5 ",
        ])
    func refused(_ text: String) {
        #expect(zone(text) == nil)
    }
}
