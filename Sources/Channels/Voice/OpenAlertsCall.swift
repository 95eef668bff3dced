import Gateway

/// The conversation with somebody who calls while alerts are open: it speaks each, 1 confirms all, 2 repeats, 9 is
/// 'not me'.
struct OpenAlertsCall {
    /// The `menu` of its documents; keys of another menu mean nothing here.
    static let menu = "open_alerts"
    /// Alerts that are spoken in one call; the others are counted.
    static let maxSpoken = 5

    private let call: InboundCall
    private let alerts: [StepContent]
    private let isOwn: Bool
    private let place: TurnToken
    private let phrases: AlertPhrases

    /// One turn; `nextTurn` numbers the next document when the call comes from elsewhere, so that no token of an
    /// earlier menu is used again.
    init(call: InboundCall, alerts: [StepContent], nextTurn: String) {
        self.call = call
        self.alerts = alerts
        isOwn = call.menu == Self.menu
        place = isOwn ? TurnToken(call.turn) : TurnToken(depth: TurnToken(nextTurn).depth - 1)
        phrases = AlertPhrases.of(alerts.first?.language ?? "")
    }

    /// What the turn means and what follows.
    var reply: CallReply {
        guard !alerts.isEmpty else { return CallReply(end(phrases.noneOpen)) }
        guard isOwn else { return CallReply(prompt(after: nil)) }
        switch call.digits.first {
        case "1": return CallReply(end(phrases.thanks), .acknowledged)
        case "9": return CallReply(end(phrases.notMe), .rejected)
        case "2": return CallReply(prompt(after: nil))
        case nil where place.isGivenUp: return CallReply(end(phrases.noAnswer + " " + phrases.goodbye))
        case nil: return CallReply(prompt(after: phrases.noAnswer))
        default: return CallReply(prompt(after: phrases.invalid))
        }
    }

    private func prompt(after opening: String?) -> CallScript {
        guard !place.isLast else { return end(phrases.goodbye) }
        var verbs: [CallVerb] = []
        if let opening { verbs.append(say(opening)) }
        verbs.append(say(phrases.open(alerts.count)))
        for alert in alerts.prefix(Self.maxSpoken) {
            verbs.append(.say(SpokenText.of(alert), language: alert.language))
            verbs.append(.pause(seconds: 1))
        }
        verbs.append(say(phrases.instructions))
        let gather = CallGather(
            digits: 1, timeoutSeconds: AlertCall.silence, language: phrases.language,
            action: action(place.afterKey, isFollowUp: false), prompt: verbs)
        return CallScript([.gather(gather), .redirect(action(place.afterSilence, isFollowUp: true))])
    }

    private func action(_ turn: String, isFollowUp: Bool) -> CallAction {
        CallAction(purpose: "menu-select", token: call.token, turn: turn, menu: Self.menu, isFollowUp: isFollowUp)
    }

    private func say(_ text: String) -> CallVerb { .say(text, language: phrases.language) }

    private func end(_ text: String) -> CallScript { CallScript([say(text), .hangup]) }
}
