// What every message asks of the running configuration. All of it is a large value, whose copy costs more than the answer.

extension ConfigurationDirectory {
    /// The hash of the running configuration.
    public var runningHash: String { configuration.hash }

    /// `per_person:` of the gateway.
    public var exposureLimits: ExposureLimits { configuration.gateway.perPerson }

    /// ISO 4217; of all prices.
    public var currency: String { configuration.gateway.currency }

    /// BCP 47; the locale of a recipient without one.
    public var defaultLocale: String { configuration.gateway.defaultLocale }

    /// IANA name; the zone of a recipient where neither contact nor country has one.
    public var defaultTimeZone: String { configuration.gateway.timeZone }

    /// Whether messages and calls to a country's numbers are allowed; never for an unknown country.
    public func allows(_ country: String?) -> Bool { configuration.countries.allows(country) }

    /// What `countries: receipts:` says of a channel in a country; `nil` when it says nothing.
    public func configuredReceipts(channel: String, country: String) -> ReceiptQuality? {
        configuration.countries.receipts.configured(channel: channel, country: country)
    }

    /// Whether the running configuration has a template of this name.
    public func hasTemplate(_ name: String) -> Bool { configuration.templates[name] != nil }

    /// Whether the running configuration has a policy of this name, or it is that of a channel.
    public func hasPolicy(_ name: String) -> Bool { snapshot(runningHash)?.policy(name) != nil }
}
