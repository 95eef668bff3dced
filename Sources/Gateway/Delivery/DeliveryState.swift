/// The whole state of one delivery: a value that can be printed, compared and stored. `decide` alone changes it.
public struct DeliveryState: Sendable, Hashable {
    /// Where the delivery stands.
    public var phase: DeliveryPhase
    /// A late move happened: it ended otherwise before.
    public var isLate = false
    /// The step that is on its way; equal to `steps.count` when none is left.
    public var current = 0
    /// One for each step of the plan, in its order.
    public var steps: [StepState]
    /// In order of their creation; the index is the attempt's ordinal.
    public var attempts: [AttemptState] = []
    /// When `send_at` or a deferral ends.
    public var startsAt: Timestamp
    /// When the delivery ends, whatever its steps do.
    public var expiresAt: Timestamp
    /// Committed intents of calls, less those that surely were not processed.
    public var callsUsed: UInt8 = 0
    /// Rounds before this one.
    public var round: UInt8 = 0
    /// Calls of the rounds before this one.
    public var callsBefore: UInt8 = 0
    /// Micros that attempts may cost or have cost, less those that surely were not processed.
    public var reserved: Int64 = 0
    /// The number is bad: later steps to it are skipped.
    public var numberIsBad = false
    /// Consent was withdrawn for a sender: later steps need their own.
    public var consentOnly = false
    /// A step was skipped because its channel sleeps: nothing more intrusive may follow.
    public var quietCeiling: Intrusiveness?
    /// Clocks stand still until then: we asked which alert an answer meant.
    public var askedUntil: Timestamp?
    /// Attempts that proved `delivered` or more.
    public var exposures: UInt8 = 0
    /// A review was opened and not closed since.
    public var reviewIsOpen = false
    /// Fingerprints of events at which the process died at two starts in a row; they are not decided again.
    public var quarantined: [UInt64] = []
    /// The one timer in the heap.
    public var armed: ArmedTimer?
    /// Counts timers; one that fires with an older number is dropped.
    public var generation: UInt32 = 0
    /// The event row that the delivery wrote last; zero for none. The store keeps the chain.
    public var lastEvent: Int64 = 0
    /// Until when somebody must have approved it; `nil` for a delivery that needs no approval, or has it.
    public var reviewUntil: Timestamp?
    /// A text that may be the answer to an attempt whose evidence is late.
    public var reply: PendingReply?

    /// A delivery that has just been accepted.
    public init(steps: Int, startsAt: Timestamp, expiresAt: Timestamp) {
        phase = .scheduled
        self.steps = Array(repeating: StepState(), count: steps)
        self.startsAt = startsAt
        self.expiresAt = expiresAt
    }
}

/// Where a delivery stands.
public enum DeliveryPhase: UInt8, Sendable, Hashable, CaseIterable {
    case scheduled, active
    case acked, satisfied, exhausted, expired, cancelled, suppressed, blockedBudget, rejected
    /// Nothing is sent before somebody approves it.
    case review

    /// No step starts any more.
    public var isTerminal: Bool { self != .scheduled && self != .active && self != .review }

    /// The word of the API.
    public var word: String {
        switch self {
        case .scheduled: "scheduled"
        case .active: "active"
        case .acked: "acked"
        case .satisfied: "satisfied"
        case .exhausted: "exhausted"
        case .expired: "expired"
        case .cancelled: "cancelled"
        case .suppressed: "suppressed"
        case .blockedBudget: "blocked_budget"
        case .rejected: "rejected"
        case .review: "review"
        }
    }
}

/// One step's share of the state.
public struct StepState: Sendable, Hashable {
    /// Where the step stands.
    public var status: StepStatus = .waiting
    /// The ordinal of the step's last attempt.
    public var attempt: UInt8?
    /// Tries that a provider surely did not process.
    public var refusals: UInt8 = 0
    /// Repeats that `outcomes: retry` has used.
    public var retries: UInt8 = 0
    /// Send the template, not the free text.
    public var useTemplate = false
    /// The one resend after an ambiguous attempt is used.
    public var resent = false
    /// The clock that ends the step, and when.
    public var clock: StepClock?
    /// When something is due that does not end the step: an opening, a back-off, a look-up.
    public var wakeAt: Timestamp?
    /// Milliseconds of `submit_within` that are used up, while it stands still.
    public var submitSpent: Int64 = 0
    /// When `submit_within` started to run; `nil` while it stands still.
    public var submitSince: Timestamp?
    /// `submit_within` passed without a way on; only a recovered provider or `expires` ends the wait.
    public var submitIsOver = false
    /// The one status query before the running clock gives up is made.
    public var polled = false
    /// When the evidence from which `ack_within` runs came.
    public var provenAt: Timestamp?
    /// The sender that the step uses: an index into its list.
    public var sender: UInt8 = 0
    /// Bits of the senders that refused it since the last back-off.
    public var refusedBy: UInt8 = 0
    /// Bits of the senders that the step is done with.
    public var passed: UInt8 = 0
    /// Somebody let its next attempt go, whatever budgets say.
    public var isApproved = false
}

/// Where a step stands.
public enum StepStatus: Sendable, Hashable {
    case waiting
    case held(HoldReason)
    case ready
    case intent
    case submitted
    case ambiguous
    /// Deliveries of its own are on their way.
    case delegated
    case done
    case failed(AttemptOutcome)
    case superseded
    case skipped(SkipReason)

    /// The step may still put a request on its way.
    public var isOpen: Bool {
        switch self {
        case .waiting, .held, .ready, .intent, .submitted, .ambiguous, .delegated: true
        case .done, .failed, .superseded, .skipped: false
        }
    }
}

/// Why a step waits.
public enum HoldReason: UInt8, Sendable, Hashable, CaseIterable {
    case quietHours, backOff, retry, circuitOpen, senderStopped, providerRemoved, senderRemoved, requestFault
    case crashedTwice
    /// It costs more than budgets allow, and somebody is asked.
    case budget

    /// `submit_within` runs in this hold.
    public var countsAgainstSubmit: Bool { self == .backOff || self == .circuitOpen || self == .senderStopped }

    /// snake_case, as timelines show it.
    public var word: String {
        switch self {
        case .quietHours: "quiet_hours"
        case .backOff: "back_off"
        case .retry: "retry"
        case .circuitOpen: "circuit_open"
        case .senderStopped: "sender_stopped"
        case .providerRemoved: "provider_removed"
        case .senderRemoved: "sender_removed"
        case .requestFault: "request_fault"
        case .crashedTwice: "crashed_twice"
        case .budget: "budget"
        }
    }
}

/// Why a step was not tried.
public enum SkipReason: UInt8, Sendable, Hashable, CaseIterable {
    case noAddress, noConsent, optedOut, unfit, noTemplate, noMedia, quietHours, badNumber, callsSpent, country
    case nobody, budget
    case exposure
    /// The recipient wants nothing of the topic.
    case topicOff

    /// snake_case, as timelines show it.
    public var word: String {
        switch self {
        case .noAddress: "no_address"
        case .noConsent: "no_consent"
        case .optedOut: "opted_out"
        case .unfit: "unfit"
        case .noTemplate: "no_template"
        case .noMedia: "no_media"
        case .quietHours: "quiet_hours"
        case .badNumber: "bad_number"
        case .callsSpent: "calls_spent"
        case .country: "country"
        case .nobody: "nobody"
        case .budget: "budget"
        case .exposure: "exposure"
        case .topicOff: "topic_off"
        }
    }
}

/// A running clock of a step.
public struct StepClock: Sendable, Hashable {
    /// Which clock of the table.
    public var kind: ClockKind
    /// When it ends.
    public var due: Timestamp
}

/// The clocks of docs/delivery.md.
public enum ClockKind: UInt8, Sendable, Hashable, CaseIterable {
    case starts, expires, wake
    case submit, lane, queue, deliver, read, ack, ringing, call, afterCall, confirm
    case review

    /// snake_case, as timelines show it.
    public var word: String {
        switch self {
        case .starts: "starts"
        case .expires: "expires"
        case .wake: "wake"
        case .submit: "submit_within"
        case .lane: "lane_within"
        case .queue: "queue_within"
        case .deliver: "deliver_within"
        case .read: "read_within"
        case .ack: "ack_within"
        case .ringing: "ring_timeout"
        case .call: "max_duration"
        case .afterCall: "after_call"
        case .confirm: "confirm"
        case .review: "review_within"
        }
    }
}

/// The timer that stands in the heap for a delivery.
public struct ArmedTimer: Sendable, Hashable {
    /// What is due then.
    public var kind: ClockKind
    /// When it fires.
    public var due: Timestamp
    /// The number that the firing must carry.
    public var generation: UInt32
}

/// One submission to one provider.
public struct AttemptState: Sendable, Hashable {
    /// The index of its step.
    public var step: UInt8
    /// What is known about the submission.
    public var status: AttemptStatus = .intent
    /// The best that is proven.
    public var level: EvidenceLevel = .none
    /// How it failed, beside the level.
    public var outcome: AttemptOutcome?
    /// The provider's error code, zero for none.
    public var code: Int32 = 0
    /// How far a call got.
    public var call: CallProgress?
    /// Detection said machine or fax.
    public var isMachine = false
    /// Bits of the reports that were seen.
    public var seen: UInt64 = 0
    /// Empty until the provider named it.
    public var providerID = ""
    /// The provider's last word that counted.
    public var providerStatus: ProviderStatus = .unknown
    /// Look-ups that the provider answered with 'no such thing'.
    public var emptyLookUps: UInt8 = 0
    /// Look-ups made; says which is next.
    public var lookUps: UInt8 = 0
    /// When its request was allowed to leave; `nil` once it is known whether the provider has it.
    public var intentAt: Timestamp?
    /// When the ambiguous request ended.
    public var ambiguousSince: Timestamp?
    /// Micros that were reserved for it; zero where no budget counts.
    public var reserved: Int64 = 0
    /// A recall was sent; its cancellation is no failure.
    public var recalled = false
    /// Its own evidence ended the delivery; such a call is never ended by it.
    public var isDecisive = false
    /// The sender that was used: an index into the list of its step.
    public var sender: UInt8 = 0
    /// When it left, receipts over its sender to its country had turned out to be weak.
    public var receiptsAreWeak = false
    /// Its part in a call that speaks for several deliveries; `nil` for a call of its own, and for texts.
    public var sharing: CallSharing?
    /// Somebody let it go, whatever budgets say.
    public var isApproved = false
    /// The day in whose costs it counts, in days since 1970 in the gateway's time zone; zero for none. The engine's.
    public var costDay: Int32 = 0

    /// A committed intent of `step`.
    public init(step: UInt8) { self.step = step }

    /// It is known whether the provider has it.
    mutating func become(_ known: AttemptStatus) {
        status = known
        intentAt = nil
    }
}

/// What is known about a submission as such.
public enum AttemptStatus: UInt8, Sendable, Hashable, CaseIterable {
    case intent, submitted, ambiguous, refused

    /// Nobody knows yet whether the provider has it.
    var isOpen: Bool { self == .intent || self == .ambiguous }
}
