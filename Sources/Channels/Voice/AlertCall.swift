import Gateway

/// The conversation of a call that the gateway placed: the alerts inside a Gather, 1 confirms, 2 repeats, 9 is 'not me'.
///
/// Pure: a turn in, a document out. Whatever the detection said, a key counts, so also what is left on a machine lies
/// inside a Gather.
struct AlertCall {
    /// Seconds of silence before the follow-up.
    static let silence = 6

    private let turn: CallTurn
    private let place: TurnToken
    private let alerts: [StepContent]
    private let leavesMessage: Bool
    private let phrases: AlertPhrases

    /// One turn. `leavesMessage`: `machine: leave_message` of the step; otherwise a machine is hung up on.
    init(turn: CallTurn, alerts: [StepContent], leavesMessage: Bool) {
        self.turn = turn
        place = TurnToken(turn.turn)
        self.alerts = alerts
        self.leavesMessage = leavesMessage
        phrases = AlertPhrases.of(alerts.first?.language ?? "")
    }

    /// What the turn means and what follows.
    var reply: CallReply {
        switch turn.digits.first {
        case "1": CallReply(end(phrases.thanks), .acknowledged)
        case "9": CallReply(end(phrases.notMe), .rejected)
        case "2": CallReply(prompt(after: nil))
        case nil: CallReply(turn.isFollowUp ? silenceReply : prompt(after: nil))
        default: CallReply(prompt(after: phrases.invalid))
        }
    }

    /// Nobody pressed a key: a machine gets its message, a person the alert once more and then goodbye.
    private var silenceReply: CallScript {
        if listener == .machine { return leavesMessage ? voicemail : CallScript([.hangup]) }
        return place.isGivenUp ? end(phrases.noAnswer + " " + phrases.goodbye) : prompt(after: phrases.noAnswer)
    }

    /// The delivery's verdict, else the one that came with the request.
    private var listener: CallListener {
        guard turn.listener == .unknown else { return turn.listener }
        return turn.report.status == .machine || turn.report.status == .fax ? .machine : .unknown
    }

    /// The alerts in a Gather; silence leads to the follow-up document.
    private func prompt(after opening: String?) -> CallScript {
        guard !place.isLast else { return end(phrases.goodbye) }
        var verbs: [CallVerb] = []
        if let opening { verbs.append(say(opening)) }
        if alerts.count > 1 { verbs.append(say(phrases.open(alerts.count))) }
        for alert in alerts {
            verbs.append(.say(SpokenText.of(alert), language: alert.language))
            if !alert.media.isEmpty { verbs.append(say(phrases.media)) }
            verbs.append(.pause(seconds: 1))
        }
        verbs.append(say(alerts.count > 1 ? phrases.instructionsForAll : phrases.instructions))
        return CallScript([gather(verbs), .redirect(action(place.afterSilence, isFollowUp: true))])
    }

    /// A message without details, inside a Gather too: a person who was taken for a machine can still confirm.
    private var voicemail: CallScript {
        guard !place.isLast else { return CallScript([.hangup]) }
        // What one of several says to a machine says nothing of the others.
        let only = alerts.count == 1 ? alerts.first : nil
        let own = only?.voicemail.map(SpokenText.withoutLinks) ?? ""
        let text: CallVerb = own.isEmpty ? say(phrases.voicemail) : .say(own, language: only?.language ?? "")
        return CallScript([gather([.pause(seconds: 1), text]), .hangup])
    }

    private func gather(_ prompt: [CallVerb]) -> CallVerb {
        let action = action(place.afterKey, isFollowUp: false)
        return .gather(
            CallGather(
                digits: 1, timeoutSeconds: Self.silence, language: phrases.language, action: action, prompt: prompt))
    }

    private func action(_ name: String, isFollowUp: Bool) -> CallAction {
        CallAction(purpose: "alert", token: turn.token, turn: name, isFollowUp: isFollowUp)
    }

    private func say(_ text: String) -> CallVerb { .say(text, language: phrases.language) }

    private func end(_ text: String) -> CallScript { CallScript([say(text), .hangup]) }
}
