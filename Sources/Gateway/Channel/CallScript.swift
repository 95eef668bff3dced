/// What a call does next, in neutral words; a provider writes it in its own language.
public struct CallScript: Sendable, Hashable {
    /// Carried out in order.
    public var verbs: [CallVerb]

    /// Verbs in order.
    public init(_ verbs: [CallVerb]) { self.verbs = verbs }
}

/// One instruction.
public enum CallVerb: Sendable, Hashable {
    /// Speaks a text in a BCP 47 language, with a voice of the provider's where one is named.
    case say(String, language: String, voice: String? = nil)
    case play(url: String)
    /// Whole seconds, at least 1.
    case pause(seconds: Int)
    case gather(CallGather)
    /// Goes on with the document at `action`.
    case redirect(CallAction)
    case dial(CallDial)
    case record(CallRecording)
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
    /// Words that are likely to be spoken.
    public var hints: [String] = []
    /// `#` is a key like the others, and does not end the input.
    public var takesHash = false

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

/// Connects the caller to whoever picks up first.
public struct CallDial: Sendable, Hashable {
    /// E.164, at least one.
    public var numbers: [String]
    /// What the other side is shown; `nil` for the caller's own number.
    public var callerID: String?
    /// Whole seconds of ringing.
    public var ringSeconds = 30
    /// One after the other instead of all at once.
    public var isInTurn = false
    /// What is said to whoever picks up, before both are connected.
    public var whisper: CallAction?
    /// Where the end of a recording of it is told; `nil` for no recording.
    public var recording: CallAction?
    /// What follows, with how it ended.
    public var action: CallAction?

    /// Rings numbers.
    public init(_ numbers: [String]) { self.numbers = numbers }
}

/// Records what the caller says, after a beep.
public struct CallRecording: Sendable, Hashable {
    /// Whole seconds, at least 1.
    public var maxSeconds: Int
    /// Where the end of the recording is told.
    public var recording: CallAction
    /// Where what was said is told as text; `nil` for nowhere.
    public var transcript: CallAction?
    /// What follows.
    public var action: CallAction?

    /// A recording of at most so many seconds.
    public init(maxSeconds: Int, recording: CallAction) {
        self.maxSeconds = maxSeconds
        self.recording = recording
    }
}

/// Where a call asks for its next document. The provider makes the URL: path of `purpose`, `t` token, `n` turn.
public struct CallAction: Sendable, Hashable {
    /// What the document is: `alert`, `menu-select`, `menu-pin`, `support-transfer`, `whisper`, `voicemail`; or what is
    /// told there: `recording`, `transcription`.
    public var purpose: String
    /// The attempt's token; `nil` for a call that a person placed.
    public var token: String?
    /// Unique in the call, so that a repeated request is recognised.
    public var turn: String
    /// A name under `menus:`, for calls that people place.
    public var menu: String?
    /// The Gather ran out without input.
    public var isFollowUp: Bool
    /// How often a menu was asked without a choice.
    public var rounds = 0
    /// The step of the menu that goes on; `MenuPlace` reads it.
    public var place: String?
    /// BCP 47, where the caller chose a language.
    public var language: String?

    /// A document of a call.
    public init(purpose: String, token: String? = nil, turn: String, menu: String? = nil, isFollowUp: Bool = false) {
        self.purpose = purpose
        self.token = token
        self.turn = turn
        self.menu = menu
        self.isFollowUp = isFollowUp
    }
}
