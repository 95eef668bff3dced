import Zones

/// A value that a template can show.
public enum TemplateValue: Sendable, Hashable {
    /// A text, shown as it is. The filters `date`, `time` and `money` read ISO dates, RFC 3339 instants and `0.60 USD` in it.
    case text(String)
    /// A number as decimal text, such as `-12.5`, shown as it is.
    case number(String)
    /// An instant in milliseconds since 1970, shown in the zone of the recipient.
    case instant(Int64)
    /// A day, the same in all zones.
    case date(CivilDate)
    /// An amount as decimal text, and its ISO 4217 currency.
    case money(amount: String, currency: String)

    /// A whole number.
    public static func integer(_ value: Int) -> TemplateValue { .number("\(value)") }
}
