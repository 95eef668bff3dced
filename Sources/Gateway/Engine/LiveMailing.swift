/// A mailing in memory: it has work, or deliveries that have not ended, or something late just happened to one.
struct LiveMailing {
    var progress: MailingProgress
    /// What another thread does for it now; a part is worked by one at a time.
    var underWay: MailingWork?
    /// Its deliveries in memory that do not rest: those that wait for a lane, a provider or a person.
    var busy = 0
    /// Not before then: the store could not be read.
    var notBefore: Timestamp?

    init(_ progress: MailingProgress) { self.progress = progress }

    /// Recipients of whom something is still to be decided.
    var waitingRecipients: Int { progress.isCancelled ? 0 : progress.waiting }

    /// What is to be done next.
    func next(_ id: RecordID) -> MailingWork? {
        guard progress.hasWork else { return nil }
        return progress.isCancelled
            ? MailingWork(mailing: id, part: progress.recalled, kind: .recall)
            : MailingWork(mailing: id, part: progress.worked, kind: .accept)
    }
}

/// What a delivery counts as in its mailing.
struct MailingShare: Equatable {
    /// `nil` before its first commit.
    var phase: DeliveryPhase?
    var isBusy = false
}
