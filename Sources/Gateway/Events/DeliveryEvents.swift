import JSON

/// What the transitions of a delivery tell others. Pure: the notes of a row and what is fixed about the delivery in,
/// events out. Most notes are the gateway's own affair; the timeline has them.
public struct DeliveryEvents {
    private let job: DeliveryJob
    private let plan: DeliveryPlan?
    /// By their ordinals.
    private let attempts: [AttemptState]
    private let provider: (_ channel: String) -> String?

    /// - Parameters:
    ///   - plan: what the attempts' steps are looked up in; `nil` where it cannot be read any more.
    ///   - attempts: those of the delivery's state now: attempts are never removed.
    ///   - provider: the name of a channel's provider now; `nil` for a channel that is gone.
    public init(
        _ job: DeliveryJob, plan: DeliveryPlan?, attempts: [AttemptState],
        provider: @escaping (_ channel: String) -> String?
    ) {
        self.provider = provider
        self.job = job
        self.plan = plan
        self.attempts = attempts
    }

    /// Whether any note of a row tells others something; without it nothing else of the delivery need be read.
    public static func tell(_ notes: [DeliveryNote]) -> Bool { notes.contains { type(of: $0) != nil } }

    /// Whether the state from which it was made has every attempt that the notes name.
    func knows(_ notes: [DeliveryNote]) -> Bool {
        notes.allSatisfy { note in Self.attempt(of: note).map { attempts.indices.contains($0) } ?? true }
    }

    /// The events of a row, in the order of its notes.
    public func events(_ notes: [DeliveryNote], row sequence: Int64, at time: Timestamp) -> [GatewayEvent] {
        let isAcknowledged = notes.contains { if case .acknowledged = $0 { true } else { false } }
        return notes.enumerated().compactMap { place, note in
            guard let type = Self.type(of: note) else { return nil }
            // The end of an acknowledged delivery says nothing that its acknowledgement does not.
            if case .ended(.acked, _) = note, isAcknowledged { return nil }
            var event = GatewayEvent(
                EventPosition(sequence: sequence, place: place), type.rawValue, of: job.message.text(.message),
                tenant: job.envelope.tenant, at: time, data(of: note))
            event.delivery = job.delivery
            event.alias = alias(of: note, type)
            return event
        }
    }

    private static func type(of note: DeliveryNote) -> EventType? {
        switch note {
        case .accepted: .messageAccepted
        case .submitted: .messageSubmitted
        case .evidence(_, .sent, _): .messageSent
        case .evidence(_, .delivered, _): .messageDelivered
        case .evidence(_, .read, _): .messageRead
        case .acknowledged: .messageAcknowledged
        case .rejected: .messageDeclined
        case .replied: .messageReplied
        case .refused: .messageFailed
        case .outcome: .messageFailed
        case .progress(_, .ringing): .callRinging
        case .progress(_, .answered): .callAnswered
        case .progress(_, .ended): .callEnded
        case .ended(let phase, _): type(ofEnd: phase)
        default: nil
        }
    }

    private static func type(ofEnd phase: DeliveryPhase) -> EventType? {
        switch phase {
        case .acked: .messageAcknowledged
        case .satisfied: .messageSatisfied
        case .exhausted: .messageExhausted
        case .expired: .messageExpired
        case .cancelled: .messageCancelled
        case .suppressed: .messageSuppressed
        case .blockedBudget: .messageBlocked
        case .rejected: .messageRejected
        case .scheduled, .active, .review: nil
        }
    }

    // MARK: data

    private func data(of note: DeliveryNote) -> JSONObject {
        var out = JSONObject([
            ("message", .string(job.message.text(.message))), ("delivery", .string(job.delivery.text(.delivery))),
            ("topic", .string(job.envelope.topic)), ("policy", .string(job.policy)),
        ])
        out["batch"] = job.mailing.map { .string($0.text(.batch)) }
        if let attempt = Self.attempt(of: note) { describe(attempt, &out) }
        switch note {
        case .evidence(_, _, let status): out["status"] = .string(status.rawValue)
        case .refused(_, let kind, let code):
            out["reason"] = .string(kind.word)
            if code != 0 { out["code"] = .integer(Int64(code)) }
        case .outcome(_, let outcome, let code):
            out["reason"] = .string(outcome.word)
            if code != 0 { out["code"] = .integer(Int64(code)) }
        case .ended(let phase, let isLate):
            out["state"] = .string(phase.word)
            out["late"] = .bool(isLate)
        default: break
        }
        return out
    }

    /// Attempts are named by their ordinal, from 1.
    private func describe(_ attempt: Int, _ out: inout JSONObject) {
        out["attempt"] = .integer(Int64(attempt + 1))
        if let step = step(of: attempt) {
            out["channel"] = .string(step.channel)
            out["kind"] = .string(step.kind.rawValue)
        }
        if attempts.indices.contains(attempt), !attempts[attempt].providerID.isEmpty {
            out["provider_id"] = .string(attempts[attempt].providerID)
        }
    }

    private static func attempt(of note: DeliveryNote) -> Int? {
        switch note {
        case .submitted(let attempt), .evidence(let attempt, _, _), .outcome(let attempt, _, _),
            .refused(let attempt, _, _), .progress(let attempt, _), .replied(let attempt):
            attempt
        case .acknowledged(let attempt), .rejected(let attempt): attempt
        default: nil
        }
    }

    private func step(of attempt: Int) -> PlanStep? {
        guard let plan, attempts.indices.contains(attempt), plan.steps.indices.contains(Int(attempts[attempt].step))
        else { return nil }
        return plan.step(of: attempts[attempt])
    }

    // MARK: aliases

    /// What a provider reports has the provider's name for it: `twilio.sms.status`.
    private func alias(of note: DeliveryNote, _ type: EventType) -> String? {
        switch type {
        case .messageSent, .messageDelivered, .messageRead, .messageFailed, .callRinging, .callAnswered, .callEnded:
            break
        default: return nil
        }
        guard let attempt = Self.attempt(of: note), let step = step(of: attempt), let provider = provider(step.channel)
        else { return nil }
        return EventAlias.status(provider, step.kind.rawValue)
    }
}
