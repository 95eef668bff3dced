/// How often one person may be reached, over all deliveries and tenants: `per_person:` of the gateway.
public struct ExposureLimits: Sendable, Hashable {
    /// Calls that are placed to a number; `nil` for no limit.
    public var calls: Allowance?
    /// Messages that are sent to a number, on every channel of text together; `nil` for no limit.
    public var texts: Allowance?
    /// Deliveries of this priority and above go out all the same, and count; `nil` for none.
    public var override: Priority?

    /// No limit.
    public init() {}

    /// Whether a person may have so many of something.
    public func allowance(_ intrusiveness: Intrusiveness) -> Allowance? { intrusiveness == .call ? calls : texts }
}

/// So many in any span of a length.
public struct Allowance: Sendable, Hashable {
    /// 1...1000.
    public var count: Int
    /// An hour or a day: what lies further back does not count.
    public var window: Duration

    /// So many in such a span.
    public init(count: Int, window: Duration) {
        self.count = count
        self.window = window
    }

    /// As channels.yaml writes it.
    public var text: String { String(count) + (window == .seconds(3_600) ? "/h" : "/d") }
}

extension ScalarText {
    /// `5/h` or `3/d`: 1...1000 in any hour, or in any 24 hours.
    static func allowance(_ text: String) -> Allowance? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = integer(parts[0]), (1...1_000).contains(count) else { return nil }
        switch parts[1] {
        case "h": return Allowance(count: count, window: .seconds(3_600))
        case "d": return Allowance(count: count, window: .seconds(86_400))
        default: return nil
        }
    }
}
