extension ConfigurationDirectory {
    /// The section `warranties:` of the running configuration; `nil` when nothing is reminded of.
    public var warrantySettings: WarrantySettings? { configuration.warranties }
}
