/// What is to be done for a mailing next. It reads the store and renders texts, so another thread does it and comes back
/// with what it found; the engine decides and commits.
public struct MailingWork: Sendable, Hashable {
    /// What is done with a part.
    public enum Kind: Sendable, Hashable {
        /// Its recipients become messages.
        case accept
        /// What came of it is cancelled.
        case recall
    }

    /// Whose part.
    public var mailing: RecordID
    /// Which one, from 0.
    public var part: Int
    /// What is done with it.
    public var kind: Kind
}

/// A mailing to be accepted; its parts are in the store already.
public struct MailingInput: Sendable {
    /// What is stored of it.
    public var record: MailingRecord
    /// How far it is: some recipients may have been refused when they were read.
    public var progress: MailingProgress
    /// The whole answer to the request, rendered.
    public var answer: [UInt8]
    /// The tenant's idempotency key with the fingerprint of the body.
    public var idempotency: IdempotencyKey?

    /// A mailing with the answer to its request.
    public init(
        record: MailingRecord, progress: MailingProgress, answer: [UInt8], idempotency: IdempotencyKey? = nil
    ) {
        self.record = record
        self.progress = progress
        self.answer = answer
        self.idempotency = idempotency
    }
}

/// What became of a piece of work.
public struct MailingSlice: Sendable {
    /// What was asked for.
    public var work: MailingWork
    /// What was found.
    public var result: Result

    /// What there is for the engine to do.
    public enum Result: Sendable {
        /// One entry for each recipient of the part, in order.
        case recipients([MailingEntry])
        /// Deliveries to cancel.
        case deliveries([RecordID])
        /// The store cannot be read now.
        case failed
    }

    /// The result of a piece of work.
    public init(_ work: MailingWork, _ result: Result) {
        self.work = work
        self.result = result
    }
}

/// One recipient of a part, routed and planned.
public enum MailingEntry: Sendable {
    /// No message goes to the recipient.
    /// - isKnown: it was refused when the mailing was read, and is counted.
    case refused(MailingRejection, isKnown: Bool)
    /// A message; where a rule refused it, with the reason.
    case message(AcceptInput, MailingRejection?)
}
