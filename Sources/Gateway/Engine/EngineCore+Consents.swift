// Consent: what people said to senders, by STOP and START, by a provider's refusal, or through the API.

extension EngineCore {
    /// What callers recorded; whoever waits is told once it is durable.
    func take(_ consents: [ConsentRecord], ofContact contact: String?, by key: String, _ ticket: Int) {
        for consent in consents { record(consent, from: .contact(contact, key: key)) }
        runDeferred()
        release(ticket, .recorded)
    }

    /// What a person said by STOP or START. Who starts again what was stopped for every sender, starts this one too.
    func record(_ consent: SpokenConsent, of message: InboundMessage, from source: ConsentSource) {
        for sender in consent.isForAll ? [message.to, "*"] : [message.to] {
            record(
                ConsentRecord(number: message.from, sender: sender, isGranted: consent.isGranted, since: now),
                from: source)
        }
    }

    /// Keeps a statement unless a later one is known. A withdrawal ends what is open on that sender.
    func record(_ consent: ConsentRecord, from source: ConsentSource) {
        guard keepLatest(consent, from: source), !consent.isGranted else { return }
        let isForAll = consent.sender == "*"
        let channels = directory.lanes.filter { $0.sender == consent.sender }.map(\.channel)
        for id in openDeliveries(to: consent.number) {
            guard let delivery = open(id), !directory.ignoresOptOut(delivery.job) else { continue }
            apply(.optedOut(channels: isForAll ? nil : channels), to: delivery)
        }
    }

    /// `false` when a later statement is known. The history has every statement.
    private func keepLatest(_ consent: ConsentRecord, from source: ConsentSource) -> Bool {
        let known = book.consent(consent.number, sender: consent.sender, now: now)
        let isIgnored = known.map { $0.since > consent.since } ?? false
        turn.batch.consentHistory.append(
            ConsentStatement(
                id: ids.next(at: now), at: now, consent, from: source.ofStatement, isIgnored: isIgnored))
        if isIgnored { return false }
        if known?.isGranted != consent.isGranted { publish(consent, from: source) }
        for mark in consent.marks { keep(mark) }
        return true
    }

    /// A provider refused because the person withdrew consent: the delivery itself goes on as `decide` said.
    func withdrawConsent(_ delivery: LiveDelivery, sender: String) {
        let number = delivery.job.recipient.number
        _ = keepLatest(
            ConsentRecord(number: number, sender: sender, isGranted: false, since: now), from: .delivery(delivery.job))
    }

    /// Why consent bars a step; `nil` when it does not.
    /// - Parameter ownOnly: assumed consent does not count, because the person withdrew it from another sender.
    func consentBar(_ job: DeliveryJob, _ lane: LaneSettings, ownOnly: Bool) -> SkipReason? {
        guard !directory.ignoresOptOut(job) else { return nil }
        let number = job.recipient.number
        if book.isOptedOut(number, sender: lane.sender, now: now) { return .optedOut }
        guard lane.requiresConsent || ownOnly else { return nil }
        return book.hasConsent(number, sender: lane.sender, now: now) ? nil : .noConsent
    }
}
