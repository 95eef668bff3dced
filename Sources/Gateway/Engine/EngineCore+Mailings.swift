// Mailings: many recipients under one envelope. Their parts rest in the store and become messages one part at a time,
// and only while few of those that did still wait (docs/decisions/0049-a-batch-is-worked-off-in-parts.md).

extension EngineCore {
    /// How many deliveries of one mailing wait in memory before its next part is looked at.
    static let mailingBusyLimit = 2_000
    /// The same for all mailings together.
    static let mailingsBusyLimit = 10_000
    /// How long until work is asked for again that the store did not allow.
    static let mailingPause = Duration.seconds(1)

    // MARK: inputs

    func take(_ input: MailingInput, _ ticket: Int) {
        if let key = input.idempotency, let answer = earlier(key) {
            release(ticket, answer)
            return
        }
        if let key = input.idempotency { keep(input.answer, under: key) }
        turn.batch.mailings.append(input.record)
        touchMailing(input.record.id)
        mailings[input.record.id] = LiveMailing(input.progress)
        release(ticket, .accepted(input.answer))
    }

    func take(_ slice: MailingSlice) {
        let id = slice.work.mailing
        // What came too late for a roll-back of something else is asked for again.
        guard mailings[id]?.underWay == slice.work else { return }
        touchMailing(id)
        mailings[id]?.underWay = nil
        switch slice.result {
        case .failed: mailings[id]?.notBefore = now + Self.mailingPause
        case .recipients(let entries) where slice.work.kind == .accept:
            // It was cancelled meanwhile.
            guard mailings[id]?.progress.isCancelled == false else { return }
            accept(entries, slice.work)
        case .deliveries(let ids) where slice.work.kind == .recall:
            for delivery in ids { cancelOpen(delivery) }
            mailings[id]?.progress.recalled += 1
        case .recipients, .deliveries: break
        }
        runDeferred()
    }

    /// Nothing more is sent for a mailing; what has begun is cancelled part by part.
    func cancelMailing(_ id: RecordID, _ ticket: Int) {
        guard touchMailing(id) else {
            release(ticket, .notFound)
            return
        }
        if mailings[id]?.progress.isOpen == true { mailings[id]?.progress.isCancelled = true }
        mailings[id]?.notBefore = nil
        release(ticket, .recorded)
    }

    private func cancelOpen(_ id: RecordID) {
        if let delivery = open(id) { apply(.cancelled, to: delivery) }
        for relative in relatives.derived(from: id) { deferred.append((relative, .cancelled)) }
    }

    // MARK: parts

    private func accept(_ entries: [MailingEntry], _ work: MailingWork) {
        var progress = mailings[work.mailing]?.progress ?? MailingProgress(recipients: 0, parts: 0)
        let results = entries.map { result(of: $0, &progress) }
        progress.worked += 1
        mailings[work.mailing]?.progress = progress
        turn.batch.mailingOutcomes.append(
            MailingOutcome(mailing: work.mailing, part: work.part, body: MailingResult.encode(results)))
    }

    private func result(of entry: MailingEntry, _ progress: inout MailingProgress) -> MailingResult {
        switch entry {
        case .refused(let rejection, let isKnown):
            if !isKnown { progress.rejections[rejection.code, default: 0] += 1 }
            return .rejected(rejection, message: nil)
        case .message(let input, let rejection?):
            progress.rejections[rejection.code, default: 0] += 1
            insert(input)
            return .rejected(rejection, message: input.message.id)
        case .message(let input, nil):
            guard readNow({ () throws(StoreError) in try pays(input) }) == true else {
                let rejection = MailingRejection(
                    code: "cap_reached", detail: "This key's daily cap on calls or spend is reached.")
                progress.rejections[rejection.code, default: 0] += 1
                return .rejected(rejection, message: nil)
            }
            progress.accepted += 1
            insert(input)
            return .accepted(input.message.id)
        }
    }

    private func insert(_ input: AcceptInput) {
        turn.batch.messages.append(input.message)
        for delivery in input.deliveries {
            if input.isRejected { refuse(delivery) } else { start(delivery, expiresAt: end(of: delivery)) }
        }
        count { $0.accepted += 1 }
    }

    /// A part may wait long for its turn: `expires` runs from when the mailing was accepted, or from `send_at`.
    private func end(of delivery: AcceptedDelivery) -> Timestamp {
        let envelope = delivery.job.envelope
        let planned = max(delivery.job.created, envelope.sendAt ?? delivery.job.created)
        let begin = delivery.startsAt > now ? delivery.startsAt : planned
        return begin + (envelope.expiresIn ?? delivery.plan.expires)
    }

    // MARK: work

    /// What other threads are to do once the turn is committed. While bulk is refused nothing becomes messages either.
    func assignMailingWork() {
        listMailings()
        guard !mailingOrder.isEmpty else { return }
        var busy = mailings.values.reduce(0) { $0 + $1.busy }
        for id in mailingOrder {
            guard let work = dueWork(id, busy: busy) else { continue }
            if work.kind == .accept { busy += MailingHead.usualPartSize }
            touchMailing(id)
            mailings[id]?.underWay = work
            mailings[id]?.notBefore = nil
            turn.work.append(work)
        }
        // Whose turn came goes to the end, so that none waits for all of another.
        let served = turn.work.map(\.mailing)
        if !served.isEmpty { mailingOrder = mailingOrder.filter { !served.contains($0) } + served }
    }

    private func dueWork(_ id: RecordID, busy: Int) -> MailingWork? {
        guard let mailing = mailings[id], mailing.underWay == nil, let work = mailing.next(id),
            mailing.notBefore.map({ $0 <= now }) ?? true
        else { return nil }
        let hasRoom = !isUnderPressure && mailing.busy < Self.mailingBusyLimit && busy < Self.mailingsBusyLimit
        return work.kind == .recall || hasRoom ? work : nil
    }

    /// Those that this turn opened, or that something late opened again, get their turns too.
    private func listMailings() {
        for id in touchedMailings where mailings[id]?.progress.isOpen == true && !mailingOrder.contains(id) {
            mailingOrder.append(id)
        }
    }

    /// When work is asked for again that could not be done.
    var nextMailingWork: Timestamp? {
        mailingOrder.compactMap { mailings[$0]?.notBefore }.filter { $0 > now }.min()
    }

    // MARK: counting

    /// A delivery is as the commit will have it.
    func countInMailing(_ delivery: LiveDelivery) {
        let (before, after) = (delivery.share, shareInMailing(delivery))
        guard before != after, let id = delivery.job.mailing, touchMailing(id) else { return }
        if let phase = after.phase, phase != before.phase, phase != .rejected, delivery.job.lineage == nil {
            mailings[id]?.progress.move(from: before.phase, to: phase)
        }
        if after.isBusy != before.isBusy { mailings[id]?.busy += after.isBusy ? 1 : -1 }
        delivery.share = after
    }

    func shareInMailing(_ delivery: LiveDelivery) -> MailingShare {
        let phase = delivery.state.phase
        return MailingShare(phase: phase, isBusy: !phase.isTerminal && !delivery.isIdle)
    }

    /// An open delivery was read at the start.
    func rejoinMailing(_ delivery: LiveDelivery) {
        guard let id = delivery.job.mailing else { return }
        delivery.share = shareInMailing(delivery)
        if delivery.share.isBusy { mailings[id]?.busy += 1 }
    }

    /// Before the turn's first change of a mailing; reads one that was closed. `false` for an unknown one.
    @discardableResult
    func touchMailing(_ id: RecordID) -> Bool {
        if undo.mailings[id] == nil {
            undo.mailings[id] = .some(mailings[id])
            touchedMailings.append(id)
        }
        if mailings[id] != nil { return true }
        let found = readNow { () throws(StoreError) in
            try store.mailingProgress(id).map { (record) throws(StoreError) in try MailingProgress(record.blob) }
        }
        guard let progress = found ?? nil else { return false }
        mailings[id] = LiveMailing(progress)
        return true
    }

    /// What the commit stores of mailings.
    func collectMailings() {
        for id in touchedMailings {
            guard let mailing = mailings[id], mailing.progress != (undo.mailings[id] ?? nil)?.progress else { continue }
            turn.batch.mailingProgress.append(MailingProgressRecord(id, mailing.progress))
            let wasOpen = (undo.mailings[id] ?? nil)?.progress.isOpen ?? true
            if wasOpen, !mailing.progress.isOpen { publishEnd(ofMailing: id, mailing.progress) }
        }
    }

    // MARK: start and failed commits

    func loadMailings() throws(StoreError) {
        for record in try store.openMailings() {
            mailings[record.mailing] = LiveMailing(try MailingProgress(record.blob))
            mailingOrder.append(record.mailing)
        }
    }

    /// The last turn is committed: those that closed leave memory, those that opened get their turns.
    func settleMailings() {
        guard !touchedMailings.isEmpty else { return }
        for id in touchedMailings where mailings[id]?.progress.isOpen == false { mailings[id] = nil }
        mailingOrder.removeAll { mailings[$0] == nil }
        touchedMailings = []
    }

    func restoreMailings() {
        for id in touchedMailings { mailings[id] = undo.mailings[id] ?? nil }
        mailingOrder.removeAll { mailings[$0] == nil }
        touchedMailings = []
    }
}
