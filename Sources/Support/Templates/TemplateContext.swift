import Zones

/// What a template is rendered with.
public struct TemplateContext {
    /// How dates and amounts are written: a BCP 47 tag such as `de` or `en-GB`; unknown ones are written as `en`.
    public let locale: String
    /// The zone in which instants are shown.
    public let zone: Zone
    /// The value of a path, or nil if there is none.
    public let value: (_ path: String) -> TemplateValue?

    /// A context with a look-up.
    public init(locale: String, zone: Zone, value: @escaping (_ path: String) -> TemplateValue?) {
        self.locale = locale
        self.zone = zone
        self.value = value
    }

    /// A context with fixed values.
    public init(locale: String, zone: Zone, values: [String: TemplateValue]) {
        self.init(locale: locale, zone: zone) { values[$0] }
    }
}
