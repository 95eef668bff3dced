import YAML

/// The section `countries:`.
public struct CountrySettings: Sendable, Hashable {
    /// ISO 3166 alpha-2, in the file's order. Numbers of other countries are refused.
    public var allowed: [String]
    /// Those that the file allows and that are refused all the same, because of sanctions.
    public var sanctioned: [String] = []
    /// What receipts are worth by country.
    public var receipts: ReceiptTable

    /// Whether messages and calls to a country's numbers are allowed; never for an unknown country.
    public func allows(_ country: String?) -> Bool { country.map { allowed.contains($0) } ?? false }
}

/// How far delivery receipts can be trusted, by channel and country.
public struct ReceiptTable: Sendable, Hashable {
    /// One line of the table; the country `*` holds for all that are not named.
    public struct Entry: Sendable, Hashable {
        /// The name under `channels:`.
        public var channel: String
        /// ISO 3166 alpha-2 or `*`.
        public var country: String
        /// What a missing receipt means there.
        public var quality: ReceiptQuality
    }

    /// In the file's order.
    public var entries: [Entry]

    /// The quality for a channel's name and a number's country: the country's line, else the channel's `*`, else
    /// reliable.
    public func quality(channel: String, country: String?) -> ReceiptQuality {
        configured(channel: channel, country: country) ?? .reliable
    }

    /// The same; `nil` when the table says nothing.
    public func configured(channel: String, country: String?) -> ReceiptQuality? {
        var general: ReceiptQuality?
        for entry in entries where entry.channel == channel {
            if entry.country == country { return entry.quality }
            if entry.country == "*" { general = entry.quality }
        }
        return general
    }
}
