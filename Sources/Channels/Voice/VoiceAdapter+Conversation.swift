import Gateway

extension VoiceAdapter: ConversingAdapter {
    /// The alert, and what the key means: 1 confirms, 2 repeats, 9 is 'not me', any other says so and repeats.
    ///
    /// `turn.listener` decides what follows silence: a machine gets the message without details (`leavesMessage`) or
    /// is hung up on; everybody else hears the alert once more. Several alerts are spoken one after the other, each in its
    /// language, between sentences in that of the first.
    public func reply(to turn: CallTurn, alerts: [StepContent], step: StepContext) -> CallReply {
        AlertCall(turn: turn, alerts: alerts, leavesMessage: step.leavesMessage).reply
    }

    /// Of what `reply` speaks, without the sentences around it.
    public func spokenCharacters(of content: StepContent) -> Int { SpokenText.of(content).count }

    /// The open alerts one after the other, with the same keys for all of them.
    public func playAlerts(_ alerts: [StepContent], call: InboundCall, nextTurn: String) -> CallReply {
        OpenAlertsCall(call: call, alerts: alerts, nextTurn: nextTurn).reply
    }
}
