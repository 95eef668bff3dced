/// What is proven about an attempt. It only rises.
public enum EvidenceLevel: UInt8, Sendable, Comparable, Hashable, CaseIterable {
    case none, accepted, sent, delivered, read, acknowledged

    /// A lower level proves less.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
