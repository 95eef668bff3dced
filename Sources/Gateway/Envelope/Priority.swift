/// How urgent a message is; decides default clocks, overrides of quiet hours and the order in lanes.
public enum Priority: String, Sendable, CaseIterable, Comparable, Hashable {
    case low, normal, high, critical

    /// 0 for low to 3 for critical.
    public var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// `low` is the least.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// What a message is for; consent rules differ by it.
public enum MessageClass: String, Sendable, CaseIterable, Hashable {
    case transactional, marketing, emergency
}
