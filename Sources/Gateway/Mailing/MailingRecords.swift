// A batch of the API, one message to many recipients, is called a mailing in the code: a `Batch` is what one commit
// changes (docs/decisions/0049-a-batch-is-worked-off-in-parts.md).

/// What is fixed about a mailing.
public struct MailingRecord: Sendable, Hashable {
    /// Names the mailing; rises with time, in one space with messages.
    public var id: RecordID
    /// When it was accepted; clocks of its messages run from here.
    public var created: Timestamp
    /// The encoded `MailingHead`.
    public var body: [UInt8]

    /// A row of `mailing`.
    public init(id: RecordID, created: Timestamp, body: [UInt8]) {
        self.id = id
        self.created = created
        self.body = body
    }
}

/// Some recipients of a mailing, as they were handed in. Parts are stored before their mailing: without it they are
/// rubbish that the next start removes.
public struct MailingPart: Sendable, Hashable {
    /// The mailing that it is a part of.
    public var mailing: RecordID
    /// Counted from 0.
    public var number: Int
    /// A JSON array with one element for each recipient.
    public var body: [UInt8]

    /// A row of `mailing_part`.
    public init(mailing: RecordID, number: Int, body: [UInt8]) {
        self.mailing = mailing
        self.number = number
        self.body = body
    }
}

/// What became of the recipients of a part: stored with the messages that came of them, so a part is worked off once.
public struct MailingOutcome: Sendable, Hashable {
    /// The mailing that it is a part of.
    public var mailing: RecordID
    /// The part's number.
    public var part: Int
    /// The encoded `[MailingResult]`.
    public var body: [UInt8]

    /// A row of `mailing_outcome`.
    public init(mailing: RecordID, part: Int, body: [UInt8]) {
        self.mailing = mailing
        self.part = part
        self.body = body
    }
}

/// How far a mailing is.
public struct MailingProgressRecord: Sendable, Hashable {
    /// Whose progress it is.
    public var mailing: RecordID
    /// The encoded `MailingProgress`.
    public var blob: [UInt8]
    /// Something of it is still to be done, or not ended.
    public var isOpen: Bool

    /// A row of `mailing_progress`.
    public init(mailing: RecordID, blob: [UInt8], isOpen: Bool) {
        self.mailing = mailing
        self.blob = blob
        self.isOpen = isOpen
    }

    /// The row of a progress.
    public init(_ mailing: RecordID, _ progress: MailingProgress) {
        self.init(mailing: mailing, blob: progress.encoded, isOpen: progress.isOpen)
    }
}
