import Gateway

/// The conversation with somebody who calls while alerts are open: it speaks each, 1 confirms all, 2 repeats, 9 is
/// 'not me'.
public enum OpenAlertsCall {
    /// The `menu` of its documents.
    public static let menu = "open_alerts"
    /// Alerts that are spoken in one call; the others are counted.
    public static let maxSpoken = 5

    /// What a turn means and what follows.
    ///
    /// - Parameters:
    ///   - call: The request; keys belong to this menu only if its `menu` says so.
    ///   - alerts: The open alerts, most urgent first, in the caller's language.
    ///   - token: Names the alerts in the URLs of the next documents.
    ///   - language: BCP 47, for the fixed sentences.
    public static func turn(
        _ call: InboundCall, alerts: [StepContent], token: String?, language: String
    ) -> AlertTurn {
        let phrases = AlertPhrases.of(language)
        let isOwn = call.menu == menu
        let place = TurnToken(isOwn ? call.turn : "0")
        guard !alerts.isEmpty else { return AlertTurn(end(phrases.noneOpen, phrases)) }
        let prompt = { (opening: String?) in
            place.isLast
                ? end(phrases.goodbye, phrases)
                : script(alerts: alerts, token: token ?? call.token, place: place, phrases: phrases, opening: opening)
        }
        guard isOwn, let key = call.digits.first else {
            let isSilent = isOwn && place.depth > 1
            let goodbye = end(phrases.noAnswer + " " + phrases.goodbye, phrases)
            return AlertTurn(isSilent ? goodbye : prompt(isOwn ? phrases.noAnswer : nil), level: .delivered)
        }
        switch key {
        case "1": return AlertTurn(end(phrases.thanks, phrases), level: .read, answer: .acknowledged)
        case "9": return AlertTurn(end(phrases.notMe, phrases), level: .delivered, answer: .rejected)
        case "2": return AlertTurn(prompt(nil), level: .delivered)
        default: return AlertTurn(prompt(phrases.invalid), level: .delivered)
        }
    }

    private static func script(
        alerts: [StepContent], token: String?, place: TurnToken, phrases: AlertPhrases, opening: String?
    ) -> CallScript {
        var verbs: [CallVerb] = []
        if let opening { verbs.append(.say(opening, language: phrases.language)) }
        let count =
            alerts.count == 1
            ? phrases.oneOpen
            : phrases.manyOpen.split(separator: "#", omittingEmptySubsequences: false)
                .joined(separator: String(alerts.count))
        verbs.append(.say(count, language: phrases.language))
        for alert in alerts.prefix(maxSpoken) {
            verbs.append(.say(SpokenText.of(alert), language: alert.language))
            verbs.append(.pause(seconds: 1))
        }
        verbs.append(.say(phrases.instructions, language: phrases.language))
        let action = { (turn: String, isFollowUp: Bool) in
            CallAction(purpose: "menu-select", token: token, turn: turn, menu: menu, isFollowUp: isFollowUp)
        }
        let gather = CallGather(
            digits: 1, timeoutSeconds: AlertCall.silence, language: phrases.language,
            action: action(place.afterKey, false), prompt: verbs)
        return CallScript([.gather(gather), .redirect(action(place.afterSilence, true))])
    }

    private static func end(_ text: String, _ phrases: AlertPhrases) -> CallScript {
        CallScript([.say(text, language: phrases.language), .hangup])
    }
}
