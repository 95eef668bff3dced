/// What reaches the engine thread. A ticket is the shell's number of whoever waits for the answer.
public enum EngineInput: Sendable {
    case accept(AcceptInput, ticket: Int)
    /// An exchange with a provider came back.
    case exchanged(Int, ExchangeOutcome)
    case webhook(WebhookInput, ticket: Int)
    /// For one delivery.
    case act(DeliveryAction, delivery: RecordID, ticket: Int?)
    /// What became of an earlier request with this key: `replayed`, `keyMismatch` or `notFound`.
    case recall(IdempotencyKey, ticket: Int)
    /// Keeps the answer to a request whose effect is elsewhere: `replayed` with it, or with an earlier one.
    case remember(IdempotencyKey, answer: [UInt8], ticket: Int)
    /// What people said to senders, as a caller recorded it for a contact with a key of this id.
    case consents([ConsentRecord], ofContact: String? = nil, by: String, ticket: Int)
    /// A person's answer to a review.
    case answerReview(ReviewAnswer, ticket: Int)
    /// What a person does about a task: `tasked`, `taskRefused` or `notFound`.
    case task(TaskChange, ticket: Int)
    /// What a worker is ready for: `worker`, or `notFound`.
    case worker(WorkerChange, ticket: Int)
    /// What a caller does about a conference: `conferenced`, `conferenceRefused`, or of an invitation what became of an
    /// earlier request with its key.
    case conference(ConferenceAction, ticket: Int)
    /// A change of the register of warranties: `recorded`, or `notFound`.
    case warranty(WarrantyChange, ticket: Int)
    /// A change of a file that a person sent: `recorded`, or `notFound`.
    case media(MediaChange, ticket: Int)
    /// A new configuration runs.
    case reload(any DispatchDirectory)
    /// The clock moved; nothing else happened.
    case tick
    /// Many recipients, whose parts are in the store.
    case mailing(MailingInput, ticket: Int)
    /// Work for a mailing is done, or cannot be done now.
    case slice(MailingSlice)
    /// Nothing more is sent for a mailing: `recorded` or `notFound`.
    case cancelMailing(RecordID, ticket: Int)
    /// Errors that were met outside of the engine.
    case errors([ErrorOccurrence])
}

/// A routed message, ready to be stored.
public struct AcceptInput: Sendable {
    /// The envelope as it is stored.
    public var message: MessageRecord
    /// One for each recipient.
    public var deliveries: [AcceptedDelivery]
    /// The whole answer to the request, rendered.
    public var answer: [UInt8]
    /// The tenant's idempotency key with the fingerprint of the body.
    public var idempotency: IdempotencyKey?
    /// Already scoped to the tenant.
    public var dedupeKey: String?
    /// What it costs its key, where that has daily caps.
    public var spend: KeySpend?
    /// The rule refused it: stored, never sent.
    public var isRejected = false
    /// What the message reminds of: it is accepted only together with this.
    public var reminder: WarrantyLook?

    /// A message with its deliveries.
    public init(message: MessageRecord, deliveries: [AcceptedDelivery], answer: [UInt8]) {
        self.message = message
        self.deliveries = deliveries
        self.answer = answer
    }
}

/// One delivery of an accepted message.
public struct AcceptedDelivery: Sendable {
    /// What is stored of it.
    public var record: DeliveryRecord
    /// What is fixed about it.
    public var job: DeliveryJob
    /// What its policy means for this recipient.
    public var plan: DeliveryPlan
    /// Not before then.
    public var startsAt: Timestamp
    /// A rule wants a person's approval before anything is sent.
    public var needsReview = false

    /// A delivery with its plan.
    public init(record: DeliveryRecord, job: DeliveryJob, plan: DeliveryPlan, startsAt: Timestamp) {
        self.record = record
        self.job = job
        self.plan = plan
        self.startsAt = startsAt
    }
}

/// Recognises a repeated request.
public struct IdempotencyKey: Sendable, Hashable {
    /// Scoped to the tenant.
    public var key: String
    /// SHA-256 of method, path and body, hex.
    public var fingerprint: String

    /// A key with the fingerprint of its request.
    public init(key: String, fingerprint: String) {
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// A verified webhook, with what is needed to answer it.
public struct WebhookInput: Sendable {
    /// What the provider's normalization made of it.
    public var event: WebhookEvent
    /// The request itself, which is answered by its method and target; header and body are left out.
    public var request: WebhookRequest
    /// The provider's name.
    public var provider: String
    /// The contact of the sender, looked up by the shell.
    public var contact: String?
    /// The number is a verified address of the contact.
    public var contactVerified: Bool
    /// BCP 47, the contact's; `nil` when it is unknown.
    public var locale: String?
    /// Numbers of whoever wrote without showing theirs: a channel's own id says who it is, and alerts went to these.
    public var numbers: [String] = []
    /// What there is of the person's PIN; `nil` when they have none, or no rule needs one.
    public var pin: PINCheck?
    /// The only boat of a contact whose verified address wrote; `nil` where there is none, or several.
    public var boat: String?
    /// What is known of a recording; `nil` for all else.
    public var recording: RecordingFacts?
    /// What the searches found that the rules can come to.
    public var found: [DocumentsFound] = []
    /// What an assistant is told beside it.
    public var material = AssistMaterial()

    /// A verified webhook of a provider.
    public init(event: WebhookEvent, request: WebhookRequest, provider: String) {
        self.event = event
        self.request = request
        self.provider = provider
        contactVerified = false
    }
}

/// What people and programs do to a delivery.
public enum DeliveryAction: Sendable, Hashable {
    case cancel
    case acknowledge
}

/// The answer to a ticket.
public enum EngineAnswer: Sendable, Hashable {
    /// Accepted and durable.
    case accepted([UInt8])
    /// The stored answer of an earlier request with the same key.
    case replayed([UInt8])
    /// The key was used with another body.
    case keyMismatch
    /// A message with the dedupe key is open.
    case open(RecordID)
    /// A daily cap of the key is reached: nothing was accepted.
    case capReached
    case webhook(status: Int, contentType: String, body: [UInt8])
    /// The action was taken; the state afterwards.
    case acted(DeliveryPhase)
    case notFound
    /// Kept.
    case recorded
    /// The review as it was answered now.
    case reviewed(ReviewRecord)
    /// The review was answered or became moot before.
    case reviewClosed(ReviewRecord)
    /// Nothing waits for this review's approval; it is still open.
    case nothingToApprove
    /// The task as it is now.
    case tasked(TaskRecord)
    /// Nothing was done about the task.
    case taskRefused(TaskRefusal)
    /// The worker as it is now.
    case worker(WorkerRecord)
    /// The conference as it is now, and whom it was about.
    case conferenced(ConferenceRoster, participant: RecordID?)
    /// Nothing was done about the conference.
    case conferenceRefused(ConferenceRefusal)
    /// The store refused: nothing happened, try again.
    case unavailable(StoreError)
}

/// What a turn leads to once its batch is committed.
public struct EngineTurn: Sendable {
    /// To be committed before anything else of the turn happens.
    public var batch = Batch()
    /// Answers for waiting callers.
    public var releases: [EngineRelease] = []
    /// Exchanges to make.
    public var requests: [EngineRequest] = []
    /// What is to be done for mailings, by a thread that may wait for the disk.
    public var work: [MailingWork] = []
    /// For operations.
    public var notices: [EngineNotice] = []
    /// When the next turn is due at the latest; `nil` for only when something comes.
    public var wakeAt: Timestamp?
    /// The store could not be read: the turn is to be rolled back like one whose commit failed.
    public var refusal: StoreError?

    /// An empty turn.
    public init() {}
}

/// An answer for a waiting caller.
public struct EngineRelease: Sendable {
    /// The shell's number of the caller.
    public var ticket: Int
    /// What the caller is told.
    public var answer: EngineAnswer
}

/// Something that operations are told, or that others subscribe to.
public enum EngineNotice: Sendable, Hashable {
    case senderStopped(channel: String)
    case requestFault(channel: String, code: Int32)
    case circuit(channel: String, isOpen: Bool)
    /// Of all senders of a provider.
    case providerCircuit(provider: String, isOpen: Bool)
    /// Of texts that a provider accepts and that do not arrive.
    case receiptCircuit(ReceiptRoute, isOpen: Bool)
    /// Receipts over a channel to a country are worth something else than before.
    case receipts(channel: String, country: String, ReceiptQuality)
    case closed(delivery: RecordID, DeliveryPhase, policy: String)
    /// One try to tell another system something about a delivery, or to ask it about what came in.
    case outgoing(event: RecordID, about: RecordID, isInbound: Bool, OutgoingOutcome)
    case emitted(inbound: RecordID, event: String)
    case auditViolation(delivery: RecordID)
    /// The process died at an event of it at two starts in a row.
    case crashedTwice(delivery: RecordID)
    /// So much of a budget is spent; `of` names the tenant or policy, and is empty for everybody and for recipients.
    case budget(String, of: String, BudgetPeriod, percent: Int)
}

/// Present sizes of the engine.
public struct EngineGauges: Sendable, Hashable {
    /// Deliveries that are not ended.
    public var open = 0
    /// Exchanges under way.
    public var exchanges = 0
    /// Steps that wait in lanes, by channel in the configuration's order.
    public var ready: [LaneGauge] = []
    /// What providers' lanes have together, in the order in which they came into the configuration.
    public var providers: [QuotaGauge] = []
    /// Over which routes texts do not arrive as usual, in the order in which that was found.
    public var receiptCircuits: [ReceiptRoute] = []
    /// What is known of receipts, by channel and country, as it was written last.
    public var receipts: [ReceiptRecord] = []
    /// What tenants with limits of their own have, in the order in which they were first seen.
    public var tenants: [QuotaGauge] = []
    /// Calls that are live.
    public var calls = 0
    /// Steps that are held.
    public var held = 0
    /// What other systems are still to be told.
    public var outgoing = 0
    /// Queues of the file with what waits in them, in its order.
    public var queues: [QueueGauge] = []
    /// Mailings that are not over.
    public var mailings = 0
    /// Their recipients of whom nothing is decided.
    public var mailingRecipients = 0

    /// Nothing.
    public init() {}
}

/// One lane's present size.
public struct LaneGauge: Sendable, Hashable {
    /// The channel's name.
    public var channel: String
    /// Steps that wait.
    public var waiting: Int
    /// Requests in flight, or live calls.
    public var inFlight: Int
    /// Its circuit lets nothing through.
    public var isOpen: Bool
    /// What became of its requests.
    public var results: LaneResults
}

/// What a provider or a tenant presently has.
public struct QuotaGauge: Sendable, Hashable {
    /// The name in the configuration.
    public var name: String
    /// Steps that wait.
    public var waiting: Int
    /// Requests in flight and live calls.
    public var inFlight: Int
    /// Its circuit lets nothing through; a tenant has none.
    public var isOpen: Bool

    init(_ name: String, _ quota: Quota, isOpen: Bool = false) {
        self.name = name
        self.isOpen = isOpen
        waiting = quota.waiting
        inFlight = quota.inFlight
    }
}

/// Texts of a kind over one provider to one country.
public struct ReceiptRoute: Sendable, Hashable {
    /// The name in the configuration.
    public var provider: String
    /// The kind of channel.
    public var kind: ChannelKind
    /// ISO 3166 alpha-2.
    public var country: String

    init(_ route: ReceiptCircuits.Route) {
        provider = route.provider
        kind = route.kind
        country = route.country
    }
}
