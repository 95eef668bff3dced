import Gateway

extension VoiceAdapter: ConversingAdapter {
    /// What the call says next; see `AlertCall`.
    public func reply(
        to turn: CallTurn, content: StepContent, step: StepContext, listener: CallListener
    ) -> CallReply {
        reply(
            AlertCall.turn(
                turn, content: content, listener: AlertListener(listener), leavesMessage: step.leavesMessage))
    }

    /// Speaks the open alerts; see `OpenAlertsCall`.
    public func playAlerts(_ alerts: [StepContent], call: InboundCall, language: String) -> CallReply {
        reply(OpenAlertsCall.turn(call, alerts: alerts, token: nil, language: language))
    }

    private func reply(_ turn: AlertTurn) -> CallReply {
        switch turn.answer {
        case .acknowledged: CallReply(turn.script, .acknowledged, level: turn.level)
        case .rejected: CallReply(turn.script, .rejected, level: turn.level)
        case nil: CallReply(turn.script, level: turn.level)
        }
    }
}

extension AlertListener {
    init(_ listener: CallListener) {
        switch listener {
        case .unknown: self = .unknown
        case .human: self = .human
        case .machine: self = .machine
        }
    }
}
