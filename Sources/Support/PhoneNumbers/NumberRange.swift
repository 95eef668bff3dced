/// What kind of numbers a number lies among.
public enum NumberRange: String, Sendable, CaseIterable {
    /// Fixed and mobile numbers, business and toll-free numbers.
    case ordinary
    /// Numbers at a premium rate, `+979` among them.
    case premium
    /// Satellite telephones and international networks: `+870`, `+881`, `+882`, `+883`.
    case satellite
    /// Numbers whose cost caller and callee share; in many countries their price is a premium in all but name.
    case sharedCost = "shared_cost"
    /// Personal numbers that follow a person, such as `+44 70`; their price is the callee's choice.
    case personal
    /// No country has numbers there.
    case unknown

    /// Whether no message and no call may go there, whatever the configuration allows.
    public var isRefused: Bool { self != .ordinary }
}
