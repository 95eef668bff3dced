import Crypto

/// The engine without its thread: owns all open deliveries, lanes and timers, takes inputs, and says what to commit and
/// what to do afterwards. Synchronous and deterministic: the same inputs at the same times give the same bytes.
public final class EngineCore {
    let store: any DeliveryStore
    var directory: any DispatchDirectory
    let tokens: AttemptTokens
    var lease: Lease
    let recorder: (any CrashRecorder)?
    /// An event is being decided; what it leads to belongs to it.
    var isDeciding = false
    /// Where the auditor looked last.
    var auditPart = AuditPart(of: 1)
    /// When the auditor first saw each of its violations.
    var violatingSince: [RecordID: Timestamp] = [:]

    var live: [RecordID: LiveDelivery] = [:]
    var heap = TimerHeap()
    /// Timers that are due and wait until their question to the provider can leave, in order.
    var waitingTimers = Queue<TimerHeap.Entry>()
    /// Deliveries of which only the timer is in memory, by its generation.
    var resting: [RecordID: UInt32] = [:]
    /// Those in memory that could rest, in the order in which they became idle.
    var idle = Queue<IdleEntry>()
    var idleCount = 0
    var nextIdleTicket: UInt64 = 1
    let idleLimit: Int
    var lanes: [String: Lane] = [:]
    /// The lanes' names in order: nothing iterates the dictionary.
    var laneOrder: [String] = []
    /// Lanes in the order of their turns: those that were granted longest ago first.
    var laneTurns: [Lane] = []
    /// What the lanes of a provider may together.
    var providerQuotas: [String: Quota] = [:]
    /// The providers' names in order.
    var providerOrder: [String] = []
    var tenants = Tenants()
    var breakers: [String: Breaker] = [:]
    /// Of those providers that ever failed.
    var providerBreakers: [String: ProviderBreaker] = [:]
    var receipts = ReceiptCircuits()
    /// What is known of receipts, what the running turn learned of them, and whose are worth something else since the
    /// last turn; what a turn whose commit failed had to tell.
    var receiptMemory = LearnedReceipts()
    var learned: [LearnedReceipts.Sample] = []
    var receiptChanges: [LearnedReceipts.Key] = []
    var carriedReceiptChanges: [LearnedReceipts.Key] = []
    /// What the running turn learnt about the arrival of texts.
    var samples: [ReceiptCircuits.Sample] = []
    /// What opened and closed with the samples of the last turn, and what a turn whose commit failed had to tell.
    var receiptNews: [(route: ReceiptCircuits.Route, isOpen: Bool)] = []
    var carriedReceiptNews: [(route: ReceiptCircuits.Route, isOpen: Bool)] = []
    var book = AddressBook()
    var calls = LiveCalls()
    var pauses = CallPauses()
    var exposures = Exposures()
    var spending = KeySpending()
    /// The running configuration's.
    var budgets: [BudgetDefinition] = []
    var costSums = CostSums()
    /// When the rent of numbers is counted next; `nil` for at once.
    var rentsDue: Timestamp?
    var settling = Settling()
    /// Who is offered which task; read again when a commit failed, or the configuration changed.
    var board = TaskBoard(TaskRouting())
    var isBoardStale = true
    var outbox = Outbox()
    var conferences = LiveConferences()
    /// Those that the running turn ended.
    var endedConferences: [RecordID: ConferenceRoster] = [:]
    /// Those that are not over, and those that something late happened to.
    var mailings: [RecordID: LiveMailing] = [:]
    /// Those that are not over, whose turn is next first.
    var mailingOrder: [RecordID] = []
    /// Those that the running turn changed.
    var touchedMailings: [RecordID] = []
    /// Memory or disk run out: no further part of a mailing becomes messages. Set before a turn.
    public var isUnderPressure = false
    /// Entries that wait for a number to become free.
    var parked: [String: [Lane.Entry]] = [:]
    var held: Set<RecordID> = []
    /// Open deliveries by the recipient's number, without those that rest.
    var byNumber: [String: [RecordID]] = [:]
    var byDedupeKey: [String: RecordID] = [:]
    var relatives = Relatives()
    /// Automatic replies by number: when, and the text's hash.
    var exchanges: [Int: Exchange] = [:]
    var nextExchange = 1
    var nextLaneTicket: UInt64 = 1
    var nextEvent: Int64
    var ids: RecordIDGenerator
    var random: SeededRandom
    /// Figures since the start, for metrics.
    public private(set) var counters = EngineCounters()

    // What the running turn collects.
    var turn = EngineTurn()
    var now: Timestamp
    /// What it touched, in order.
    var dirty: [LiveDelivery] = []
    /// Ended deliveries that a late event touched.
    var revived: [RecordID: LiveDelivery] = [:]
    var retry: [EngineInput] = []
    /// Events that arose while others were carried out.
    var deferred: [(RecordID, DeliveryEvent)] = []
    /// Steps of which a delivery of their own ended.
    var endedDelegates: [(parent: RecordID, step: Int)] = []
    /// Exchanges that came back in this turn.
    var finished: [(Int, Exchange)] = []
    /// Answers of this turn, by key.
    var newAnswers: [String: Int] = [:]
    /// Warranties that this turn changed or removed, and what it reminded of.
    var changedWarranties: [String: WarrantyRecord?] = [:]
    var newReminders: Set<ReminderKey> = []
    /// Marks of a turn whose commit failed.
    var carriedMarks: [AddressMark] = []
    /// Snapshots of a turn whose commit failed.
    var carriedSnapshots: [SnapshotRecord] = []
    /// What a failed commit puts back beside the deliveries.
    var undo = TurnUndo()
    /// Deliveries of the recovery, until its commit is done.
    var recovering: [RecordID] = []
    var recoveryFailed = false
    var waitingQueries: [(Exchange, ProviderRequest)] = []
    var queriesInFlight = 0
    var errorFloods = ErrorFloods()
    /// Errors of the running turn that are not met again when its commit fails, and those of turns whose commit failed.
    var standingErrors: [ErrorOccurrence] = []
    var carriedErrors: [ErrorOccurrence] = []
    /// Open deliveries that were found at the start.
    public internal(set) var recovered = 0

    /// Takes the store and rebuilds everything from it.
    /// - Parameters:
    ///   - tokenKey: the secret behind the tokens in callback URLs; at least 16 bytes.
    ///   - seed: of the jitter.
    ///   - recorder: what remembers over a crash; `nil` for nothing.
    ///   - idleLimit: how many deliveries that only wait stay in memory.
    public init(
        store: any DeliveryStore, directory: any DispatchDirectory, tokenKey: [UInt8], seed: UInt64, now: Timestamp,
        recorder: (any CrashRecorder)? = nil, idleLimit: Int = EngineCore.idleLimit
    ) throws(StoreError) {
        self.store = store
        self.directory = directory
        tokens = AttemptTokens(secret: tokenKey)
        self.now = now
        self.recorder = recorder
        self.idleLimit = idleLimit
        lease = try store.open(partition: 0)
        let highest = try store.highest()
        nextEvent = highest.event + 1
        ids = RecordIDGenerator(after: highest.id, for: .engine)
        random = SeededRandom(seed: seed)
        try recover()
    }

    /// Takes inputs, fires what is due, grants slots. The caller commits the batch, then makes requests and releases
    /// answers; when the commit fails it calls `rollBack`.
    public func turn(_ inputs: [EngineInput], now: Timestamp) -> EngineTurn {
        self.now = now
        begin()
        readBoard()
        recoverAgain()
        actOnReceipts()
        tellReceipts()
        bookRents()
        for index in inputs.indices { take(inputs[index]) }
        fireTimers()
        probeBreakers()
        endOverdueCalls()
        unparkRested()
        runDeferred()
        grantAll()
        sendOutgoing()
        offerTasks()
        askForPrices()
        lookAtConferences()
        placeParticipants()
        collect()
        saveReceipts()
        saveCarriedErrors()
        assignMailingWork()
        turn.wakeAt = nextWake()
        return turn
    }

    func begin() {
        turn = EngineTurn()
        for delivery in dirty { delivery.forgetTurn() }
        restIdle()
        settleMailings()
        dirty.removeAll(keepingCapacity: true)
        revived.removeAll()
        retry.removeAll(keepingCapacity: true)
        finished.removeAll(keepingCapacity: true)
        newAnswers.removeAll()
        changedWarranties.removeAll()
        newReminders.removeAll()
        endedConferences.removeAll()
        standingErrors.removeAll(keepingCapacity: true)
        turn.batch.marks = carriedMarks
        carriedMarks = []
        turn.batch.snapshots = carriedSnapshots
        carriedSnapshots = []
        takeSamples()
        takeLearned()
        undo = TurnUndo(of: self)
        outbox.begin()
        exposures.begin()
    }

    private func take(_ input: consuming EngineInput) {
        switch consume input {
        case .accept(let accept, let ticket): take(accept, ticket)
        case .exchanged(let exchange, let answer):
            retry.append(.exchanged(exchange, answer))
            take(exchange, answer)
        case .webhook(let webhook, let ticket): take(webhook, ticket)
        case .act(let action, let delivery, let ticket): take(action, delivery, ticket)
        case .recall(let key, let ticket): release(ticket, earlier(key) ?? .notFound)
        case .remember(let key, let answer, let ticket): remember(key, answer, ticket)
        case .consents(let consents, let contact, let key, let ticket):
            take(consents, ofContact: contact, by: key, ticket)
        case .answerReview(let answer, let ticket): take(answer, ticket)
        case .task(let change, let ticket): take(change, ticket)
        case .worker(let change, let ticket): take(change, ticket)
        case .conference(let action, let ticket): take(action, ticket)
        case .warranty(let change, let ticket): take(change, ticket)
        case .media(let change, let ticket): take(change, ticket)
        case .mailing(let mailing, let ticket): take(mailing, ticket)
        case .slice(let slice):
            retry.append(.slice(slice))
            take(slice)
        case .cancelMailing(let id, let ticket): cancelMailing(id, ticket)
        case .errors(let occurrences): take(occurrences)
        case .reload(let directory):
            retry.append(.reload(directory))
            reload(directory)
        case .tick: break
        }
    }

    /// What attempts cost is counted.
    var countsCosts: Bool { !budgets.isEmpty }

    func release(_ ticket: Int, _ answer: EngineAnswer) {
        turn.releases.append(EngineRelease(ticket: ticket, answer: answer))
    }

    func count(_ change: (inout EngineCounters) -> Void) { change(&counters) }

    /// Grants until nothing moves: a step that was refused before it left may put the next one in a lane.
    private func grantAll() {
        repeat {
            grant()
            let isQuiet = deferred.isEmpty && endedDelegates.isEmpty
            runDeferred()
            if isQuiet { return }
        } while true
    }

    // MARK: time

    private func probeBreakers() {
        var isNews = false
        for channel in laneOrder where breakers[channel]?.halfOpen(at: now) == true { isNews = true }
        for provider in providerOrder where providerBreakers[provider]?.halfOpen(at: now) == true { isNews = true }
        if isNews { recheckHeld() }
    }

    private func nextWake() -> Timestamp? {
        var times: [Timestamp] = []
        while let entry = heap.first {
            if isArmed(entry) {
                times.append(entry.due)
                break
            }
            _ = heap.removeFirst()
        }
        for channel in laneOrder {
            if let opensAt = breakers[channel]?.opensAt { times.append(opensAt) }
            let limit = breakers[channel]?.state == .halfOpen ? 1 : nil
            guard let lane = lanes[channel], providerBreakers[lane.settings.provider]?.isProbing != true else {
                continue
            }
            if let wake = lane.nextWake(after: now, limit: limit, tenants) { times.append(wake) }
        }
        for provider in providerOrder {
            if let opensAt = providerBreakers[provider]?.opensAt { times.append(opensAt) }
        }
        if let end = receipts.nextEnd { times.append(end) }
        // What waits for a circuit must not wait for the next turn that something else makes.
        if !samples.isEmpty, !receipts.troubles.isEmpty { times.append(now) }
        if let end = calls.nextEnd { times.append(end) }
        if let opening = pauses.nextOpening { times.append(opening) }
        if let due = outbox.nextDue { times.append(due) }
        if let due = settling.wakeAt { times.append(due) }
        if let due = conferences.wakeAt { times.append(due) }
        if countsCosts, let due = rentsDue { times.append(due) }
        if let due = nextOffer { times.append(due) }
        if let time = nextMailingWork { times.append(time) }
        return times.min()
    }
}

/// Figures of the engine, rising from its start.
public struct EngineCounters: Sendable, Hashable {
    /// Messages that were taken, without replays.
    public var accepted = 0
    /// Requests that create a message or a call.
    public var attempts = 0
    /// Verified webhooks.
    public var callbacks = 0
    /// Reports that were known already and changed nothing.
    public var duplicateReports = 0
    /// Webhooks whose token leads to no delivery.
    public var unknownTokens = 0
    /// Deliveries that ended, by how.
    public var ended: [DeliveryPhase: Int] = [:]
    /// Questions to people that were opened.
    public var reviews = 0
    /// Tasks that were made.
    public var tasks = 0
    /// Of queues of the file, by their names.
    public var queues: [String: QueueCounters] = [:]
    /// Deliveries that reached a person over more than one attempt.
    public var duplicateExposures = 0
    /// Texts sent again although the first request may have been processed.
    public var possibleDuplicates = 0
    /// Deliveries that shared the call of another one.
    public var sharedCalls = 0
    /// Turns whose commit failed.
    public var rollbacks = 0
    /// Events that were not decided, because the process died at them twice.
    public var barredEvents = 0
    /// Deliveries that nothing would wake, when the auditor last looked at each.
    public var auditViolations = 0
    /// When the auditor first saw the oldest of them.
    public var oldestViolation: Timestamp?
    /// Steps that a budget did not let go.
    public var budgetDenials = 0

    /// All zero.
    public init() {}
}
