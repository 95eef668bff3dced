/// Remembers over the death of the process which event was being decided, so that one event cannot kill every start.
///
/// Used by the engine's thread alone. Why it exists: docs/decisions/0028-what-kills-twice-is-barred.md.
public protocol CrashRecorder: AnyObject {
    /// The event at which the process died at the last two starts; `nil` when there is none.
    var crashedTwice: CrashMark? { get }
    /// An event is about to be decided. On the hot path: must not block or call the kernel.
    func begin(_ mark: CrashMark)
    /// It is decided.
    func end()
    /// `crashedTwice` is barred, durably.
    func settled()
}

/// What was being decided.
public struct CrashMark: Sendable, Hashable {
    /// Whose event it is.
    public var delivery: RecordID
    /// `DeliveryEvent.fingerprint(in:)`; never zero.
    public var event: UInt64

    /// An event of a delivery.
    public init(delivery: RecordID, event: UInt64) {
        self.delivery = delivery
        self.event = event
    }
}
