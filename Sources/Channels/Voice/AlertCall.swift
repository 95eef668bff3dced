import Gateway

/// The conversation of a call that the gateway placed: the alert inside a Gather, 1 confirms, 2 repeats, 9 is 'not me'.
///
/// Pure: a turn in, a document out. Whatever the detection said, a key counts, so also what is left on a machine lies
/// inside a Gather.
public enum AlertCall {
    /// Seconds of silence before the follow-up.
    static let silence = 6

    /// What a turn means and what follows.
    ///
    /// - Parameters:
    ///   - turn: The request as the provider's webhook normalized it.
    ///   - content: The step's content in the recipient's language.
    ///   - listener: The verdict of detection so far.
    ///   - leavesMessage: `machine: leave_message` of the step; otherwise a machine is hung up on.
    public static func turn(
        _ turn: CallTurn, content: StepContent, listener: AlertListener, leavesMessage: Bool
    ) -> AlertTurn {
        let conversation = AlertConversation(turn: turn, content: content)
        if let key = turn.digits.first { return conversation.key(key) }
        guard turn.isFollowUp else { return AlertTurn(conversation.prompt(after: nil)) }
        return conversation.silence(listener: listener, leavesMessage: leavesMessage)
    }

    /// The document alone.
    public static func script(
        turn: CallTurn, content: StepContent, listener: AlertListener, leavesMessage: Bool
    ) -> CallScript {
        Self.turn(turn, content: content, listener: listener, leavesMessage: leavesMessage).script
    }
}

/// One turn of an alert call.
private struct AlertConversation {
    let token: String
    let place: TurnToken
    let content: StepContent
    let phrases: AlertPhrases

    init(turn: CallTurn, content: StepContent) {
        token = turn.token
        place = TurnToken(turn.turn)
        self.content = content
        phrases = AlertPhrases.of(content.language)
    }

    func key(_ key: Character) -> AlertTurn {
        switch key {
        case "1": AlertTurn(end(phrases.thanks), level: .read, answer: .acknowledged)
        case "9": AlertTurn(end(phrases.notMe), level: .delivered, answer: .rejected)
        case "2": AlertTurn(prompt(after: nil), level: .delivered)
        default: AlertTurn(prompt(after: phrases.invalid), level: .delivered)
        }
    }

    /// The prompt was spoken to its end and nobody pressed a key.
    func silence(listener: AlertListener, leavesMessage: Bool) -> AlertTurn {
        switch listener {
        case .machine: AlertTurn(leavesMessage ? voicemail() : CallScript([.hangup]))
        case .human: AlertTurn(again(), level: .read)
        case .unknown: AlertTurn(again())
        }
    }

    /// Once more after the first silence, then goodbye.
    private func again() -> CallScript {
        place.depth <= 1 ? prompt(after: phrases.noAnswer) : end(phrases.noAnswer + " " + phrases.goodbye)
    }

    /// The alert in a Gather; silence leads to the follow-up document.
    func prompt(after opening: String?) -> CallScript {
        guard !place.isLast else { return end(phrases.goodbye) }
        var verbs: [CallVerb] = []
        if let opening { verbs.append(say(opening)) }
        verbs.append(.say(SpokenText.of(content), language: content.language))
        if !content.media.isEmpty { verbs.append(say(phrases.media)) }
        verbs.append(.pause(seconds: 1))
        verbs.append(say(phrases.instructions))
        return CallScript([gather(verbs), .redirect(action(place.afterSilence, isFollowUp: true))])
    }

    /// A message without details, inside a Gather too: a person who was taken for a machine can still confirm.
    private func voicemail() -> CallScript {
        guard !place.isLast else { return CallScript([.hangup]) }
        let own = content.voicemail.map(SpokenText.withoutLinks) ?? ""
        let text: CallVerb = own.isEmpty ? say(phrases.voicemail) : .say(own, language: content.language)
        return CallScript([gather([.pause(seconds: 1), text]), .hangup])
    }

    private func gather(_ prompt: [CallVerb]) -> CallVerb {
        let action = action(place.afterKey, isFollowUp: false)
        return .gather(
            CallGather(
                digits: 1, timeoutSeconds: AlertCall.silence, language: phrases.language, action: action,
                prompt: prompt))
    }

    private func action(_ turn: String, isFollowUp: Bool) -> CallAction {
        CallAction(purpose: "alert", token: token, turn: turn, isFollowUp: isFollowUp)
    }

    private func say(_ text: String) -> CallVerb { .say(text, language: phrases.language) }

    private func end(_ text: String) -> CallScript { CallScript([say(text), .hangup]) }
}
