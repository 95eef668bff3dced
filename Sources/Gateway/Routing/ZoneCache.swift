import Synchronization
import Zones

/// Time zones that were read already; a zone file is read once in the life of the process.
public enum ZoneCache {
    private static let zones = Mutex<[String: Zone]>([:])

    /// The zone of an IANA name; UTC for a name that tzdata does not know, which `check` reports.
    public static func zone(_ name: String) -> Zone {
        zones.withLock { zones in
            if let zone = zones[name] { return zone }
            let zone = (try? Zone(named: name)) ?? .utc
            // Names come from contacts too: a hostile caller must not fill the memory.
            if zones.count < 1_000 { zones[name] = zone }
            return zone
        }
    }

    /// Whether tzdata knows a name.
    public static func isKnown(_ name: String) -> Bool {
        if zones.withLock({ $0[name]?.name == name }) { return true }
        return (try? Zone(named: name)) != nil
    }

    private static let table = try? ZoneTable()
    private static let countries = Mutex<[String: String?]>([:])

    /// The IANA name of the only zone of a country (ISO 3166 alpha-2); nil where the place within the country matters.
    public static func onlyZone(ofCountry country: String) -> String? {
        countries.withLock { countries in
            if let known = countries[country] { return known }
            let zone = table?.onlyZone(ofCountry: country)?.name
            // Callers bring codes of the table of numbers alone; all the same they must not fill the memory.
            if countries.count < 1_000 { countries[country] = .some(zone) }
            return zone
        }
    }
}
