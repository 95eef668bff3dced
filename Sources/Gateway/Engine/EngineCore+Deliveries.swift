// How an event changes a delivery, and what becomes of `decide`'s commands.

extension EngineCore {
    /// Runs `decide` for an open delivery; unknown ones are ignored.
    func apply(_ event: DeliveryEvent, to id: RecordID) {
        if let delivery = open(id) { apply(event, to: delivery) }
    }

    func apply(_ event: DeliveryEvent, to delivery: LiveDelivery) {
        let mark = CrashMark(delivery: delivery.id, event: event.fingerprint(in: delivery.state))
        guard !isBarred(event, mark, delivery) else { return }
        touch(delivery, from: .open(delivery.state))
        recorded(mark) {
            let before = delivery.state
            let commands = run(event, delivery)
            observe(event, commands, delivery, before: before)
            learn(event, delivery, before: before)
            bookCosts(delivery, since: before, commands)
            carryOut(commands, delivery)
            noteClock(delivery, since: before)
            settle(delivery)
        }
    }

    /// A clock that the step did not have before belongs into the timeline.
    private func noteClock(_ delivery: LiveDelivery, since before: DeliveryState) {
        let state = delivery.state
        guard state.phase == .active, state.current < state.steps.count,
            let clock = state.steps[state.current].clock, before.steps[state.current].clock != clock
        else { return }
        delivery.note(.clockSet(step: state.current, clock.kind, due: clock.due))
    }

    private func run(_ event: DeliveryEvent, _ delivery: LiveDelivery) -> [DeliveryCommand] {
        let facts = EngineFacts(core: self, delivery: delivery, now: now, jitter: random.unit())
        // Apart from the delivery while it is decided: the facts may read the delivery.
        var state = delivery.state
        let commands = decide(&state, event, plan: delivery.plan, facts: facts, now: now)
        delivery.state = consume state
        return commands
    }

    /// A late event for an ended delivery: it is read, decided, and written back.
    func applyLate(_ event: DeliveryEvent, to id: RecordID) -> Bool {
        guard let ended = revived[id] ?? readEnded(id) else { return false }
        let mark = CrashMark(delivery: id, event: event.fingerprint(in: ended.state))
        guard !isBarred(event, mark, ended) else { return true }
        recorded(mark) {
            revive(ended)
            let before = ended.state
            let commands = run(event, ended)
            learn(event, ended, before: before)
            bookCosts(ended, since: before, commands)
            carryOut(commands, ended)
        }
        return true
    }

    func revive(_ ended: LiveDelivery) {
        revived[ended.id] = ended
        touch(ended, from: .none)
    }

    func readEnded(_ id: RecordID) -> LiveDelivery? {
        let found = readNow { () throws(StoreError) in
            do throws(StoreError) {
                return try read(id)
            } catch {
                // What is over and damaged must not stop what is alive.
                if error.kind == .corrupt { return nil }
                throw error
            }
        }
        return found ?? nil
    }

    /// A delivery as the store has it; `nil` for an unknown one.
    func read(_ id: RecordID) throws(StoreError) -> LiveDelivery? {
        guard let record = try store.state(of: id) else { return nil }
        return try read(record)
    }

    func read(_ record: StateRecord) throws(StoreError) -> LiveDelivery {
        guard let bodies = try store.body(of: record.delivery) else {
            throw StoreError(.corrupt, "an open delivery has no body")
        }
        let job = try JobCodec.job(bodies.delivery, bodies.message)
        let state = try StateCodec.decode(record.blob)
        guard let plan = try plan(for: job), plan.steps.count == state.steps.count else {
            throw StoreError(.corrupt, "the snapshot of an open delivery is missing")
        }
        let delivery = LiveDelivery(record.delivery, state: state, plan: plan, job: job)
        delivery.share.phase = state.phase
        return delivery
    }

    /// The plan of a delivery. An older snapshot that the directory could not read is read here, where an error of the
    /// disk is one and not taken for damage.
    private func plan(for job: DeliveryJob) throws(StoreError) -> DeliveryPlan? {
        if let plan = directory.plan(for: job) { return plan }
        guard let record = try store.snapshot(job.snapshot) else { return nil }
        directory.learn(record)
        return directory.plan(for: job)
    }

    /// What a delivery is now: in memory, or as it ended.
    func current(_ id: RecordID) -> LiveDelivery? { loaded(id) ?? readEnded(id) }

    /// An open delivery, or an ended one that this turn touched.
    func loaded(_ id: RecordID) -> LiveDelivery? { live[id] ?? revived[id] }

    /// An event for a delivery in whatever state; whether it was found.
    @discardableResult
    func applyAnywhere(_ event: DeliveryEvent, to id: RecordID) -> Bool {
        if let delivery = open(id) {
            apply(event, to: delivery)
            return true
        }
        // One that rests and cannot be read has not ended.
        return resting[id] == nil && applyLate(event, to: id)
    }

    /// Before the turn's first change of a delivery.
    func touch(_ delivery: LiveDelivery, from origin: @autoclosure () -> LiveDelivery.Origin) {
        guard delivery.origin == nil else { return }
        delivery.origin = origin()
        dirty.append(delivery)
        guard delivery.idleTicket != 0 else { return }
        delivery.idleTicket = 0
        idleCount -= 1
    }

    /// A delivery that this turn creates.
    func insert(_ new: LiveDelivery) {
        touch(new, from: .none)
        live[new.id] = new
        byNumber[new.job.recipient.number, default: []].append(new.id)
        relatives.join(new)
    }

    /// Keeps the set of those that wait for a provider in step with the state.
    func settle(_ delivery: LiveDelivery) {
        let state = delivery.state
        let isHeld = state.current < state.steps.count && state.steps[state.current].status.waitsForProvider
        guard isHeld != delivery.isHeld else { return }
        if isHeld { held.insert(delivery.id) } else { held.remove(delivery.id) }
        delivery.isHeld = isHeld
    }

    // MARK: commands

    func carryOut(_ commands: [DeliveryCommand], _ delivery: LiveDelivery) {
        for index in commands.indices { carryOut(commands[index], delivery) }
    }

    private func carryOut(_ command: DeliveryCommand, _ delivery: LiveDelivery) {
        switch command {
        case .enqueue(let step): enqueue(delivery, step)
        case .leaveLane: leaveLane(delivery)
        case .send(let attempt): send(delivery, attempt)
        case .lookUp(let attempt): lookUp(delivery, attempt)
        case .poll(let attempt): poll(delivery, attempt)
        case .recall(let attempt): recall(delivery, attempt)
        case .arm(let timer):
            if let timer { heap.insert(.init(timer, of: delivery.id)) }
        case .openReview(let reason): openReview(delivery.id, reason)
        case .closeReview: closeReview(delivery.id)
        case .tellOperations(let notice): tell(notice, delivery)
        case .stopSender(let step): stopSender(delivery.failedEntry(step).channel)
        case .markUnfit(let attempt):
            mark(delivery, .unfit, scope: delivery.entry(ofAttempt: attempt).channel, for: .seconds(30 * 86_400))
        case .markNumberBad: mark(delivery, .bad, scope: "*", for: .seconds(30 * 86_400))
        case .withdrawConsent(let step):
            if let sender = sender(delivery, step) { withdrawConsent(delivery, sender: sender) }
        case .delegate(let step): delegate(delivery, step)
        case .openRound(let span): openRound(delivery, after: span)
        case .exhausted(let action): exhausted(delivery, action)
        case .note(let line): record(line, delivery)
        }
    }

    private func record(_ line: DeliveryNote, _ delivery: LiveDelivery) {
        switch line {
        case .duplicateReport: count { $0.duplicateReports += 1 }
        case .staleTimer: return
        case .skipped(_, .budget), .held(_, .budget): count { $0.budgetDenials += 1 }
        case .possibleDuplicate: count { $0.possibleDuplicates += 1 }
        case .duplicateExposure: count { $0.duplicateExposures += 1 }
        case .ended(let phase, _): ended(delivery, phase)
        case .progress(let attempt, .ended), .outcome(let attempt, _, _):
            callEnded(delivery, attempt, wasPlaced: true)
        case .refused(let attempt, _, _):
            callEnded(delivery, attempt, wasPlaced: false)
            forgetExposure(delivery, attempt)
        default: break
        }
        keepError(of: line, delivery)
        delivery.note(line)
    }

    private func ended(_ delivery: LiveDelivery, _ phase: DeliveryPhase) {
        count { $0.ended[phase, default: 0] += 1 }
        if phase == .acked { withdrawExhausted(delivery.id) }
        tellRelatives(delivery, phase)
        turn.notices.append(.closed(delivery: delivery.id, phase, policy: delivery.job.policy))
    }

    private func sender(_ delivery: LiveDelivery, _ step: Int) -> String? {
        let entry = delivery.failedEntry(step)
        if case .sender(let settings) = directory.route(of: delivery.job, step: entry) { return settings.sender }
        return directory.snapshotSender(of: delivery.job, channel: entry.channel)
    }

    private func mark(_ delivery: LiveDelivery, _ kind: AddressMark.Kind, scope: String, for span: Duration) {
        let number = delivery.job.recipient.number
        keep(AddressMark(number: number, kind: kind, scope: scope, at: now, until: now + span))
    }

    func keep(_ mark: AddressMark) {
        book.set(mark, now: now)
        turn.batch.marks.append(mark)
    }

    /// It is about the last attempt, also when the chain went on or ended with it.
    private func tell(_ notice: OperationsNotice, _ delivery: LiveDelivery) {
        guard let attempt = delivery.state.attempts.indices.last else { return }
        let (channel, code) = (delivery.entry(ofAttempt: attempt).channel, delivery.state.attempts[attempt].code)
        switch notice {
        case .senderStopped:
            turn.notices.append(.senderStopped(channel: channel))
            keepError(.senderStopped, of: delivery, attempt: attempt, providerCode: code)
        case .requestFault:
            turn.notices.append(.requestFault(channel: channel, code: code))
            keepError(.requestFault, of: delivery, attempt: attempt, providerCode: code)
        }
    }

    // MARK: endings

    private func exhausted(_ delivery: LiveDelivery, _ action: ExhaustedAction) {
        switch action {
        case .nothing, .review: break
        case .webhook(let url): tellExhausted(delivery, url: url)
        case .policy(let name): followUp(delivery, policy: name)
        }
    }

    func recheckHeld() {
        for id in held.sorted() { apply(.recheck, to: id) }
    }

    // MARK: the batch

    /// One state row and one event row for each delivery that the turn touched.
    func collect() {
        for delivery in dirty {
            if delivery.fixed.job.mailing != nil { countInMailing(delivery) }
            if !delivery.notes.isEmpty {
                let blob = EventCodec.encode(delivery.notes, previous: delivery.state.lastEvent, at: now)
                turn.batch.events.append(EventRecord(sequence: nextEvent, delivery: delivery.id, blob: blob))
                delivery.state.lastEvent = nextEvent
                nextEvent += 1
            }
            let record = StateRecord(
                delivery: delivery.id, blob: StateCodec.encode(delivery.state, isIdle: delivery.isIdle))
            if delivery.state.phase.isTerminal {
                turn.batch.closed.append(record)
                forget(delivery)
            } else {
                turn.batch.states.append(record)
            }
        }
        collectMailings()
    }

    private func forget(_ delivery: LiveDelivery) {
        guard live.removeValue(forKey: delivery.id) != nil else { return }
        held.remove(delivery.id)
        forgetNumber(of: delivery)
        relatives.leave(delivery)
        if let key = dedupeKey(of: delivery.job), byDedupeKey[key] == delivery.job.message,
            !hasOpenSibling(delivery)
        {
            byDedupeKey[key] = nil
        }
    }

    private func hasOpenSibling(_ delivery: LiveDelivery) -> Bool {
        let job = delivery.job
        guard relatives.derived(from: root(of: delivery)).isEmpty else { return true }
        guard job.message != job.delivery else { return false }
        let siblings = readNow { () throws(StoreError) in try store.deliveries(ofMessage: job.message) } ?? []
        return siblings.contains { $0 != job.delivery && live[$0] != nil }
    }

    func dedupeKey(of job: DeliveryJob) -> String? {
        job.envelope.dedupeKey.map { job.envelope.tenant + ":" + $0 }
    }
}
