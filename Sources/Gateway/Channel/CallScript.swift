/// What a call does next, in neutral words; a provider writes it in its own language.
public struct CallScript: Sendable, Hashable {
    /// Carried out in order.
    public var verbs: [CallVerb]

    /// Verbs in order.
    public init(_ verbs: [CallVerb]) { self.verbs = verbs }
}

/// One instruction.
public enum CallVerb: Sendable, Hashable {
    /// Speaks a text in a BCP 47 language.
    case say(String, language: String)
    case play(url: String)
    /// Whole seconds, at least 1.
    case pause(seconds: Int)
    case gather(CallGather)
    /// Goes on with the document at `action`.
    case redirect(CallAction)
    /// Connects to a person.
    case dial(number: String, callerID: String?, action: CallAction?)
    case record(maxSeconds: Int, action: CallAction?)
    case hangup
    case reject
}

/// Waits for keys while it speaks.
public struct CallGather: Sendable, Hashable {
    /// How many keys end it, at least 1.
    public var digits: Int
    /// Whole seconds of silence.
    public var timeoutSeconds: Int
    /// Listens to speech beside the keys.
    public var takesSpeech: Bool
    /// BCP 47, of the speech to be recognized.
    public var language: String
    /// Where the keys go.
    public var action: CallAction
    /// `say`, `play` and `pause` only.
    public var prompt: [CallVerb]

    /// Waits for `digits` keys.
    public init(digits: Int, timeoutSeconds: Int, language: String, action: CallAction, prompt: [CallVerb]) {
        self.digits = digits
        self.timeoutSeconds = timeoutSeconds
        self.language = language
        self.action = action
        self.prompt = prompt
        takesSpeech = false
    }
}

/// Where a call asks for its next document. The provider makes the URL: path of `purpose`, `t` token, `n` turn.
public struct CallAction: Sendable, Hashable {
    /// What the document is: `alert`, `menu-select`, `support-transfer`.
    public var purpose: String
    /// The attempt's token; `nil` for a call that a person placed.
    public var token: String?
    /// Unique in the call, so that a repeated request is recognised.
    public var turn: String
    /// A name under `menus:`, for calls that people place.
    public var menu: String?
    /// The Gather ran out without input.
    public var isFollowUp: Bool

    /// A document of a call.
    public init(purpose: String, token: String? = nil, turn: String, menu: String? = nil, isFollowUp: Bool = false) {
        self.purpose = purpose
        self.token = token
        self.turn = turn
        self.menu = menu
        self.isFollowUp = isFollowUp
    }
}
