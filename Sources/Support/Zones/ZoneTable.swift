/// Which zones the countries have, from the table `zone.tab` of the tz database.
public struct ZoneTable: Sendable {
    private let folder: String
    private let zonesByCountry: [String: [String]]

    /// Reads the table of a folder of zones.
    public init(folder: String = Zone.systemFolder) throws(ZoneError) {
        guard let bytes = ZoneFile.read(folder + "/zone.tab") else {
            throw ZoneError(.noZoneTable, "zone.tab", "there is no table of zones; the package tzdata has it")
        }
        self.folder = folder
        var zones: [String: [String]] = [:]
        for line in bytes.split(separator: 0x0A) where line.first != UInt8(ascii: "#") {
            let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
            guard fields.count >= 3 else { continue }
            zones[String(decoding: fields[0], as: UTF8.self), default: []]
                .append(String(decoding: fields[2], as: UTF8.self))
        }
        zonesByCountry = zones
    }

    /// The names of the zones of a country (ISO 3166 alpha-2), in the order of the table, which puts the most important
    /// ones first or goes from east to west; empty for a country that it does not have.
    public func zones(ofCountry country: String) -> [String] { zonesByCountry[country] ?? [] }

    /// The zone of a country whose clocks all go alike from now on, such as Switzerland or Germany, whose two zones
    /// differ in the past alone; nil for one where the place within the country matters.
    public func onlyZone(ofCountry country: String) -> Zone? {
        let zones = zones(ofCountry: country).map { name in try? Zone(named: name, folder: folder) }
        guard let first = zones.first, let first else { return nil }
        return zones.allSatisfy { $0.map { $0.goesOn(like: first) } == true } ? first : nil
    }

    /// The names of all zones of all countries, ordered, for suggestions.
    public var names: [String] { Array(Set(zonesByCountry.values.joined())).sorted() }
}

extension Zone {
    /// Whether the last known rule is the same.
    func goesOn(like other: Zone) -> Bool {
        guard let rule = rules.rule, let otherRule = other.rules.rule else { return rules == other.rules }
        return rule == otherRule
    }
}
