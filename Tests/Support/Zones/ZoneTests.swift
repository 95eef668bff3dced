import Foundation
import Testing

@testable import Zones

let zoneFixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
let zoneFolder = zoneFixtures.appendingPathComponent("zoneinfo").path

@Suite("Time zones")
struct ZoneTests {
    struct Expected: Decodable {
        let instants: [Instant]
        let locals: [Local]
    }

    struct Instant: Decodable {
        let seconds: Int64
        let offset: Int
        let name: String

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            seconds = try list.decode(Int64.self)
            offset = try list.decode(Int.self)
            name = try list.decode(String.self)
        }
    }

    struct Local: Decodable {
        let clock: Int
        let kind: String
        let instants: [Int64]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            clock = try list.decode(Int.self)
            kind = try list.decode(String.self)
            instants = [try list.decode(Int64.self), try list.decode(Int64.self)]
        }
    }

    private static func expected() throws -> [String: Expected] {
        let data = try Data(contentsOf: zoneFixtures.appendingPathComponent("zones.json"))
        return try JSONDecoder().decode([String: Expected].self, from: data)
    }

    @Test("offsets and names from 1970 to 2100 are those that Python reads from the same files")
    func offsets() throws {
        let expected = try ZoneTests.expected()
        #expect(expected.count == 14)
        for (name, zoneExpected) in expected {
            let zone = try Zone(named: name, folder: zoneFolder)
            #expect(zoneExpected.instants.count > 400)
            let wrong = zoneExpected.instants.filter {
                zone.offset(at: $0.seconds) != $0.offset || zone.abbreviation(at: $0.seconds) != $0.name
            }
            #expect(wrong.isEmpty, "\(name): \(wrong.prefix(3))")
        }
    }

    @Test("wall clock times in gaps and overlaps are those that Python finds")
    func locals() throws {
        for (name, zoneExpected) in try ZoneTests.expected() {
            let zone = try Zone(named: name, folder: zoneFolder)
            for local in zoneExpected.locals {
                let wanted: LocalInstants =
                    switch local.kind {
                    case "one": .one(local.instants[0])
                    case "gap": .gap(after: local.instants[0])
                    default: .overlap(earlier: local.instants[0], later: local.instants[1])
                    }
                let time = LocalTime(clockSeconds: local.clock)
                #expect(zone.instants(of: time) == wanted, "\(name) \(time)")
                #expect(zone.instant(of: time) == local.instants[0])
            }
        }
    }

    @Test("the wall clock of a zone, with its weekday")
    func wallClock() throws {
        let zone = try Zone(named: "Europe/Zurich", folder: zoneFolder)
        let local = zone.local(1_774_746_000)  // 2026-03-29T01:00:00Z, when summer time begins
        #expect((local.year, local.month, local.day) == (2026, 3, 29))
        #expect((local.hour, local.minute, local.second, local.weekday) == (3, 0, 0, 0))
        #expect(zone.local(1_774_745_999).minuteOfDay == 119)
        #expect(zone.isDaylight(at: 1_774_746_000))
        #expect(zone.local(.max).year == 10000 || zone.local(.max).year == 9999)
        #expect(zone.local(.min).year >= -1)
    }

    @Test("a day that Samoa skipped has no time")
    func samoa() throws {
        let zone = try Zone(named: "Pacific/Apia", folder: zoneFolder)
        let date = try #require(CivilDate(year: 2011, month: 12, day: 30))
        let noon = try #require(LocalTime(date: date, hour: 12, minute: 0))
        #expect(zone.instants(of: noon) == .gap(after: 1_325_239_200))
    }

    @Test(
        "a name that leads out of the folder, or to none, is unknown",
        arguments: [
            "../zoneinfo/Europe/Zurich", "/etc/passwd", "Europe/../Europe/Zurich", "", "Europe//Zurich", "Europe/",
            "Europe", "Europe/Atlantis", "zone.tab", "Europe/Zurich\0", String(repeating: "a", count: 70),
        ])
    func unknown(_ name: String) {
        let error = #expect(throws: ZoneError.self) { try Zone(named: name, folder: zoneFolder) }
        #expect(error?.code == .unknownZone)
    }

    @Test("the system's own zones are read, and UTC needs no file")
    func system() throws {
        #expect(try Zone(named: "Europe/Zurich").offset(at: 1_767_225_600) == 3600)
        #expect(try Zone(named: "UTC", folder: "/nowhere") == .utc)
        #expect(Zone.utc.offset(at: 0) == 0)
        #expect(Zone.utc.local(0).date == CivilDate(year: 1970, month: 1, day: 1))
    }

    @Test("a damaged file is an error, whatever is wrong with it")
    func damaged() throws {
        let path = zoneFixtures.appendingPathComponent("zoneinfo/Europe/London")
        let good = [UInt8](try Data(contentsOf: path))
        #expect(throws: ZoneError.self) { try Zone(name: "x", tzif: []) }
        #expect(throws: ZoneError.self) { try Zone(name: "x", tzif: Array("TZif2".utf8)) }
        for length in stride(from: 0, to: good.count, by: 41) {
            #expect(throws: ZoneError.self) { try Zone(name: "x", tzif: Array(good[..<length])) }
        }
        var state: UInt64 = 99
        var refused = 0
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 40) % 120] = UInt8(truncatingIfNeeded: state >> 33)
            }
            if let zone = try? Zone(name: "x", tzif: bytes) {
                _ = zone.local(1_774_746_000)
                _ = zone.instant(of: zone.local(-5_000_000_000))
            } else {
                refused += 1
            }
        }
        #expect(refused > 200)
    }
}
