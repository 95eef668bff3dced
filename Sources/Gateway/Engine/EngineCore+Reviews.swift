// Questions to people: opened and closed with what they are about, and answered by a caller of the API.

/// A person's answer to a review.
public struct ReviewAnswer: Sendable {
    /// The review.
    public var review: RecordID
    /// What the person decided.
    public var verdict: ReviewRecord.Verdict
    /// The id of the API key with which it came.
    public var key: String
    /// The message with which the person replied to whoever wrote or called.
    public var reply: RecordID?
    /// The contact that they are linked to, and what came in as it is stored then.
    public var link: (contact: String, inbound: InboundRecord)?

    /// An answer.
    public init(_ verdict: ReviewRecord.Verdict, of review: RecordID, by key: String) {
        self.review = review
        self.verdict = verdict
        self.key = key
    }
}

extension EngineCore {
    /// Rounds and other people come of what was approved; another policy that takes over has its own say.
    func needsReview(_ delivery: AcceptedDelivery) -> Bool {
        guard let lineage = delivery.job.lineage else { return delivery.needsReview || delivery.plan.needsReview }
        return delivery.plan.needsReview && lineage.kind == .followUp
    }

    func openReview(_ id: RecordID, _ reason: ReviewReason) {
        count { $0.reviews += 1 }
        let review = ReviewRecord(
            id: ids.next(at: now), delivery: id, reason: reason.word, isOpen: true, created: now)
        turn.batch.reviews.append(review)
        publish(.reviewOpened, review)
    }

    /// What the open review of a delivery asks is moot, unless the turn holds a person's answer to it.
    func closeReview(_ id: RecordID) {
        for index in turn.batch.reviews.indices
        where turn.batch.reviews[index].delivery == id && turn.batch.reviews[index].isOpen {
            turn.batch.reviews[index].isOpen = false
            turn.batch.reviews[index].closed = now
            publish(.reviewClosed, turn.batch.reviews[index])
        }
        guard var review = readNow({ () throws(StoreError) in try store.openReview(of: id) }) ?? nil,
            !turn.batch.reviews.contains(where: { $0.id == review.id })
        else { return }
        review.isOpen = false
        review.closed = now
        turn.batch.reviews.append(review)
        publish(.reviewClosed, review)
    }

    // MARK: answers

    func take(_ answer: ReviewAnswer, _ ticket: Int) {
        guard var review = review(answer.review) else { return release(ticket, .notFound) }
        guard review.isOpen else { return release(ticket, .reviewClosed(review)) }
        guard answer.verdict == .approved || answer.verdict == .dismissed || review.inbound != nil else {
            return release(ticket, .nothingToApprove)
        }
        if answer.verdict == .approved {
            guard let id = review.delivery, open(id)?.state.awaitsApproval == true else {
                return release(ticket, .nothingToApprove)
            }
        }
        review.isOpen = false
        review.closed = now
        review.verdict = answer.verdict
        review.closedBy = answer.key
        review.reply = answer.reply
        if let link = answer.link {
            review.contact = link.contact
            turn.batch.inbound.append(link.inbound)
        }
        turn.batch.reviews.removeAll { $0.id == review.id }
        turn.batch.reviews.append(review)
        publish(.reviewClosed, review)
        if let id = review.delivery, answer.verdict == .approved || answer.verdict == .dismissed {
            applyAnywhere(answer.verdict == .approved ? .approved : .dismissed, to: id)
        }
        runDeferred()
        release(ticket, .reviewed(review))
    }

    /// A review as this turn leaves it.
    private func review(_ id: RecordID) -> ReviewRecord? {
        if let changed = turn.batch.reviews.last(where: { $0.id == id }) { return changed }
        return readNow { () throws(StoreError) in try store.review(id) } ?? nil
    }
}
