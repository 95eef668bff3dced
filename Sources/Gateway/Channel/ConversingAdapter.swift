/// A channel on which a person can answer while an attempt runs: what it says next, and what an answer means. Pure.
public protocol ConversingAdapter: ChannelAdapter {
    /// The next part of a call that we placed.
    func reply(to turn: CallTurn, content: StepContent, step: StepContext) -> CallReply
    /// Plays open alerts to somebody who calls.
    func playAlerts(_ alerts: [StepContent], call: InboundCall, nextTurn: String) -> CallReply
}
