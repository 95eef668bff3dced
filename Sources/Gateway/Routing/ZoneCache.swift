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
}
