// How far receipts can be trusted, learned from what comes of texts (docs/decisions/0044-receipts-are-learned.md).

extension EngineCore {
    /// Notes what an event proved about an attempt: that its text was sent, and that a report came after that. It counts
    /// once the turn is committed.
    func learn(_ event: DeliveryEvent, _ delivery: LiveDelivery, before: DeliveryState) {
        guard let ordinal = event.attempt, before.attempts.indices.contains(ordinal) else { return }
        let (old, new) = (before.attempts[ordinal].level, delivery.state.attempts[ordinal].level)
        let (oldOutcome, outcome) = (before.attempts[ordinal].outcome, delivery.state.attempts[ordinal].outcome)
        guard old < .delivered, old != new || oldOutcome != outcome else { return }
        let isSent = old < .sent && new >= .sent
        let isReport = new >= .delivered || (new == .sent && oldOutcome == nil && outcome.isReport)
        guard isSent || isReport, let key = receiptKey(delivery, ordinal) else { return }
        if isSent { learned.append(.init(key: key, isReport: false)) }
        if isReport { learned.append(.init(key: key, isReport: true)) }
    }

    /// `nil` for calls, where nothing says `sent`, and while a circuit knows that texts do not arrive.
    private func receiptKey(_ delivery: LiveDelivery, _ ordinal: Int) -> LearnedReceipts.Key? {
        let entry = delivery.entry(ofAttempt: ordinal)
        guard entry.intrusiveness == .text, entry.reportsSent, let country = delivery.job.recipient.country else {
            return nil
        }
        if !receipts.troubles.isEmpty, let route = receiptRoute(delivery, entry), receipts.isTroubled(route) {
            return nil
        }
        return .init(channel: entry.channel, country: country)
    }

    /// Before a turn: what the last one learned is committed, so it counts.
    func takeLearned() {
        receiptChanges = carriedReceiptChanges
        carriedReceiptChanges = []
        if receiptNews.contains(where: \.isOpen) { forgetYoung() }
        guard !learned.isEmpty else { return }
        receiptChanges += receiptMemory.take(learned, at: now)
        learned.removeAll(keepingCapacity: true)
    }

    /// What a circuit found is no property of the receipts.
    private func forgetYoung() {
        for news in receiptNews where news.isOpen {
            let channels = laneOrder.filter {
                guard let settings = lanes[$0]?.settings else { return false }
                return settings.provider == news.route.provider && settings.kind == news.route.kind
            }
            receiptMemory.forgetYoung(channels.map { .init(channel: $0, country: news.route.country) })
        }
    }

    /// Tells whose receipts are worth something else now.
    func tellReceipts() {
        for key in receiptChanges {
            turn.notices.append(
                .receipts(channel: key.channel, country: key.country, receiptMemory.doubtful[key] ?? .reliable))
        }
    }

    /// Whether there is a channel whose receipts are doubted.
    var doubtsReceipts: Bool { !receiptMemory.doubtful.isEmpty }

    /// Whether a text over a channel counts as having weak receipts, although its plan does not say so. What channels.yaml
    /// says is not doubted.
    func doubtsReceipts(_ delivery: LiveDelivery, _ entry: PlanStep) -> Bool {
        guard doubtsReceipts, entry.intrusiveness == .text, entry.receipts == .reliable,
            let country = delivery.job.recipient.country,
            receiptMemory.doubtful[.init(channel: entry.channel, country: country)] != nil
        else { return false }
        return directory.configuredReceipts(channel: entry.channel, country: country) == nil
    }

    /// What the turn's commit writes beside its own; never a commit for this alone.
    func saveReceipts() {
        guard !turn.batch.isEmpty else { return }
        turn.batch.receipts = receiptMemory.save(at: now)
    }
}

extension DeliveryEvent {
    /// The attempt that evidence is about.
    fileprivate var attempt: Int? {
        switch self {
        case .result(let attempt, _), .lookedUp(let attempt, _), .polled(let attempt, _), .report(let attempt, _):
            attempt
        default: nil
        }
    }
}

extension Optional<AttemptOutcome> {
    /// The provider said what became of the text.
    fileprivate var isReport: Bool { self == .failed || self == .undelivered }
}
