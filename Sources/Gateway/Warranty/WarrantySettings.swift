import YAML

/// The section `warranties:`.
public struct WarrantySettings: Sendable, Hashable {
    /// Days before the last day, falling, none twice; at least one.
    public var leadTimes: [Int]
    /// When on those days, in minutes since local midnight.
    public var minute: Int
    /// Of the reminders, for rules.
    public var topic: String
    /// A name under `templates:`.
    public var template: String
    /// Which people of the boat.
    public var role: Recipient.BoatRole
    /// Of the reminders.
    public var priority: Priority

    /// What holds without a key.
    public static let usual = WarrantySettings(
        leadTimes: [90, 30, 7], minute: 540, topic: "warranty.expiring", template: "", role: .owner, priority: .normal)
}
