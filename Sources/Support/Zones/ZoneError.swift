/// Why a time zone cannot be used.
public struct ZoneError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// The name is not one that a zone can have, or there is no such zone.
        case unknownZone = "unknown_zone"
        /// The file of the zone is damaged.
        case damagedZone = "damaged_zone"
        /// The table of countries cannot be read.
        case noZoneTable = "no_zone_table"
    }

    /// What is wrong.
    public let code: Code
    /// The zone's name as it was asked for, shortened to 64 characters.
    public let name: String
    /// What is wrong, for a person.
    public let message: String

    init(_ code: Code, _ name: String, _ message: String) {
        self.code = code
        self.name = String(name.prefix(64))
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
