import JSON
import Zones

/// What the engine asks of the configuration: plans and content from the snapshot that a delivery started with,
/// senders and providers from the one that runs. A value behind the protocol is immutable; a reload brings another.
public protocol DispatchDirectory: Sendable {
    /// The plan of a delivery; `nil` when its snapshot cannot be read.
    func plan(for job: DeliveryJob) -> DeliveryPlan?
    /// Takes a stored snapshot that it could not read by itself.
    func learn(_ snapshot: SnapshotRecord)
    /// The running configuration's snapshot, to be stored before a delivery names it.
    var snapshotRecord: SnapshotRecord { get }
    /// Sender and provider of a step in the running configuration.
    func route(of job: DeliveryJob, step: PlanStep) -> StepRoute
    /// The sender that a channel had in the delivery's snapshot, also when it is gone from the running configuration.
    func snapshotSender(of job: DeliveryJob, channel: String) -> String?
    /// All senders of the running configuration, in its order.
    var lanes: [LaneSettings] { get }
    /// The channel that makes rooms; `nil` when there is none.
    var roomChannel: String? { get }
    /// Where people are called into conferences; `nil` when no channel does.
    var conferenceRoute: ConferenceRoute? { get }
    /// What channels.yaml says of a channel's receipts in a country; `nil` when it says nothing.
    func configuredReceipts(channel: String, country: String) -> ReceiptQuality?
    /// Micros that one attempt of a step over a sender of its list can cost at most; zero where nothing is known.
    func price(of job: DeliveryJob, step: Int, over sender: Int) -> Int64
    /// What an item of the table of prices costs over a channel in a country (empty where it is not known), in the
    /// running configuration; `nil` where the table has no price.
    func price(
        of item: String, _ direction: PriceTable.Direction, over channel: String, country: String
    ) -> PriceTable.Entry?
    /// ISO 4217; of all prices.
    var currency: String { get }
    /// Budgets of days and months, in the running configuration's order.
    var budgets: [BudgetDefinition] { get }
    /// Who is given tasks, and how, in the running configuration.
    var taskRouting: TaskRouting { get }
    /// When a day, counted since 1970, begins in the gateway's time zone.
    func start(ofDay day: Int) -> Timestamp
    /// The day of a time in the gateway's time zone.
    func date(of time: Timestamp) -> CivilDate
    /// Whom a step's target means at a time, in the running configuration; those who cannot be reached are left out.
    func people(
        of target: StepTarget, now: Timestamp, contact: (String) throws(StoreError) -> ContactRecord?
    ) throws(StoreError) -> [ResolvedRecipient]
    /// What all senders of a provider may together, in the running configuration.
    func limits(ofProvider name: String) -> LimitSettings
    /// What the messages of a tenant may have of all senders, in the running configuration.
    func limits(ofTenant name: String) -> LimitSettings
    /// How often one person may be reached, in the running configuration.
    var exposureLimits: ExposureLimits { get }
    func opening(of job: DeliveryJob, step: Int, now: Timestamp) -> QuietOpening
    /// What content and configuration say of a step over a sender of its list; marks on numbers are the engine's.
    func ineligibility(of job: DeliveryJob, step: Int, over sender: Int, windowIsOpen: Bool) -> SkipReason?
    /// The neutral request of an attempt.
    func outbound(for job: DeliveryJob, step: Int, use: StepUse) throws(ChannelError) -> OutboundRequest
    func provider(named name: String) -> (any Provider)?
    /// What an outbound call says next of its alerts, at least one, and what the key means for all of them.
    func converse(with turn: CallTurn, about alerts: [CallAlert]) -> CallReply
    /// What a delivery adds to a call that speaks for several; `nil` where it cannot be spoken.
    func speech(of alert: CallAlert) -> CallSpeech?
    /// What a person's message or call leads to.
    func receive(_ inbound: InboundContext) -> InboundDecision
    /// Whom a number means; `nil` where it may not be written to.
    func person(behind number: String, _ contact: ContactRecord?) -> ResolvedRecipient?
    /// A message that is routed as a caller's is; `nil` where its policy or content does not do.
    func compose(_ envelope: Envelope, to person: ResolvedRecipient, as id: RecordID, now: Timestamp) -> AcceptInput?
    /// What is said to whoever picks up when a menu dials them.
    func whisper(_ call: InboundCall) -> CallScript
    /// The text of a template for a kind of channel; `nil` where it has none, or cannot be filled.
    func render(_ template: String, for kind: ChannelKind, locale: String?, _ variables: JSONObject) -> String?
    /// The `http:` of a rule that asks this URL; `nil` when the running configuration has none.
    func request(ofRule rule: String, to url: String) -> RequestAction?
    /// A language model of the running configuration.
    func assistant(_ name: String) -> AssistantDefinition?
    /// Whether a text is an acknowledgement under the job's policy.
    func isAcknowledgement(_ text: String, of job: DeliveryJob) -> Bool
    /// Marks at this number and sender are ignored for this class of message.
    func ignoresOptOut(_ job: DeliveryJob) -> Bool
}

/// Where a step's requests go.
public enum StepRoute: Sendable, Hashable {
    case sender(LaneSettings)
    case removed(HoldReason)
}

/// A lane: one sender with its rate and window. A class, because every event of a delivery is given one.
public final class LaneSettings: Sendable, Hashable {
    /// The name under `channels:`; the lane's identity.
    public let channel: String
    /// The name under `providers:`.
    public let provider: String
    /// The sender as configured: E.164, a short code, a name.
    public let sender: String
    /// What the lane carries.
    public let kind: ChannelKind
    /// Requests a second.
    public let rate: Double
    /// Requests in flight; for calls, live calls.
    public let concurrency: Int
    /// Only people whose consent to the sender is recorded.
    public let requiresConsent: Bool

    /// What the sender may.
    public var limits: LimitSettings { LimitSettings(rate: rate, concurrency: concurrency) }

    /// A lane of a channel.
    public init(
        channel: String, provider: String, sender: String, kind: ChannelKind, rate: Double, concurrency: Int,
        requiresConsent: Bool = false
    ) {
        self.channel = channel
        self.provider = provider
        self.sender = sender
        self.kind = kind
        self.rate = rate
        self.concurrency = concurrency
        self.requiresConsent = requiresConsent
    }

    /// Whether both say the same.
    public static func == (left: LaneSettings, right: LaneSettings) -> Bool {
        left === right
            || (left.channel == right.channel && left.provider == right.provider && left.sender == right.sender
                && left.kind == right.kind && left.rate == right.rate && left.concurrency == right.concurrency
                && left.requiresConsent == right.requiresConsent)
    }

    /// Feeds the lane's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(channel) }
}

/// How a step is used by one attempt.
public struct StepUse: Sendable, Hashable {
    /// The attempt's token.
    public var token: String
    /// Free text may be sent now.
    public var windowIsOpen: Bool
    /// The template must be used, also inside the window.
    public var useTemplate: Bool
    /// The sender: an index into the step's list.
    public var sender = 0

    /// What is spoken of an alert in its call.
    public init(of alert: CallAlert, token: String) {
        self.init(token: token, windowIsOpen: true, useTemplate: false)
        sender = alert.sender
    }

    /// A use under a token.
    public init(token: String, windowIsOpen: Bool, useTemplate: Bool) {
        self.token = token
        self.windowIsOpen = windowIsOpen
        self.useTemplate = useTemplate
    }
}

/// What a call is told, and what the person's key meant.
public struct CallReply: Sendable, Hashable {
    /// The meaning of a key.
    public enum Meaning: Sendable, Hashable { case none, acknowledged, rejected }

    /// What the call does next.
    public var script: CallScript
    /// What the key, if any, said about the alert.
    public var meaning: Meaning

    /// A reply with its meaning.
    public init(_ script: CallScript, _ meaning: Meaning = .none) {
        self.script = script
        self.meaning = meaning
    }
}

/// A message or call from a person, with what is open for the number.
public struct InboundContext: Sendable, Hashable {
    /// What came in.
    public enum Content: Sendable, Hashable {
        case message(InboundMessage)
        case call(InboundCall)
    }

    /// What came in.
    public var content: Content
    /// When it came in.
    public var now: Timestamp
    /// The contact of the number, if it is known.
    public var contact: String?
    /// The number is a verified address of the contact.
    public var contactVerified: Bool
    /// BCP 47, the contact's; `nil` when it is unknown.
    public var locale: String?
    /// Whether it is the person who writes.
    public var pin = PINStanding.missing
    /// What the searches found that the rules can come to.
    public var found: [DocumentsFound] = []
    /// What an assistant is told beside it.
    public var material = AssistMaterial()
    /// Alerts that wait for an answer, oldest first.
    public var openAlerts: [DeliveryJob]
    /// The number withdrew its consent to the sender that it writes to.
    public var isOptedOut = false
    /// Automatic replies that may still be sent to this number now.
    public var mayReply: Bool

    /// An inbound message or call without open alerts.
    public init(_ content: Content, now: Timestamp) {
        self.content = content
        self.now = now
        openAlerts = []
        contactVerified = false
        mayReply = true
    }

    /// The number of the person.
    public var number: String {
        switch content {
        case .message(let message): message.from
        case .call(let call): call.from
        }
    }
}

/// STOP or START.
public struct SpokenConsent: Sendable, Hashable {
    /// START.
    public var isGranted: Bool
    /// To every sender, not only to the one that was written to.
    public var isForAll: Bool
}

/// What the rules decided.
public struct InboundDecision: Sendable, Hashable {
    /// The rule that matched.
    public var rule: String
    /// Acknowledge the open alerts that the answer fits.
    public var acknowledges = false
    /// 'Not me'.
    public var rejects = false
    /// Which alert is meant is unclear: hold their clocks that long.
    public var asks: Duration?
    /// The reason of a review to open; `nil` for none.
    public var review: String?
    /// The reason of a review that the caller's key opens; `nil` for none.
    public var menuReview: String?
    /// Texts of the reply, in order.
    public var replies: [String] = []
    /// What a call is told; `nil` for messages.
    public var script: CallScript?
    /// Names of events to emit.
    public var emits: [String] = []
    /// STOP or START: what the person says, and to whom.
    public var consent: SpokenConsent?
    /// A PIN is asked for.
    public var asksPIN = false
    /// Somebody without a PIN, or who tried too often, was told so.
    var missesPIN = false
    /// The replies may be those that were given last: whoever tries is told each time.
    public var mayRepeat = false
    /// Words under which it is filed.
    public var tags: [String] = []
    /// To whom it goes on.
    public var forwards: [ForwardAction] = []
    /// Which other systems are asked.
    public var requests: [RequestAction] = []
    /// Which language models are asked for an answer.
    public var assists: [AssistAction] = []
    /// Which tasks are made of it.
    public var tasks: [TaskCreation] = []

    /// A decision of a rule.
    public init(rule: String) { self.rule = rule }
}
