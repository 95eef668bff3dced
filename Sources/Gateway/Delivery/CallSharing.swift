/// An attempt's part in a call that speaks for several deliveries.
public enum CallSharing: Sendable, Hashable {
    /// The call is this attempt's own, and these share it: at least one.
    case leads([AttemptReference])
    /// The call is that of another attempt.
    case rides(AttemptReference)
}

extension Decider {
    /// Others that waited for a call to the number share the one that this attempt places.
    mutating func lead(_ ordinal: Int, _ riders: [AttemptReference]) {
        guard isKnown(ordinal), state.attempts[ordinal].status == .intent, !riders.isEmpty else { return }
        state.attempts[ordinal].sharing = .leads(riders)
        note(.bundled(attempt: ordinal, with: riders.map(\.delivery)))
    }
}
