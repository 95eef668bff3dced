/// Contacts, keys, reviews and lists: read and written by the API, on connections of their own. Methods block; the
/// caller has a thread for them.
public protocol RecordStore: Sendable {
    func put(_ contact: ContactRecord) throws(StoreError)
    /// Contacts and boats, each inserted or replaced as by itself; all of them or none.
    func put(_ contacts: [ContactRecord], _ boats: [BoatRecord]) throws(StoreError)
    /// By its id, or by that of one which was merged into it.
    func contact(_ id: String) throws(StoreError) -> ContactRecord?
    /// Puts a contact, with its preferences, and boats; another contact goes, and is found under this one from then on,
    /// with what was filed under it, and its PIN where this one has none. All of it or nothing.
    func merge(_ contact: ContactRecord, from other: String, _ boats: [BoatRecord]) throws(StoreError)
    /// The contact into which one was merged; `nil` for every other id.
    func successor(ofContact id: String) throws(StoreError) -> String?
    /// Replaces what a contact wants; `nil` for nothing. Whether the contact is there.
    func putPreferences(_ preferences: ContactPreferences?, ofContact id: String) throws(StoreError) -> Bool
    /// Replaces the PIN of a contact; `nil` for none. Whether the contact is there.
    func putPIN(_ pin: PINRecord?, ofContact id: String) throws(StoreError) -> Bool
    /// The PIN of a contact, by its own id; `nil` when it has none.
    func pin(ofContact id: String) throws(StoreError) -> PINRecord?
    /// Whether it was there.
    func removeContact(_ id: String) throws(StoreError) -> Bool
    func contacts(after: String?, limit: Int) throws(StoreError) -> [ContactRecord]
    /// The contact that has a number, or an id of WhatsApp that stands for one; a verified address comes first.
    func contact(withNumber number: String) throws(StoreError) -> ContactRecord?

    func put(_ boat: BoatRecord) throws(StoreError)
    func boat(_ id: String) throws(StoreError) -> BoatRecord?
    func removeBoat(_ id: String) throws(StoreError) -> Bool
    func boats(after: String?, limit: Int) throws(StoreError) -> [BoatRecord]
    func boats(ofContact id: String) throws(StoreError) -> [BoatRecord]

    /// Inserted, or replaced by its id; one that is replaced keeps the time of its creation.
    func put(_ document: DocumentRecord) throws(StoreError)
    func document(_ id: String) throws(StoreError) -> DocumentRecord?
    /// Whether it was there.
    func removeDocument(_ id: String) throws(StoreError) -> Bool
    /// In the order of their ids, from after `after`.
    func documents(after: String?, limit: Int) throws(StoreError) -> [DocumentRecord]
    /// The best ones for a query; throws `late` when its time is over.
    func documents(_ query: DocumentQuery) throws(StoreError) -> DocumentMatches
    /// Of the documents with these ids, in their order, those that the query's scope and type allow; its words are not
    /// looked at.
    func documents(_ ids: [String], within query: DocumentQuery) throws(StoreError) -> DocumentMatches

    /// Says which index outside is to have all documents; `nil` for none. Another one than before, or the same `again`,
    /// is to be prepared, and then to be told of every document.
    func aimIndex(at target: String?, again: Bool) throws(StoreError)
    /// The index outside that is to have all documents; `nil` for none.
    func indexState() throws(StoreError) -> IndexState?
    /// Takes longer the more changes wait.
    func indexCounts() throws(StoreError) -> IndexCounts
    /// The index outside is there, empty, and knows how to search.
    func noteIndexPrepared() throws(StoreError)
    /// Changes that the index outside was not told of and did not refuse, in the order in which they came.
    func indexChanges(limit: Int) throws(StoreError) -> [IndexChange]
    /// Forgets changes of which the index was told, as far as their documents have not changed again.
    func endIndexChanges(_ sequences: [Int64]) throws(StoreError)
    /// Keeps a change as one that the index refused, until its document changes again.
    func refuseIndexChange(_ sequence: Int64, code: String) throws(StoreError)
    /// Documents that the index refused, in the order in which they changed.
    func refusedIndexChanges(limit: Int) throws(StoreError) -> [IndexRefusal]

    func put(_ key: KeyRecord) throws(StoreError)
    func key(_ id: String) throws(StoreError) -> KeyRecord?
    func keys() throws(StoreError) -> [KeyRecord]

    func task(_ id: RecordID) throws(StoreError) -> TaskRecord?
    /// In the order of their ids, from after `after`.
    func tasks(_ query: TaskQuery, after: RecordID?, limit: Int) throws(StoreError) -> [TaskRecord]
    /// What is remembered of workers, in the order of their names.
    func workers() throws(StoreError) -> [WorkerRecord]
    /// What waits in a queue now, and what was accepted from then on; `level` is the time in which it should be.
    func figures(ofQueue queue: String, since: Timestamp, level: Duration?) throws(StoreError) -> QueueFigures

    /// Newest first, from before `before`.
    func conferences(
        _ query: ConferenceQuery, before: RecordID?, limit: Int
    ) throws(StoreError) -> [ConferenceRecord]
    /// Everybody who was called into a conference, in the order of their ids.
    func participants(ofConference id: RecordID) throws(StoreError) -> [ConferenceParticipant]
    func participant(_ id: RecordID) throws(StoreError) -> ConferenceParticipant?

    func review(_ id: RecordID) throws(StoreError) -> ReviewRecord?
    func reviews(openOnly: Bool, after: RecordID?, limit: Int) throws(StoreError) -> [ReviewRecord]
    /// Newest first, from before `before`.
    func messages(before: RecordID?, limit: Int) throws(StoreError) -> [MessageRecord]
    func message(_ id: RecordID) throws(StoreError) -> MessageRecord?
    func delivery(_ id: RecordID) throws(StoreError) -> DeliveryRecord?
    func deliveries(ofMessage id: RecordID) throws(StoreError) -> [DeliveryRecord]
    /// The state, open or closed.
    func state(of delivery: RecordID) throws(StoreError) -> StateRecord?
    /// The whole history, oldest first.
    func events(of delivery: RecordID) throws(StoreError) -> [EventRecord]
    /// What providers said beside evidence, oldest first.
    func reportDetails(of delivery: RecordID) throws(StoreError) -> [ReportDetail]
    func lookUp(_ kind: LookUpRecord.Kind, _ key: String) throws(StoreError) -> [RecordID]
    /// Everything that is known about a number, by kind and scope.
    func marks(of number: String) throws(StoreError) -> [AddressMark]
    /// What was said about consent of these numbers, as it was recorded, oldest first, from after `after`.
    func consentHistory(
        of numbers: [String], after: RecordID?, limit: Int
    ) throws(StoreError) -> [ConsentStatement]
    func inbound(before: RecordID?, limit: Int) throws(StoreError) -> [InboundRecord]
    func inbound(_ id: RecordID) throws(StoreError) -> InboundRecord?
    func snapshot(_ hash: String) throws(StoreError) -> SnapshotRecord?
    /// What is known of receipts, in the order of channels and countries.
    func receipts() throws(StoreError) -> [ReceiptRecord]
    /// Errors that are wanted, newest first, from before `before`.
    func errors(_ query: ErrorQuery, before: RecordID?, limit: Int) throws(StoreError) -> [ErrorRecord]
    /// Micros that were spent in days `from...through`, by everybody or by what `name` names of a scope.
    func spent(_ scope: CostScope, _ name: String, from: Int, through: Int) throws(StoreError) -> Int64
    /// Costs of days `from...through`, in the order of day, tenant, policy, channel, country, kind and direction.
    func costs(from: Int, through: Int) throws(StoreError) -> [CostRecord]
    /// Who cost most in days `from...through`, falling, at most `limit`; `day` is `through`.
    func recipientCosts(from: Int, through: Int, limit: Int) throws(StoreError) -> [RecipientCost]

    /// A file that a person sent.
    func media(_ id: RecordID) throws(StoreError) -> MediaRecord?
    /// Files that are wanted, newest first, from before `before`.
    func media(_ query: MediaQuery, before: RecordID?, limit: Int) throws(StoreError) -> [MediaRecord]
    /// Files that wait for their download or their removal, those that are due first.
    func waitingMedia(limit: Int) throws(StoreError) -> [MediaRecord]
    /// Files that were announced before then and wait for nothing, the oldest first.
    func media(announcedBefore time: Timestamp, limit: Int) throws(StoreError) -> [MediaRecord]
    /// Whether a file with these bytes is kept, by the hash of `MediaContent`; those that are to be gone do not count.
    func hasMedia(withHash hash: String) throws(StoreError) -> Bool
    /// The ids of documents that are this file, rising.
    func documents(ofMedia id: RecordID) throws(StoreError) -> [String]

    func warranty(_ id: String) throws(StoreError) -> WarrantyRecord?
    /// In the order of their ids, from after `after`.
    func warranties(after: String?, limit: Int) throws(StoreError) -> [WarrantyRecord]
    /// Those to be looked at by then, the longest overdue first.
    func warranties(dueBy time: Timestamp, limit: Int) throws(StoreError) -> [WarrantyRecord]
    func reminders(ofWarranty id: String) throws(StoreError) -> [ReminderRecord]

    /// Parts of a mailing that is not stored yet; all of them or none.
    func put(_ parts: [MailingPart]) throws(StoreError)
    /// Removes the parts of a mailing that was not stored in the end; `nil` for those of all such.
    func removeParts(withoutMailing id: RecordID?) throws(StoreError)
    /// Newest first, from before `before`.
    func mailings(before: RecordID?, limit: Int) throws(StoreError) -> [MailingRecord]
    func mailing(_ id: RecordID) throws(StoreError) -> MailingRecord?
    func progress(ofMailing id: RecordID) throws(StoreError) -> MailingProgressRecord?
    func part(_ number: Int, ofMailing id: RecordID) throws(StoreError) -> MailingPart?
    /// What became of a part; `nil` before it was worked off.
    func outcome(ofPart number: Int, ofMailing id: RecordID) throws(StoreError) -> MailingOutcome?

    /// Rows of events from after a sequence, rising.
    func eventRows(after sequence: Int64, limit: Int) throws(StoreError) -> [EventRow]
    /// The greatest sequence of a row of events; 0 without any.
    func lastEventRow() throws(StoreError) -> Int64
    /// How far a consumer of events has come; `nil` for one that never said.
    func consumer(_ name: String, ofTenant tenant: String) throws(StoreError) -> EventPosition?
    /// Moves a consumer of events on, never back; where it stands then.
    func advance(
        consumer name: String, ofTenant tenant: String, to position: EventPosition
    ) throws(StoreError) -> EventPosition

    /// Inserts a subscription.
    func put(_ subscription: SubscriptionRecord, _ progress: SubscriptionProgress) throws(StoreError)
    /// All of them, in the order of their ids.
    func subscriptions() throws(StoreError) -> [(record: SubscriptionRecord, progress: SubscriptionProgress)]
    /// With its dead letters; whether it was there.
    func removeSubscription(_ id: RecordID) throws(StoreError) -> Bool
    /// All of it or nothing; what is about subscriptions that are gone is left out.
    func save(_ changes: SubscriptionChanges) throws(StoreError)
    /// Those of a subscription from after a position, in order.
    func deadLetters(of id: RecordID, after position: EventPosition, limit: Int) throws(StoreError) -> [DeadLetter]
    /// Those that are to be sent again, by subscription and position.
    func replayedLetters() throws(StoreError) -> [DeadLetter]
}

/// A person.
public struct ContactRecord: Sendable, Hashable {
    /// The caller's id, `[A-Za-z0-9._-]{1,64}`.
    public var id: String
    /// For people; may be empty.
    public var name: String
    /// BCP 47.
    public var locale: String?
    /// IANA.
    public var timeZone: String?
    /// In the caller's order; the first of a kind is the one that is used.
    public var addresses: [ContactAddress]
    /// What the person wants of messages; `nil` when nothing is known. Kept when the contact is put again.
    public var preferences: ContactPreferences?

    /// A person without addresses.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
        addresses = []
    }

    /// Whether a text is a tag of BCP 47 with a language, and where wanted a script and a region: `en`, `fr-CH`.
    public static func isLocale(_ text: String) -> Bool { ScalarText.isLocale(text) }
}

/// A way to reach a person.
public struct ContactAddress: Sendable, Hashable {
    /// `phone`, `whatsapp` or `email`.
    public var kind: String
    /// E.164 with `+`, the id that WhatsApp gave a person, or the address of a mailbox.
    public var value: String
    /// The person has shown that it is theirs, as the caller says.
    public var verified: Bool

    /// Messages come in from it: a number, or what stands for one.
    public var isOfPerson: Bool { kind == "phone" || kind == "whatsapp" }

    /// An address of a kind.
    public init(kind: String, value: String, verified: Bool) {
        self.kind = kind
        self.value = value
        self.verified = verified
    }
}

/// A boat and its people.
public struct BoatRecord: Sendable, Hashable {
    /// The caller's id.
    public var id: String
    /// For people and for templates (`boat.name`).
    public var name: String
    /// In the caller's order.
    public var contacts: [BoatContact]

    /// A boat without people.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
        contacts = []
    }
}

/// A person's role on a boat.
public struct BoatContact: Sendable, Hashable {
    /// A contact's id.
    public var contact: String
    /// `owner`, `broker` or `other`.
    public var role: String

    /// A role of a contact.
    public init(contact: String, role: String) {
        self.contact = contact
        self.role = role
    }
}

/// An API key; the secret itself is shown once and never stored.
public struct KeyRecord: Sendable, Hashable {
    /// The public part, which a request names.
    public var id: String
    /// What the key is for, as people called it.
    public var name: String
    /// SHA-256 of the secret part, lower-case hex.
    public var hash: String
    /// What it may do, such as `messages:write`; `*` for everything.
    public var scopes: [String]
    /// Whom its messages belong to.
    public var tenant: String
    /// Calls a day; `nil` for no cap.
    public var dailyCalls: Int?
    /// Micros of the gateway's currency a day; `nil` for no cap.
    public var dailySpend: Int64?
    /// When the key was made.
    public var created: Timestamp
    /// When it stopped working; `nil` while it works.
    public var revoked: Timestamp?

    /// A key with the hash of its secret.
    public init(id: String, name: String, hash: String, scopes: [String], tenant: String, created: Timestamp) {
        self.id = id
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.tenant = tenant
        self.created = created
    }
}
