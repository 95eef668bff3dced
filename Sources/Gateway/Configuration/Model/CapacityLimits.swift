/// What the process may use before new work is refused: `gateway.limits`. From which share of each on which priorities
/// are refused says docs/decisions/0050-what-bounds-what.md.
public struct CapacityLimits: Sendable, Hashable {
    /// Bytes that are to stay free in the store's file system.
    public var freeDisk: Int64 = 512 << 20
    /// Bytes of memory; `nil` for three quarters of what the machine or the control group has.
    public var memory: Int64?
    /// Requests that wait for the engine.
    public var waiting = 20_000
    /// How long the oldest of them may wait.
    public var delay = Duration.seconds(10)

    /// The defaults.
    public init() {}

    /// A size as the file writes it, such as `512 MiB`.
    public static func written(_ bytes: Int64) -> String { ScalarText.text(ofSize: bytes) }
}
