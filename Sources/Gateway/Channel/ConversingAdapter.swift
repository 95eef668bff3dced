/// A channel on which a person can answer while an attempt runs: what it says next, and what an answer means. Pure.
public protocol ConversingAdapter: ChannelAdapter {
    /// The next part of a call that we placed, with at least one alert; a key means all of them.
    func reply(to turn: CallTurn, alerts: [StepContent], step: StepContext) -> CallReply
    /// How many characters a call speaks of an alert.
    func spokenCharacters(of content: StepContent) -> Int
    /// Plays open alerts to somebody who calls.
    func playAlerts(_ alerts: [StepContent], call: InboundCall, nextTurn: String) -> CallReply
}
