import Gateway
import JSON

/// A delivery's notes as entries of its timeline.
struct TimelineView {
    let delivery: RecordID
    let plan: DeliveryPlan?
    /// By their ordinals.
    let attempts: [AttemptState]
    /// What the notes so far say of the senders of steps.
    private var senders: [Int: Int] = [:]

    init(delivery: RecordID, plan: DeliveryPlan?, attempts: [AttemptState]) {
        self.delivery = delivery
        self.plan = plan
        self.attempts = attempts
    }

    mutating func entries(_ notes: [DeliveryNote], at time: Timestamp) -> [JSONValue] {
        notes.compactMap { note in
            if case .sender(let step, let sender) = note { senders[step] = sender }
            guard var entry = entry(note) else { return nil }
            var head: JSONObject = [
                "at": .string(MessageViews.time(time)), "delivery": .string(delivery.text(.delivery)),
            ]
            for member in entry.members { head[member.key] = member.value }
            entry = head
            return .object(entry)
        }
    }

    /// What the provider said stands behind what it changed.
    func insert(_ detail: ReportDetail, into entries: inout [JSONValue]) {
        var entry = ofAttempt(detail.attempt, "details", ["status": .string(detail.status)])
        entry["details"] = (try? JSONValue(parsing: detail.body)) ?? [:]
        let (time, delivery) = (MessageViews.time(detail.at), delivery.text(.delivery))
        var whole: JSONObject = ["at": .string(time), "delivery": .string(delivery)]
        for member in entry.members { whole[member.key] = member.value }
        // Times are written with equal length, so they sort as texts do; other deliveries' entries stay where they are.
        let last = entries.lastIndex { $0["delivery"]?.string == delivery && ($0["at"]?.string ?? "") <= time }
        entries.insert(.object(whole), at: last.map { $0 + 1 } ?? entries.count)
    }

    static func word(_ level: EvidenceLevel) -> String {
        switch level {
        case .none: "none"
        case .accepted: "accepted"
        case .sent: "sent"
        case .delivered: "delivered"
        case .read: "read"
        case .acknowledged: "acknowledged"
        }
    }

    private func entry(_ note: DeliveryNote) -> JSONObject? {
        switch note {
        case .accepted: ["event": "accepted"]
        case .started(let step): ofStep(step, "started")
        case .skipped(let step, let reason): ofStep(step, "skipped", ["reason": .string(reason.word)])
        case .held(let step, let reason): ofStep(step, "held", ["reason": .string(reason.word)])
        case .queued(let step): ofStep(step, "queued")
        case .intent(let attempt): ofAttempt(attempt, "intent")
        case .submitted(let attempt): ofAttempt(attempt, "submitted")
        case .refused(let attempt, let kind, let code):
            ofAttempt(attempt, "refused", ["class": .string(kind.word), "code": .integer(Int64(code))])
        case .ambiguous(let attempt, let code):
            ofAttempt(attempt, "ambiguous", code == 0 ? [:] : ["code": .integer(Int64(code))])
        case .lookedUp(let attempt, let found):
            ofAttempt(
                attempt, "looked_up", ["found": found.map(JSONValue.bool) ?? .null])
        case .evidence(let attempt, let level, let status):
            ofAttempt(
                attempt, "evidence", ["level": .string(Self.word(level)), "status": .string(status.rawValue)])
        case .outcome(let attempt, let outcome, let code):
            ofAttempt(
                attempt, "outcome",
                code == 0
                    ? ["outcome": .string(outcome.word)]
                    : ["outcome": .string(outcome.word), "code": .integer(Int64(code))])
        case .progress(let attempt, let call): ofAttempt(attempt, "call", ["progress": .string(Self.word(call))])
        case .clock(let step, let kind): ofStep(step, "clock", ["clock": .string(kind.word)])
        case .clockSet(let step, let kind, let due):
            ofStep(step, "clock_set", ["clock": .string(kind.word), "due": .string(MessageViews.time(due))])
        case .superseded(let step): ofStep(step, "superseded")
        case .failed(let step, let outcome): ofStep(step, "failed", ["outcome": .string(outcome.word)])
        case .recalled(let attempt): ofAttempt(attempt, "recalled")
        case .possibleDuplicate(let attempt): ofAttempt(attempt, "possible_duplicate")
        case .duplicateExposure: ["event": "duplicate_exposure"]
        case .ended(let phase, let late): ["event": "ended", "state": .string(phase.word), "late": .bool(late)]
        case .acknowledged(let attempt): acknowledged(attempt)
        case .replied(let attempt): ofAttempt(attempt, "replied")
        case .rejected(let attempt): attempt.map { ofAttempt($0, "rejected") } ?? ["event": "rejected"]
        case .delegated(let step): ofStep(step, "delegated")
        case .delegationEnded(let step, let result): ofStep(step, "delegation_ended", ["result": .string(result.word)])
        case .roundOpened(let time): ["event": "round_opened", "starts": .string(MessageViews.time(time))]
        case .sender(let step, _): ofStep(step, "sender")
        case .bundled(let attempt, let others):
            ofAttempt(attempt, "bundled", ["with": .array(others.map { .string($0.text(.delivery)) })])
        case .reviewAsked(let until): ["event": "review_asked", "until": .string(MessageViews.time(until))]
        case .approved: ["event": "approved"]
        case .dismissed: ["event": "dismissed"]
        case .priced(let attempt, let micros):
            ofAttempt(attempt, "priced", ["amount": .string(Money(micros: micros, currency: "").decimal)])
        case .duplicateReport, .staleTimer: nil
        }
    }

    private static func word(_ call: CallProgress) -> String {
        switch call {
        case .ringing: "ringing"
        case .answered: "answered"
        case .ended: "ended"
        }
    }

    private func ofStep(_ step: Int, _ event: String, _ rest: JSONObject = [:]) -> JSONObject {
        var out: JSONObject = ["event": .string(event), "step": .integer(Int64(step + 1))]
        if let plan, plan.steps.indices.contains(step) {
            out["channel"] = .string(plan.steps[step].over(senders[step] ?? 0).channel)
        }
        for member in rest.members { out[member.key] = member.value }
        return out
    }

    /// In a call nothing but the confirming key acknowledges.
    private func acknowledged(_ attempt: Int?) -> JSONObject {
        guard let attempt else { return ["event": "acknowledged"] }
        let isCall = step(of: attempt)?.intrusiveness == .call
        return ofAttempt(attempt, "acknowledged", ["by": isCall ? "key" : "reply"])
    }

    private func step(of attempt: Int) -> PlanStep? {
        guard let plan, attempts.indices.contains(attempt), plan.steps.indices.contains(Int(attempts[attempt].step))
        else { return nil }
        return plan.step(of: attempts[attempt])
    }

    /// Attempts are named by their ordinal.
    private func ofAttempt(_ attempt: Int, _ event: String, _ rest: JSONObject = [:]) -> JSONObject {
        var out: JSONObject = ["event": .string(event), "attempt": .integer(Int64(attempt + 1))]
        if let step = step(of: attempt) { out["channel"] = .string(step.channel) }
        for member in rest.members { out[member.key] = member.value }
        return out
    }
}
