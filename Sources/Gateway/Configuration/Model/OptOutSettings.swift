/// `opt_out:`: what STOP, START and HELP lead to.
public struct OptOutSettings: Sendable, Hashable {
    /// How far a STOP reaches.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// To the sender that was written to, on every channel that uses it.
        case sender
        /// To every sender.
        case all
    }

    /// How far STOP and START reach; STOPALL always reaches every sender.
    public var scope = Scope.sender
    /// The template that confirms a STOP; `nil` for no answer. None is given where the provider answered already.
    public var stop: String?
    /// The template that confirms a START.
    public var start: String?
    /// The template that answers HELP.
    public var help: String?
}
