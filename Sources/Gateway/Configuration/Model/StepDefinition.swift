import YAML

/// An entry of `fallback:`. A clock that is `nil` has the default of its channel and priority; see `StepClocks`.
public struct StepDefinition: Sendable {
    /// The name under `channels:`; empty for a step that other people carry out.
    public var channel: String
    /// The other people; `nil` for the recipient.
    public var target: TargetDefinition?
    /// A name under `templates:`; `nil` for the envelope's template or text.
    public var template: String?
    /// From the first try, while back-off or an open circuit last.
    public var submitWithin: Duration?
    /// From entering the lane; no limit when `nil`.
    public var laneWithin: Duration?
    /// From the provider's acceptance until `sent`.
    public var queueWithin: Duration?
    /// From `sent` until `delivered`.
    public var deliverWithin: Duration?
    /// From `delivered` until `read`; no clock when `nil`.
    public var readWithin: Duration?
    /// From reaching the person until the acknowledgement.
    public var ackWithin: Duration?
    /// Voice: how long it may ring, 5...600 s.
    public var ringTimeout: Duration?
    /// Voice: the provider's limit of the call.
    public var maxDuration: Duration?
    /// Voice: committed intents of calls; `nil` for 1.
    public var maxCalls: Int?
    /// Voice: what to do with an answering machine.
    public var machine: MachineAction
    /// When the step does not start; `nil` for any time.
    public var quietHours: QuietHours?
    /// The step is skipped when the channel cannot carry the envelope's media.
    public var requiresMedia: Bool
    /// What to do when a request may have been processed.
    public var onAmbiguous: AmbiguousAction
    /// What differs from going on with the next step, in the file's order.
    public var outcomes: [OutcomeRule]
    /// Tries that a provider surely did not process, 1...20.
    public var maxTries: Int
    /// Where the file defines it.
    public var mark: YAMLMark
    /// Names under `channels:` that stand behind `channel` in the step's list, in order: other senders of its kind.
    public var otherChannels: [String] = []

    /// The step's senders in their order.
    var channels: [String] { [channel] + otherChannels }

    /// The action for an outcome; the next step when the file says nothing.
    public func action(on outcome: AttemptOutcome) -> OutcomeAction {
        outcomes.first { $0.outcome == outcome }?.action ?? .next
    }
}

/// `target:` of a step, with the policy under which each of the people is reached.
public struct TargetDefinition: Sendable, Hashable {
    /// Whom the step reaches in the recipient's place.
    public var target: StepTarget
    /// A name under `policies:`.
    public var policy: String
}

/// One line of `outcomes:`.
public struct OutcomeRule: Sendable, Hashable {
    /// How an attempt ended.
    public var outcome: AttemptOutcome
    /// What follows.
    public var action: OutcomeAction
}

/// `machine:` of a voice step.
public enum MachineAction: String, Sendable, Hashable, CaseIterable {
    case leaveMessage = "leave_message"
    case hangup
}

/// `quiet_hours:` of a step.
public struct QuietHours: Sendable, Hashable {
    /// A name under `times:`.
    public var times: String
    /// Whether the step waits or is left out.
    public var mode: Mode
    /// Envelopes of this priority and above go out all the same; `nil` for none.
    public var override: Priority?

    /// What quiet hours do to the step.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Hold until they end.
        case `defer`
        /// Go on with the next step.
        case skip
    }
}
