/// Everything that one commit changes; a value without closures or SQL. All of it or nothing is stored.
public struct Batch: Sendable, Hashable {
    /// Inserted; a known id is an error.
    public var messages: [MessageRecord] = []
    /// Inserted; a known id is an error.
    public var deliveries: [DeliveryRecord] = []
    /// Open states: inserted or replaced.
    public var states: [StateRecord] = []
    /// Ended deliveries: moved out of `state`, or replaced where a late move changes them.
    public var closed: [StateRecord] = []
    /// Appended to the histories of their deliveries.
    public var events: [EventRecord] = []
    /// What repeated requests and webhooks are told: inserted, or replaced by their key.
    public var answers: [AnswerRecord] = []
    /// Entries of the indexes; known ones stay.
    public var lookUps: [LookUpRecord] = []
    /// Inserted, or replaced by their id.
    public var reviews: [ReviewRecord] = []
    /// What people sent: inserted, or replaced by their id.
    public var inbound: [InboundRecord] = []
    /// Inserted unless the hash is known.
    public var snapshots: [SnapshotRecord] = []
    /// Consent and unfitness that deliveries learned.
    public var marks: [AddressMark] = []
    /// What was said about consent: inserted; a known id is an error.
    public var consentHistory: [ConsentStatement] = []
    /// Added to what the key spent on that day; days that are over for good are removed.
    public var spends: [SpendRecord] = []
    /// What other systems are to be told: inserted, or replaced by their id.
    public var outgoing: [OutgoingRecord] = []
    /// Removed from `outgoing`, after its insertions.
    public var outgoingDone: [RecordID] = []
    /// What is known of receipts: inserted, or replaced by channel and country.
    public var receipts: [ReceiptRecord] = []
    /// Added to the rows of their days.
    public var costs: [CostRecord] = []
    /// Added to the rows of their days; days that are over for good are removed.
    public var recipientCosts: [RecipientCost] = []
    /// Attempts whose price is asked for later: inserted, or replaced by their delivery and ordinal.
    public var settlements: [SettlementRecord] = []
    /// Removed from `settlements`, after its insertions.
    public var settlementsDone: [SettlementRecord] = []
    /// Inserted, or replaced by their id, in order.
    public var warranties: [WarrantyRecord] = []
    /// Removed after that.
    public var warrantiesRemoved: [String] = []
    /// Inserted; a known one is an error.
    public var reminders: [ReminderRecord] = []
    /// Inserted; a known id is an error.
    public var mailings: [MailingRecord] = []
    /// Inserted, or replaced by their mailing.
    public var mailingProgress: [MailingProgressRecord] = []
    /// Inserted; a known part is an error.
    public var mailingOutcomes: [MailingOutcome] = []
    /// Added to the rows of the same errors, which keep their ids; else inserted.
    public var errors: [ErrorRecord] = []
    /// What others are told that is about no delivery's transition: inserted; a known sequence is an error.
    public var published: [PublishedRecord] = []
    /// Files that people sent: inserted, or replaced by their id, in order.
    public var media: [MediaRecord] = []
    /// Files whose rows go, after `media`.
    public var mediaRemoved: [RecordID] = []
    /// Work for people: inserted, or replaced by their id, in order.
    public var tasks: [TaskRecord] = []
    /// What is remembered of workers: inserted, or replaced by their name, in order.
    public var workers: [WorkerRecord] = []
    /// Conferences: inserted, or replaced by their id, in order.
    public var conferences: [ConferenceRecord] = []
    /// Those who are called into them: inserted, or replaced by their id, in order.
    public var conferenceParticipants: [ConferenceParticipant] = []
    /// What providers said beside evidence: inserted, unless the attempt has it of the same status.
    public var details: [ReportDetail] = []

    /// Nothing to store.
    public init() {}

    /// Whether a commit would change nothing.
    public var isEmpty: Bool {
        messages.isEmpty && deliveries.isEmpty && states.isEmpty && closed.isEmpty && events.isEmpty && answers.isEmpty
            && lookUps.isEmpty && reviews.isEmpty && inbound.isEmpty && snapshots.isEmpty && marks.isEmpty
            && consentHistory.isEmpty && spends.isEmpty && outgoing.isEmpty && outgoingDone.isEmpty && receipts.isEmpty
            && costs.isEmpty
            && recipientCosts.isEmpty && settlements.isEmpty && settlementsDone.isEmpty && warranties.isEmpty
            && warrantiesRemoved.isEmpty && reminders.isEmpty && mailings.isEmpty && mailingProgress.isEmpty
            && mailingOutcomes.isEmpty && errors.isEmpty && published.isEmpty && media.isEmpty
            && tasks.isEmpty && workers.isEmpty && details.isEmpty && mediaRemoved.isEmpty && conferences.isEmpty
            && conferenceParticipants.isEmpty
    }
}

/// An accepted configuration, stored once: resolved, canonical, without secrets.
public struct SnapshotRecord: Sendable, Hashable {
    /// SHA-256 of the body, lower-case hex.
    public var hash: String
    /// Canonical JSON.
    public var body: [UInt8]

    /// A row of `snapshot`.
    public init(hash: String, body: [UInt8]) {
        self.hash = hash
        self.body = body
    }
}

/// What is known about a number beyond contacts.
public struct AddressMark: Sendable, Hashable {
    /// What a mark says.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The channel cannot reach the number until then.
        case unfit
        /// The number is bad on every channel until then.
        case bad
        /// Consent given to the sender at `at`.
        case consented
        /// Consent withdrawn for the sender.
        case optedOut = "opted_out"
        /// The person last wrote to the sender at `at`; opens the service window.
        case inbound
        /// A call with the person ended at `at`.
        case called
        /// The person was called or written to at `at`; counts until then.
        case exposed
        /// An automatic reply went to the number at `at`.
        case replied
        /// What came from the number went on to somebody else at `at`.
        case forwarded
        /// Whoever writes from the number proved at `at` to be the contact that the scope names.
        case proven
        /// A wrong PIN came from the number at `at`.
        case wrongPIN = "wrong_pin"
    }

    /// E.164 with `+`.
    public var number: String
    /// What it says.
    public var kind: Kind
    /// A channel's name, a sender, or `*`; of a reply its place and the beginning of its hash; of a
    /// proof the contact, of a wrong PIN its place.
    public var scope: String
    /// When it was learned.
    public var at: Timestamp
    /// When it ends; `nil` for not by itself. A past time removes the mark.
    public var until: Timestamp?

    /// A mark on a number.
    public init(number: String, kind: Kind, scope: String, at: Timestamp, until: Timestamp?) {
        self.number = number
        self.kind = kind
        self.scope = scope
        self.at = at
        self.until = until
    }
}
