import Testing

@testable import Zones

@Suite("The zones of countries")
struct ZoneTableTests {
    @Test("a country has its zones in the order of the table")
    func zones() throws {
        let table = try ZoneTable(folder: zoneFolder)
        #expect(table.zones(ofCountry: "CH") == ["Europe/Zurich"])
        #expect(table.zones(ofCountry: "DE") == ["Europe/Berlin", "Europe/Busingen"])
        #expect(table.zones(ofCountry: "US").first == "America/New_York")
        #expect(table.zones(ofCountry: "XX").isEmpty)
        #expect(table.names == table.names.sorted())
    }

    @Test("the only zone of a country, if the place within it does not matter")
    func only() throws {
        let table = try ZoneTable()
        #expect(table.onlyZone(ofCountry: "CH")?.name == "Europe/Zurich")
        #expect(table.onlyZone(ofCountry: "DE")?.name == "Europe/Berlin")
        #expect(table.onlyZone(ofCountry: "NP")?.name == "Asia/Kathmandu")
        #expect(table.onlyZone(ofCountry: "US") == nil)
        #expect(table.onlyZone(ofCountry: "ES") == nil)
        #expect(table.onlyZone(ofCountry: "XX") == nil)
    }

    @Test("a folder without a table is an error")
    func missing() {
        let error = #expect(throws: ZoneError.self) { try ZoneTable(folder: "/nowhere") }
        #expect(error?.code == .noZoneTable)
    }
}
