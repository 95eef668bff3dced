/// Which stored errors are wanted; every part that is set must fit.
public struct ErrorQuery: Sendable, Hashable {
    /// Those about this tenant's messages alone; `nil` for all, with those that are about none.
    public var tenant: String?
    /// Of one of these severities; empty for all.
    public var severities: Set<ErrorSeverity> = []
    /// The word of a code.
    public var code: String?
    /// The name of a channel.
    public var channel: String?
    /// The name of a provider.
    public var provider: String?
    /// Those that happened then or later.
    public var since: Timestamp?
    /// Those that happened before.
    public var until: Timestamp?
    /// What one of them is called, or the message or delivery that it is about.
    public var subject: RecordID?
    /// Found in the code, the message, the names or the provider's code; letters of ASCII without their case.
    public var text: String?

    /// All errors.
    public init() {}

    /// Bit n stands for the severity n; all of them for all severities.
    public var severityMask: Int64 {
        severities.isEmpty ? Int64.max : severities.reduce(0) { $0 | 1 << Int64($1.rawValue) }
    }

    /// Whether an error is wanted. Texts are compared by their bytes, as in a database.
    public func fits(_ row: ErrorRecord) -> Bool {
        let context = row.context
        return Self.agree(tenant, context.tenant) && severityMask & 1 << Int64(row.severity.rawValue) != 0
            && Self.agree(code, row.code) && Self.agree(channel, context.channel)
            && Self.agree(provider, context.provider) && (since.map { row.last >= $0 } ?? true)
            && (until.map { row.first < $0 } ?? true)
            && (subject.map { [row.id, context.delivery, context.message].contains($0) } ?? true)
            && (text.map { Self.contains(row, Self.lowered($0)) } ?? true)
    }

    /// The text as it is searched for.
    public var loweredText: String? { text.map { String(decoding: Self.lowered($0), as: UTF8.self) } }

    private static func agree(_ wanted: String?, _ found: String) -> Bool {
        wanted.map { $0.utf8.elementsEqual(found.utf8) } ?? true
    }

    /// Only ASCII, as SQLite does.
    private static func lowered(_ text: String) -> [UInt8] { text.utf8.map { 65...90 ~= $0 ? $0 + 32 : $0 } }

    private static func contains(_ row: ErrorRecord, _ wanted: [UInt8]) -> Bool {
        let context = row.context
        let parts = [row.code, row.message, context.channel, context.provider, context.country]
        let searched = lowered(parts.joined(separator: "\n") + "\n\(context.providerCode)")
        guard !wanted.isEmpty else { return true }
        return searched.indices.contains { searched[$0...].starts(with: wanted) }
    }
}
