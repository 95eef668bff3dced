// New messages, and what people do to deliveries.

extension EngineCore {
    /// How long a key's answer is kept.
    static let keyLifetime = Duration.seconds(24 * 3_600)

    func take(_ input: AcceptInput, _ ticket: Int) {
        if let key = input.idempotency, let answer = earlier(key) {
            release(ticket, answer)
            return
        }
        if let key = input.dedupeKey, let open = byDedupeKey[key] {
            release(ticket, .open(open))
            return
        }
        if let look = input.reminder, !apply(look) { return release(ticket, .notFound) }
        guard isWithinCaps(input, ticket) else { return }
        if let key = input.idempotency { keep(input.answer, under: key) }
        if let key = input.dedupeKey, !input.isRejected { byDedupeKey[key] = input.message.id }
        begin(input)
        runDeferred()
        release(ticket, .accepted(input.answer))
    }

    /// The answer to a request whose effect is at a provider; the first one that is kept stays.
    func remember(_ key: IdempotencyKey, _ answer: [UInt8], _ ticket: Int) {
        if let earlier = earlier(key) {
            release(ticket, earlier)
            return
        }
        keep(answer, under: key)
        release(ticket, .replayed(answer))
    }

    func keep(_ answer: [UInt8], under key: IdempotencyKey) {
        let body = Array(key.fingerprint.utf8) + answer
        keepAnswer(AnswerRecord(key: key.key, body: body, until: now + Self.keyLifetime))
    }

    func earlier(_ key: IdempotencyKey) -> EngineAnswer? {
        guard let record = storedAnswer(key.key) else { return nil }
        let length = key.fingerprint.utf8.count
        guard record.body.count >= length, Array(record.body.prefix(length)) == Array(key.fingerprint.utf8) else {
            return .keyMismatch
        }
        return .replayed(Array(record.body.dropFirst(length)))
    }

    /// An answer of this turn or an earlier one.
    func storedAnswer(_ key: String) -> AnswerRecord? {
        if let index = newAnswers[key] { return turn.batch.answers[index] }
        let found = readNow { () throws(StoreError) in try store.answer(key) } ?? nil
        guard let record = found, record.until > now else { return nil }
        return record
    }

    func keepAnswer(_ record: AnswerRecord) {
        newAnswers[record.key] = turn.batch.answers.count
        turn.batch.answers.append(record)
    }

    /// A new delivery starts.
    func start(_ delivery: AcceptedDelivery) {
        let expires = delivery.job.envelope.expiresIn ?? delivery.plan.expires
        start(delivery, expiresAt: max(delivery.startsAt, now) + expires)
    }

    func start(_ delivery: AcceptedDelivery, expiresAt: Timestamp) {
        let id = delivery.record.id
        var state = DeliveryState(
            steps: delivery.plan.steps.count, startsAt: delivery.startsAt, expiresAt: expiresAt)
        if let lineage = delivery.job.lineage {
            state.round = lineage.round
            state.callsBefore = lineage.callsBefore
        }
        if needsReview(delivery) { state.reviewUntil = now + delivery.plan.reviewWithin }
        turn.batch.deliveries.append(delivery.record)
        turn.batch.lookUps.append(LookUpRecord(.recipient, delivery.job.recipient.number, id))
        let new = LiveDelivery(id, state: state, plan: delivery.plan, job: delivery.job)
        insert(new)
        apply(.accepted, to: new)
    }

    /// A rule refused the message: it is stored all the same.
    func refuse(_ delivery: AcceptedDelivery) {
        let id = delivery.record.id
        var state = DeliveryState(
            steps: delivery.plan.steps.count, startsAt: delivery.startsAt, expiresAt: delivery.startsAt)
        state.phase = .rejected
        turn.batch.deliveries.append(delivery.record)
        let refused = LiveDelivery(id, state: state, plan: delivery.plan, job: delivery.job)
        insert(refused)
        refused.note(.ended(.rejected, late: false))
        count { $0.ended[.rejected, default: 0] += 1 }
    }

    func take(_ action: DeliveryAction, _ id: RecordID, _ ticket: Int?) {
        let event: DeliveryEvent
        switch action {
        case .cancel: event = .cancelled
        case .acknowledge: event = .acknowledged(attempt: nil)
        }
        let isFound = applyAnywhere(event, to: id)
        // What came of a delivery that has ended itself.
        if action == .cancel { for relative in relatives.derived(from: id) { deferred.append((relative, .cancelled)) } }
        runDeferred()
        guard let ticket else { return }
        guard isFound, let phase = loaded(id)?.state.phase else {
            release(ticket, .notFound)
            return
        }
        release(ticket, .acted(phase))
    }

    /// A new configuration runs: senders, credentials and zones may have changed; plans stay.
    func reload(_ directory: any DispatchDirectory) {
        self.directory = directory
        configureBudgets()
        isBoardStale = true
        readBoard()
        for delivery in live.values { delivery.known = nil }
        for delivery in revived.values { delivery.known = nil }
        turn.batch.snapshots.append(directory.snapshotRecord)
        configureLanes()
        for channel in laneOrder { breakers[channel]?.probeNow() }
        for provider in providerOrder { providerBreakers[provider]?.probeNow() }
        recheckHeld()
        runDeferred()
    }
}
