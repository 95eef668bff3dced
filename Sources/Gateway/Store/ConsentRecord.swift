/// What a person said to a sender: consent given or withdrawn. The latest statement counts.
public struct ConsentRecord: Sendable, Hashable {
    /// E.164 with `+`.
    public var number: String
    /// The sender as configured, or `*` for every sender.
    public var sender: String
    /// Given, or withdrawn.
    public var isGranted: Bool
    /// When it was said.
    public var since: Timestamp

    /// A statement.
    public init(number: String, sender: String, isGranted: Bool, since: Timestamp) {
        self.number = number
        self.sender = sender
        self.isGranted = isGranted
        self.since = since
    }

    /// The statement of a stored mark; `nil` for marks about something else.
    public init?(_ mark: AddressMark) {
        switch mark.kind {
        case .consented: isGranted = true
        case .optedOut: isGranted = false
        case .unfit, .bad, .inbound, .called, .exposed, .replied, .forwarded, .proven, .wrongPIN: return nil
        }
        number = mark.number
        sender = mark.scope
        since = mark.at
    }

    /// The mark to keep, and the removal of its opposite.
    var marks: [AddressMark] {
        let kept = isGranted ? AddressMark.Kind.consented : .optedOut
        let removed = isGranted ? AddressMark.Kind.optedOut : .consented
        return [
            AddressMark(number: number, kind: kept, scope: sender, at: since, until: nil),
            AddressMark(number: number, kind: removed, scope: sender, at: since, until: since),
        ]
    }
}
