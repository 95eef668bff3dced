// One call for several deliveries: those that wait for a call to a number when one is placed share it, if one call can
// speak for all (docs/decisions/0045-one-call-for-several-alerts.md). The attempt that places it leads: its token is in the
// call's URLs, and what comes of the call is told to all.

extension EngineCore {
    /// Deliveries for which one call speaks, at most.
    static let mostInCall = 10
    /// Characters that one call speaks of them, at most; and how many a voice speaks in a second.
    static let mostSpoken = 4_096
    static let spokenPerSecond = 12
    /// What the sentences around the alerts take of a call.
    static let callFrame = Duration.seconds(30)

    /// The delivery's newest attempt is about to place a call: those that wait for one join it.
    func share(_ leader: LiveDelivery) {
        // When nothing left the house there is nothing to join.
        guard leader.step?.intrusiveness == .call, byNumber[leader.job.recipient.number]?.count ?? 0 > 1,
            exchanges[nextExchange - 1]?.delivery == leader.id, let speech = directory.speech(of: leader.waitingAlert)
        else { return }
        let call = AttemptReference(delivery: leader.id, attempt: leader.state.attempts.count - 1)
        let step = leader.entry(leader.state.current)
        var room = Self.room(in: step) - speech.characters
        var riders: [AttemptReference] = []
        for other in waiting(toShare: step, of: leader) where riders.count + 1 < Self.mostInCall {
            guard let own = directory.speech(of: other.waitingAlert), own.characters <= room,
                own.leavesMessage == speech.leavesMessage, let attempt = join(other, call)
            else { continue }
            room -= own.characters
            riders.append(AttemptReference(delivery: other.id, attempt: attempt))
        }
        guard !riders.isEmpty else { return }
        count { $0.sharedCalls += riders.count }
        apply(.leads(attempt: call.attempt, riders), to: leader)
        guard leader.state.attempts[call.attempt].sharing == nil else { return }
        // The event is barred, so that nobody tells them what comes of the call: they ask the provider.
        for rider in riders { deferred.append((rider.delivery, .result(attempt: rider.attempt, .ambiguous(code: 0)))) }
    }

    /// Characters for which a call has time.
    private static func room(in step: PlanStep) -> Int {
        let seconds = Int((step.maxDuration.milliseconds - callFrame.milliseconds) / 1_000)
        return min(mostSpoken, seconds * spokenPerSecond)
    }

    /// Those that wait for the same kind of call to the number, the most urgent and then the oldest first; twice as many
    /// as fit, because some may be too long.
    private func waiting(toShare step: PlanStep, of leader: LiveDelivery) -> ArraySlice<LiveDelivery> {
        let others = (byNumber[leader.job.recipient.number] ?? []).compactMap { live[$0] }
        return others.filter { other in
            guard other.laneTicket != 0, other !== leader, other.step != nil else { return false }
            let own = other.entry(other.state.current)
            return own.channel == step.channel && own.ringTimeout == step.ringTimeout
                && own.maxDuration == step.maxDuration && other.job.envelope.tenant == leader.job.envelope.tenant
        }.sorted { one, other in
            let (first, second) = (one.job.envelope.priority, other.job.envelope.priority)
            return first == second ? one.laneTicket < other.laneTicket : first > second
        }.prefix(2 * Self.mostInCall)
    }

    /// The new attempt of a delivery that joined a call; `nil` for one that could not.
    private func join(_ other: LiveDelivery, _ call: AttemptReference) -> Int? {
        let attempts = other.state.attempts.count
        leaveLane(other)
        apply(.joined(call), to: other)
        return other.state.attempts.count > attempts ? attempts : nil
    }

    // MARK: what comes of the call

    /// Tells those that share an attempt's call what has happened to it. The attempt itself was told.
    func tellRiders(of call: AttemptReference, _ event: (_ attempt: Int) -> DeliveryEvent) {
        for rider in riders(of: call) { applyAnywhere(event(rider.attempt), to: rider.delivery) }
    }

    private func riders(of call: AttemptReference) -> [AttemptReference] {
        guard case .leads(let riders)? = attempt(call)?.sharing else { return [] }
        return riders
    }

    private func attempt(_ reference: AttemptReference) -> AttemptState? {
        guard let attempts = current(reference.delivery)?.state.attempts, attempts.indices.contains(reference.attempt)
        else { return nil }
        return attempts[reference.attempt]
    }

    /// All attempts whose call it is, the one that placed it first.
    func sharers(of reference: AttemptReference) -> [AttemptReference] {
        let call = leader(of: reference)
        return [call] + riders(of: call)
    }

    /// The attempt that placed the call.
    private func leader(of reference: AttemptReference) -> AttemptReference {
        guard case .rides(let leader)? = attempt(reference)?.sharing else { return reference }
        return leader
    }

    /// Those of whom the call speaks, and whom a key means: who left it while it rang is not among them.
    func spoken(in call: AttemptReference) -> [AttemptReference] {
        let all = sharers(of: call)
        let left = all.filter { attempt($0)?.recalled == false }
        return left.isEmpty ? all : left
    }

    /// Whether nobody else wants the call any more: only then it may be ended.
    func isLastToLeave(_ delivery: LiveDelivery, _ attempt: Int) -> Bool {
        guard delivery.state.attempts[attempt].sharing != nil else { return true }
        let own = AttemptReference(delivery: delivery.id, attempt: attempt)
        // One that ended before the provider named the call leaves as soon as it is told the name.
        return sharers(of: own).allSatisfy { $0 == own || self.attempt($0)?.recalled ?? true }
    }
}

extension LiveDelivery {
    /// What a call would speak of for the step on its way.
    var waitingAlert: CallAlert {
        CallAlert(job: job, step: state.current, sender: Int(state.steps[state.current].sender))
    }

    /// The attempt that placed an attempt's call.
    func placer(of attempt: Int) -> AttemptReference {
        guard case .rides(let leader)? = state.attempts[attempt].sharing else {
            return AttemptReference(delivery: id, attempt: attempt)
        }
        return leader
    }
}
