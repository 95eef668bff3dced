extension ConfigurationDirectory {
    /// The providers of the running configuration, in its order.
    public var allProviders: [any Provider] { configuration.providers.compactMap { providers[$0.name] } }

    /// Makes and reads acknowledgement links.
    public var acknowledgementLinks: AcknowledgementLinks { links }
}
