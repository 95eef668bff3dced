// How an event changes a delivery, and what becomes of `decide`'s commands.

extension EngineCore {
    /// Runs `decide` for an open delivery; unknown ones are ignored.
    func apply(_ event: DeliveryEvent, to id: RecordID) {
        guard let current = live[id] else { return }
        let mark = CrashMark(delivery: id, event: event.fingerprint(in: current.state))
        guard !isBarred(event, mark, current.state) else { return }
        remember(id, current)
        recorded(mark) {
            let (next, commands) = run(event, current)
            live[id] = next
            carryOut(commands, id)
            noteClock(id, since: current.state)
            settle(id)
        }
    }

    /// A clock that the step did not have before belongs into the timeline.
    private func noteClock(_ id: RecordID, since before: DeliveryState) {
        guard let state = live[id]?.state, state.phase == .active, state.current < state.steps.count,
            let clock = state.steps[state.current].clock, before.steps[state.current].clock != clock
        else { return }
        notes[id, default: []].append(.clockSet(step: state.current, clock.kind, due: clock.due))
    }

    private func run(_ event: DeliveryEvent, _ current: Live) -> (Live, [DeliveryCommand]) {
        var next = current
        let facts = EngineFacts(core: self, fixed: current.fixed, now: now, jitter: random.unit())
        let commands = decide(&next.state, event, plan: current.plan, facts: facts, now: now)
        return (next, commands)
    }

    /// A late event for an ended delivery: it is read, decided, and written back.
    func applyLate(_ event: DeliveryEvent, to id: RecordID) -> Bool {
        guard let ended = revived[id] ?? readEnded(id) else { return false }
        let mark = CrashMark(delivery: id, event: event.fingerprint(in: ended.state))
        guard !isBarred(event, mark, ended.state) else { return true }
        recorded(mark) {
            let (next, commands) = run(event, ended)
            revived[id] = next
            if before[id] == nil { dirty.append(id) }
            before.updateValue(nil, forKey: id)
            carryOut(commands, id)
        }
        return true
    }

    func readEnded(_ id: RecordID) -> Live? {
        do throws(StoreError) {
            guard let record = try store.closed(id), let bodies = try store.body(of: id) else { return nil }
            let job = try JobCodec.job(bodies.delivery, bodies.message)
            guard let plan = directory.plan(for: job) else { return nil }
            let state = try StateCodec.decode(record.blob)
            guard state.steps.count == plan.steps.count else { return nil }
            return Live(state: state, plan: plan, job: job)
        } catch {
            return nil
        }
    }

    /// What a delivery is now, open or touched in this turn.
    func current(_ id: RecordID) -> Live? { live[id] ?? revived[id] ?? readEnded(id) }

    /// An event for a delivery in whatever state; whether it was found.
    @discardableResult
    func applyAnywhere(_ event: DeliveryEvent, to id: RecordID) -> Bool {
        guard live[id] == nil else {
            apply(event, to: id)
            return true
        }
        return applyLate(event, to: id)
    }

    func remember(_ id: RecordID, _ current: Live?) {
        guard before[id] == nil else { return }
        before.updateValue(current, forKey: id)
        dirty.append(id)
    }

    /// A delivery that this turn creates.
    func insert(_ id: RecordID, _ new: Live) {
        remember(id, nil)
        live[id] = new
        byNumber[new.job.recipient.number, default: []].append(id)
    }

    /// Keeps the indexes in step with the state: a held step, and an ambiguous one, look again when a circuit changes.
    func settle(_ id: RecordID) {
        guard let delivery = live[id] else { return }
        let isHeld =
            delivery.state.current < delivery.state.steps.count
            && delivery.state.steps[delivery.state.current].status.waitsForProvider
        if isHeld { held.insert(id) } else { held.remove(id) }
    }

    // MARK: commands

    func carryOut(_ commands: [DeliveryCommand], _ id: RecordID) {
        for command in commands { carryOut(command, id) }
    }

    private func carryOut(_ command: DeliveryCommand, _ id: RecordID) {
        switch command {
        case .enqueue(let step): enqueue(id, step)
        case .leaveLane(let step): leaveLane(id, step)
        case .send(let attempt): send(id, attempt)
        case .lookUp(let attempt): lookUp(id, attempt)
        case .poll(let attempt): poll(id, attempt)
        case .recall(let attempt): recall(id, attempt)
        case .arm(let timer):
            if let timer { heap.insert(.init(due: timer.due, delivery: id, generation: timer.generation)) }
        case .openReview(let reason): openReview(id, reason)
        case .closeReview: closeReview(id)
        case .tellOperations(let notice): tell(notice, id)
        case .stopSender(let step): stopSender(id, step)
        case .markUnfit(let step): mark(id, .unfit, scope: channel(id, step), for: .seconds(30 * 86_400))
        case .markNumberBad: mark(id, .bad, scope: "*", for: .seconds(30 * 86_400))
        case .withdrawConsent(let step): if let sender = sender(id, step) { withdrawConsent(id, sender: sender) }
        case .exhausted(let action): exhausted(id, action)
        case .note(let line): record(line, id)
        }
    }

    private func record(_ line: DeliveryNote, _ id: RecordID) {
        switch line {
        case .duplicateReport: count { $0.duplicateReports += 1 }
        case .staleTimer: return
        case .possibleDuplicate: count { $0.possibleDuplicates += 1 }
        case .duplicateExposure: count { $0.duplicateExposures += 1 }
        case .ended(let phase, _): ended(id, phase)
        case .progress(let attempt, .ended): callEnded(id, attempt)
        case .outcome(let attempt, _, _), .refused(let attempt, _, _): callEnded(id, attempt)
        default: break
        }
        notes[id, default: []].append(line)
    }

    private func ended(_ id: RecordID, _ phase: DeliveryPhase) {
        count { $0.ended[phase, default: 0] += 1 }
        if phase == .acked { withdrawExhausted(id) }
        let policy = (live[id] ?? revived[id])?.job.policy ?? ""
        turn.notices.append(.closed(delivery: id, phase, policy: policy))
    }

    func job(_ id: RecordID) -> DeliveryJob? { (live[id] ?? revived[id])?.job }

    private func channel(_ id: RecordID, _ step: Int) -> String {
        (live[id] ?? revived[id])?.plan.steps[step].channel ?? ""
    }

    private func sender(_ id: RecordID, _ step: Int) -> String? {
        guard let delivery = live[id] ?? revived[id] else { return nil }
        if case .sender(let settings) = directory.route(of: delivery.job, step: delivery.plan.steps[step]) {
            return settings.sender
        }
        return directory.snapshotSender(of: delivery.job, step: step)
    }

    private func mark(_ id: RecordID, _ kind: AddressMark.Kind, scope: String, for span: Duration) {
        guard let number = job(id)?.recipient.number else { return }
        keep(AddressMark(number: number, kind: kind, scope: scope, at: now, until: now + span))
    }

    func keep(_ mark: AddressMark) {
        book.set(mark, now: now)
        turn.batch.marks.append(mark)
    }

    private func tell(_ notice: OperationsNotice, _ id: RecordID) {
        guard let delivery = live[id] ?? revived[id], delivery.state.current < delivery.plan.steps.count else { return }
        let channel = delivery.plan.steps[delivery.state.current].channel
        switch notice {
        case .senderStopped: turn.notices.append(.senderStopped(channel: channel))
        case .requestFault:
            let code = delivery.state.attempts.last?.code ?? 0
            turn.notices.append(.requestFault(channel: channel, code: code))
        }
    }

    // MARK: reviews and endings

    private func openReview(_ id: RecordID, _ reason: ReviewReason) {
        count { $0.reviews += 1 }
        turn.batch.reviews.append(
            ReviewRecord(
                id: ids.next(at: now), delivery: id, reason: reason.word, isOpen: true, created: now))
    }

    private func closeReview(_ id: RecordID) {
        for index in turn.batch.reviews.indices where turn.batch.reviews[index].delivery == id {
            turn.batch.reviews[index].isOpen = false
            turn.batch.reviews[index].closed = now
        }
        guard var review = try? store.openReview(of: id) else { return }
        review.isOpen = false
        review.closed = now
        turn.batch.reviews.append(review)
    }

    private func exhausted(_ id: RecordID, _ action: ExhaustedAction) {
        switch action {
        case .nothing, .review: break
        case .webhook(let url): tellExhausted(id, url: url)
        case .policy(let name): followUp(id, policy: name)
        }
    }

    /// Another policy takes over: a new delivery of the same message.
    private func followUp(_ id: RecordID, policy: String) {
        guard var job = job(id) else { return }
        job.policy = policy
        job.delivery = ids.next(at: now)
        job.created = now
        guard let plan = directory.plan(for: job) else { return }
        let record = DeliveryRecord(id: job.delivery, message: job.message, body: JobCodec.delivery(job))
        start(AcceptedDelivery(record: record, job: job, plan: plan, startsAt: now))
    }

    func recheckHeld() {
        for id in held.sorted() { apply(.recheck, to: id) }
    }

    // MARK: the batch

    /// One state row and one event row for each delivery that the turn touched.
    func collect() {
        for id in dirty {
            guard var delivery = live[id] ?? revived[id] else { continue }
            if let lines = notes[id], !lines.isEmpty {
                let blob = EventCodec.encode(lines, previous: delivery.state.lastEvent, at: now)
                turn.batch.events.append(EventRecord(sequence: nextEvent, delivery: id, blob: blob))
                delivery.state.lastEvent = nextEvent
                nextEvent += 1
            }
            let record = StateRecord(delivery: id, blob: StateCodec.encode(delivery.state))
            if delivery.state.phase.isTerminal {
                turn.batch.closed.append(record)
                forget(id, delivery)
            } else {
                turn.batch.states.append(record)
                live[id] = delivery
            }
        }
    }

    private func forget(_ id: RecordID, _ delivery: Live) {
        live[id] = nil
        held.remove(id)
        let number = delivery.job.recipient.number
        byNumber[number]?.removeAll { $0 == id }
        if byNumber[number]?.isEmpty == true { byNumber[number] = nil }
        if let key = dedupeKey(of: delivery.job), byDedupeKey[key] == delivery.job.message,
            !hasOpenSibling(delivery.job)
        {
            byDedupeKey[key] = nil
        }
    }

    private func hasOpenSibling(_ job: DeliveryJob) -> Bool {
        guard job.message != job.delivery else { return false }
        let siblings = (try? store.deliveries(ofMessage: job.message)) ?? []
        return siblings.contains { $0 != job.delivery && live[$0] != nil }
    }

    func dedupeKey(of job: DeliveryJob) -> String? {
        job.envelope.dedupeKey.map { job.envelope.tenant + ":" + $0 }
    }
}
