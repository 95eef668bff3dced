// Errors are kept in the commit of what they tell about (docs/decisions/0056-errors-are-stored.md).

extension EngineCore {
    /// Keeps an error with the turn.
    func keepError(_ code: ErrorCode, _ context: ErrorContext, count: Int = 1) {
        let isShared = errorFloods.isFlood(code, context, at: now)
        turn.batch.errors.append(
            ErrorRecord(id: ids.next(at: now), code, context, at: now, count: count, isShared: isShared))
    }

    /// Keeps an error of a delivery.
    /// - Parameters:
    ///   - attempt: the ordinal of the attempt that met it, which tells step, channel and provider.
    ///   - step: the step that met it without an attempt.
    func keepError(
        _ code: ErrorCode, of delivery: LiveDelivery, attempt: Int? = nil, step: Int? = nil, providerCode: Int32 = 0
    ) {
        var context = context(of: delivery)
        context.providerCode = Int(providerCode)
        var entry: PlanStep?
        if let attempt, delivery.state.attempts.indices.contains(attempt) {
            context.attempt = attempt
            context.step = Int(delivery.state.attempts[attempt].step)
            entry = delivery.entry(ofAttempt: attempt)
        } else if let step, delivery.plan.steps.indices.contains(step) {
            context.step = step
            entry = delivery.entry(step)
        }
        context.channel = entry?.channel ?? ""
        context.provider = entry.flatMap { lanes[$0.channel]?.settings.provider } ?? ""
        keepError(code, context)
    }

    /// Keeps the error that a line of the timeline tells of.
    func keepError(of note: DeliveryNote, _ delivery: LiveDelivery) {
        guard let code = note.error else { return }
        switch note {
        case .refused(let attempt, _, let answer), .ambiguous(let attempt, let answer),
            .outcome(let attempt, _, let answer):
            keepError(code, of: delivery, attempt: attempt, providerCode: answer)
        case .lookedUp(let attempt, _): keepError(code, of: delivery, attempt: attempt)
        case .skipped(let step, _), .held(let step, _): keepError(code, of: delivery, step: step)
        default: keepError(code, of: delivery)
        }
    }

    /// Keeps an error of a sender, with its provider.
    func keepError(_ code: ErrorCode, channel: String) {
        var context = ErrorContext()
        context.channel = channel
        context.provider = lanes[channel]?.settings.provider ?? ""
        keepError(code, context)
    }

    /// Keeps an error of a provider.
    func keepError(_ code: ErrorCode, provider: String, country: String = "") {
        var context = ErrorContext()
        context.provider = provider
        context.country = country
        keepError(code, context)
    }

    /// Keeps that another system could not be told something of a delivery.
    /// - Parameter status: of its answer; zero when there was none.
    func keepError(_ code: ErrorCode, of record: OutgoingRecord, status: Int) {
        var context = current(record.delivery).map { self.context(of: $0) } ?? ErrorContext()
        if record.type != Self.requestType { context.delivery = record.delivery }
        context.providerCode = status
        keepError(code, context)
    }

    private func context(of delivery: LiveDelivery) -> ErrorContext {
        var context = ErrorContext()
        context.tenant = delivery.job.envelope.tenant
        context.country = delivery.job.recipient.country ?? ""
        context.delivery = delivery.id
        context.message = delivery.job.message
        return context
    }

    // MARK: errors that do not come again

    /// What the shell met.
    func take(_ occurrences: [ErrorOccurrence]) {
        for occurrence in occurrences {
            standingErrors.note(occurrence)
            keepError(occurrence.code, occurrence.context, count: occurrence.count)
        }
    }

    /// What the turn's commit writes beside its own; never a commit for this alone, which a full disk would refuse again
    /// and again.
    func saveCarriedErrors() {
        guard !carriedErrors.isEmpty, !turn.batch.isEmpty else { return }
        take(carriedErrors)
        carriedErrors = []
    }

    /// The commit failed: what belongs to deliveries is met again with them, the rest waits for the next commit.
    func carryErrors() {
        for occurrence in standingErrors { carriedErrors.note(occurrence) }
        standingErrors = []
        carriedErrors.note(ErrorOccurrence(.storeRefused))
    }
}

extension DeliveryNote {
    /// The error that the line tells of; `nil` for what is none.
    var error: ErrorCode? {
        switch self {
        case .refused(_, let failure, _): ErrorCode(refusal: failure)
        case .ambiguous: .requestAmbiguous
        case .lookedUp(_, let found): found == nil ? .lookUpUnanswered : nil
        case .outcome(_, .failed, _): .attemptFailed
        case .outcome(_, .undelivered, _): .attemptUndelivered
        case .skipped(_, .budget), .held(_, .budget): .budgetDenied
        case .held(_, .crashedTwice): .crashedTwice
        case .held(_, .providerRemoved), .held(_, .senderRemoved): .senderRemoved
        case .ended(.exhausted, _): .deliveryExhausted
        case .ended(.expired, _): .deliveryExpired
        case .ended(.blockedBudget, _): .deliveryBlockedBudget
        default: nil
        }
    }
}
