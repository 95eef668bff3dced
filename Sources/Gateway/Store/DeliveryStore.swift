/// The engine's store: synchronous, used by the engine thread alone, all or nothing.
public protocol DeliveryStore: AnyObject {
    /// Takes the partition (0...1023; 0 is all of a single machine) and fences every earlier lease.
    func open(partition: Int) throws(StoreError) -> Lease
    /// Every open delivery in the order of its id.
    func scan(_ lease: Lease, _ visit: (StateRecord) throws(StoreError) -> Void) throws(StoreError)
    /// What was written once about a delivery, with its message.
    func body(of delivery: RecordID) throws(StoreError) -> (delivery: DeliveryRecord, message: MessageRecord)?
    /// The state of a delivery, open or ended.
    func state(of delivery: RecordID) throws(StoreError) -> StateRecord?
    /// The deliveries of a message, in order.
    func deliveries(ofMessage message: RecordID) throws(StoreError) -> [RecordID]
    func lookUp(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID]
    func answer(_ key: String) throws(StoreError) -> AnswerRecord?
    func snapshot(_ hash: String) throws(StoreError) -> SnapshotRecord?
    /// All marks that have not ended at `now`.
    func marks(at now: Timestamp) throws(StoreError) -> [AddressMark]
    /// What keys spent on a UTC day, in the order of their ids.
    func spends(onDay day: Int64) throws(StoreError) -> [SpendRecord]
    /// What is known of receipts, in the order of channels and countries.
    func receipts() throws(StoreError) -> [ReceiptRecord]
    /// Micros that were spent in days `from...through`, by everybody or by what `name` names of a scope.
    func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) throws(StoreError) -> Int64
    /// The last day with costs of a kind over a channel; `nil` for none.
    func lastCostDay(ofKind kind: String, over channel: String) throws(StoreError) -> Int?
    /// Attempts whose price is to be asked for, those that are due first; at most `limit`.
    func settlements(limit: Int) throws(StoreError) -> [SettlementRecord]
    /// Everything that other systems are still to be told, in the order of its id.
    func outgoing() throws(StoreError) -> [OutgoingRecord]
    /// The progress of every mailing that is open, in the order of their ids.
    func openMailings() throws(StoreError) -> [MailingProgressRecord]
    /// The progress of a mailing; `nil` for an unknown one.
    func mailingProgress(_ id: RecordID) throws(StoreError) -> MailingProgressRecord?
    /// The highest identifier and sequence of events in use, for their generators; deliveries' events and what is published
    /// share one sequence.
    func highest() throws(StoreError) -> (id: RecordID?, event: Int64)
    /// A person by the caller's id, or by that of one who was merged into it.
    func contact(_ id: String) throws(StoreError) -> ContactRecord?
    /// A warranty by the caller's id.
    func warranty(_ id: String) throws(StoreError) -> WarrantyRecord?
    /// What became of a warranty's lead times, for every day that it had, by day and falling lead time.
    func reminders(ofWarranty id: String) throws(StoreError) -> [ReminderRecord]
    /// A file that a person sent.
    func media(_ id: RecordID) throws(StoreError) -> MediaRecord?
    /// Conferences that are not over with everybody who was called into them, in the order of their ids.
    func openConferences() throws(StoreError) -> [ConferenceRoster]
    /// A task.
    func task(_ id: RecordID) throws(StoreError) -> TaskRecord?
    /// Tasks that are open, in the order of their ids; `routedOnly` for those with a way alone.
    func openTasks(routedOnly: Bool) throws(StoreError) -> [TaskRecord]
    /// What is remembered of workers, in the order of their names.
    func workers() throws(StoreError) -> [WorkerRecord]
    func openReview(of delivery: RecordID) throws(StoreError) -> ReviewRecord?
    func review(_ id: RecordID) throws(StoreError) -> ReviewRecord?
    /// Durable when it returns: `synchronous=FULL`.
    func commit(_ batch: Batch, _ lease: Lease) throws(StoreError)
    /// Removes what has ended: answers and marks on numbers, those that ended first; errors that happened longer ago than
    /// they are kept, or are more than are kept. At most `limit` of each; returns how many of that which went most.
    func purge(before now: Timestamp, limit: Int) throws(StoreError) -> Int
}

/// The right to change states of a partition, until somebody else takes it.
public struct Lease: Sendable, Hashable {
    /// 0...1023.
    public var partition: Int
    /// Rises with every `open`; every commit checks it.
    public var epoch: Int64

    /// A lease of an epoch.
    public init(partition: Int, epoch: Int64) {
        self.partition = partition
        self.epoch = epoch
    }
}

/// Why a store could not do it.
public struct StoreError: Error, Sendable, Hashable {
    /// What a caller can do about it.
    public enum Kind: String, Sendable, Hashable {
        /// Another process took the partition: stop.
        case fenced
        /// No room: refuse new work with 503, keep the old.
        case full
        /// Try again.
        case busy
        /// A query took longer than it may.
        case late
        /// The file is damaged: stop, restore a backup.
        case corrupt
        /// The file cannot be written, or something else is wrong.
        case failed
    }

    /// Tells a caller what to do; see `Kind`.
    public var kind: Kind
    /// For a person; no data of messages.
    public var message: String

    /// An error of a kind.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
