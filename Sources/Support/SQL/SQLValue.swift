/// A value to bind to a statement or read from a row: SQLite's five storage classes.
public enum SQLValue: Sendable, Hashable {
    /// Nothing.
    case null
    /// A signed integer of 64 bits.
    case integer(Int64)
    /// A number; NaN becomes NULL in SQLite.
    case real(Double)
    /// Text, which can contain U+0000.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

extension SQLValue: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral
{
    /// `nil` is NULL.
    public init(nilLiteral: ()) { self = .null }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .real(value) }
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
}
