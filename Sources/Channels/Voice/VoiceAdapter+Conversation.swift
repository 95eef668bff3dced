import Gateway

extension VoiceAdapter: ConversingAdapter {
    /// The alert, and what the key means: 1 confirms, 2 repeats, 9 is 'not me', any other says so and repeats.
    ///
    /// `turn.listener` decides what follows silence: a machine gets the message without details (`leavesMessage`) or
    /// is hung up on; everybody else hears the alert once more.
    public func reply(to turn: CallTurn, content: StepContent, step: StepContext) -> CallReply {
        AlertCall(turn: turn, content: content, leavesMessage: step.leavesMessage).reply
    }

    /// The open alerts one after the other, with the same keys for all of them.
    public func playAlerts(_ alerts: [StepContent], call: InboundCall, nextTurn: String) -> CallReply {
        OpenAlertsCall(call: call, alerts: alerts, nextTurn: nextTurn).reply
    }
}
