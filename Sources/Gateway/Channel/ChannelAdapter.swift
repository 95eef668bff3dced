/// A channel: content, limits and what counts as evidence. It knows no provider.
public protocol ChannelAdapter: Sendable {
    /// The word in `adapter:`.
    var kind: ChannelKind { get }
    /// What the channel can do at all; a provider may do less.
    var capabilities: ChannelCapabilities { get }
    /// Turns rendered content into a neutral request.
    /// - Throws: `.noTemplate`, `.noMedia`, `.tooLong` … when the content cannot go over this channel.
    func request(for content: StepContent, step: StepContext) throws(ChannelError) -> OutboundRequest
    /// Whether content could go, before anything is sent; `nil` when it can.
    func ineligibility(of content: StepContent, step: StepContext) -> SkipReason?
}

extension ChannelAdapter {
    /// What cannot be expressed is not eligible.
    public func ineligibility(of content: StepContent, step: StepContext) -> SkipReason? {
        do {
            _ = try request(for: content, step: step)
            return nil
        } catch {
            return error.skip
        }
    }
}

/// What a channel can do; checked when the configuration is read.
public struct ChannelCapabilities: Sendable, Hashable {
    /// How much it disturbs.
    public var intrusiveness: Intrusiveness
    /// The highest level that its receipts can prove.
    public var provesUpTo: EvidenceLevel
    /// Reports `sent` apart from acceptance.
    public var reportsSent: Bool
    /// Carries media; otherwise it degrades to links.
    public var takesMedia: Bool
    /// Has templates that the provider approved.
    public var hasTemplates: Bool
    /// Free text only within 24 h of the person's last message.
    public var hasServiceWindow: Bool
    /// Can be asked for a status.
    public var polls: Bool
    /// An ambiguous attempt can be searched.
    public var looksUp: Bool
    /// A message can be cancelled while it is queued, a call ended.
    public var recalls: Bool
    /// Keys of a step that make sense for this channel beyond the common ones, such as `ring_timeout`.
    public var stepKeys: [String]
    /// Brings something to a person by itself. A room does not: a text channel carries the link to it.
    public var reachesPeople: Bool
    /// Sends per second by sender type; the first one is the default.
    public var rates: [SenderRate]

    /// A text channel with delivery receipts.
    public init(intrusiveness: Intrusiveness, provesUpTo: EvidenceLevel) {
        self.intrusiveness = intrusiveness
        self.provesUpTo = provesUpTo
        reportsSent = true
        takesMedia = false
        hasTemplates = false
        hasServiceWindow = false
        polls = true
        looksUp = true
        recalls = true
        reachesPeople = true
        stepKeys = []
        rates = [SenderRate(type: "long_code", perSecond: 1)]
    }
}

/// How fast a kind of sender may send.
public struct SenderRate: Sendable, Hashable {
    /// The word in `type:`.
    public var type: String
    /// Requests a second, above 0.
    public var perSecond: Double

    /// A rate by the sender's type.
    public init(type: String, perSecond: Double) {
        self.type = type
        self.perSecond = perSecond
    }
}

/// Rendered content of one step for one recipient.
public struct StepContent: Sendable, Hashable {
    /// The text, in the recipient's language.
    public var text: String
    /// The text that the channel speaks, if it differs.
    public var spoken: String?
    /// What is left on an answering machine, if it differs.
    public var voicemail: String?
    /// The approved template for this language, where the step has one.
    public var template: TemplateContent?
    /// Absolute URLs, at most ten.
    public var media: [String]
    /// BCP 47, of `text`.
    public var language: String
    /// The step insists on media.
    public var requiresMedia: Bool

    /// A text alone.
    public init(text: String, language: String) {
        self.text = text
        self.language = language
        media = []
        requiresMedia = false
    }
}

/// Where a step's request goes.
public struct StepContext: Sendable, Hashable {
    /// The sender as configured.
    public var from: String
    /// E.164 with `+`.
    public var to: String
    /// The attempt's token.
    public var token: String
    /// Free text may be sent: the service window is open, or the channel has none.
    public var windowIsOpen: Bool
    /// The template must be used, also inside the window.
    public var useTemplate: Bool
    /// Calls: how long it may ring.
    public var ringTimeout: Duration
    /// Calls: the provider's time limit.
    public var maxDuration: Duration
    /// Calls: speak to an answering machine, or hang up.
    public var leavesMessage: Bool
    /// Room name, for video.
    public var room: String?

    /// A step's way to a recipient.
    public init(from: String, to: String, token: String) {
        self.from = from
        self.to = to
        self.token = token
        windowIsOpen = true
        useTemplate = false
        ringTimeout = .seconds(30)
        maxDuration = .seconds(180)
        leavesMessage = true
    }
}

/// Why content cannot go over a channel.
public struct ChannelError: Error, Sendable, Hashable {
    /// Stable, snake_case.
    public var code: String
    /// For a person; nothing of the content.
    public var message: String
    /// How the step is skipped.
    public var skip: SkipReason

    /// An error with a stable code.
    public init(_ code: String, _ message: String, skip: SkipReason) {
        self.code = code
        self.message = message
        self.skip = skip
    }
}
