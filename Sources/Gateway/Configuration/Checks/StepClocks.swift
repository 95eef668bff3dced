/// The clocks of a step with the defaults of its channel and priority filled in (docs/delivery.md).
public struct StepClocks: Sendable, Hashable {
    /// From the first try, while back-off or an open circuit last: 2 m, critical 30 s.
    public var submit: Duration
    /// Time in the lane; no limit when `nil`.
    public var lane: Duration?
    /// From acceptance until `sent`: 10 m.
    public var queue: Duration
    /// From `sent` until `delivered`: whatsapp 3 m, sms 2 m, email 10 m.
    public var deliver: Duration
    /// From `delivered` until `read`; no clock when `nil`.
    public var read: Duration?
    /// Until the acknowledgement: 15 m.
    public var ack: Duration
    /// How long it may ring: 30 s.
    public var ring: Duration
    /// The longest call: 3 m.
    public var call: Duration
    /// Repeats by `outcomes:`, and the longest wait before one.
    private var retries: Int
    private var retryGap: Duration
    private let resends: Bool
    private let isCall: Bool
    /// Senders behind the first.
    private let otherSenders: Int

    /// Fills in the defaults for a kind of channel.
    public init(_ step: StepDefinition, kind: ChannelKind, intrusiveness: Intrusiveness, priority: Priority) {
        submit = step.submitWithin ?? (priority == .critical ? .seconds(30) : .seconds(120))
        lane = step.laneWithin
        queue = step.queueWithin ?? .seconds(600)
        deliver = step.deliverWithin ?? Self.usualDelivery(kind)
        read = step.readWithin
        ack = step.ackWithin ?? .seconds(900)
        ring = step.ringTimeout ?? .seconds(30)
        call = step.maxDuration ?? .seconds(180)
        isCall = intrusiveness == .call
        resends = step.onAmbiguous == .resend
        otherSenders = step.otherChannels.count
        retries = 0
        retryGap = .zero
        for rule in step.outcomes {
            guard case .retry(let after, let times) = rule.action else { continue }
            retries = max(retries, times)
            retryGap = max(retryGap, after)
        }
        if isCall { retries = Self.redials(step) }
    }

    /// How often a step for calls may call again.
    static func redials(_ step: StepDefinition) -> Int {
        let times = step.outcomes.map { rule in
            guard case .retry(_, let times) = rule.action else { return 0 }
            return times
        }
        return min(times.max() ?? 0, (step.maxCalls ?? 1) - 1)
    }

    private static func usualDelivery(_ kind: ChannelKind) -> Duration {
        switch kind {
        case .whatsapp: .seconds(180)
        case ChannelKind(rawValue: "email"): .seconds(600)
        default: .seconds(120)
        }
    }

    /// The status query before a clock gives up.
    private static let confirm = Duration.seconds(5)
    /// Two empty look-ups prove that an ambiguous text was not sent; then it is tried once more.
    static let proof = Duration.seconds(75)
    /// What follows `ring_timeout`, and the end of a call: a minute for its report, and one after that for a key.
    private static let ringGrace = Duration.seconds(15)
    private static let afterCall = Duration.seconds(60)

    /// The longest that the step can take, without holds and lane waits.
    public func longest(waitsForAck: Bool) -> Duration {
        let once = isCall ? longestCall : longestText(waitsForAck: waitsForAck)
        return once * (retries + 1 + (resends ? 1 : 0)) + retryGap * retries
            + (isCall ? .zero : untilDelivered * (otherSenders * (retries + 1)))
    }

    /// A text that is reported as failed at its sender begins anew over the next; `submit_within` goes on.
    private var untilDelivered: Duration { Self.proof + queue + Self.confirm + deliver + Self.confirm }

    private var longestCall: Duration {
        submit + queue + ring + Self.ringGrace + call + Self.afterCall * 2 + Self.confirm * 3
    }

    private func longestText(waitsForAck: Bool) -> Duration {
        var sum = submit + untilDelivered
        if let read { sum += read + Self.confirm }
        return waitsForAck ? sum + ack : sum
    }
}

extension PolicyDefinition {
    /// How many policies may follow each other by `target:`.
    public static let targetLevels = 3
    /// How many people one message may reach by `target:`, over all levels.
    static let mostPeople = 1_000

    /// The longest that a delivery can take, without holds, quiet hours and lane waits; bounded by `expires` anyway.
    /// Steps of unknown channels do not count.
    /// - Parameter policies: those by which a step's target is reached.
    public func longest(
        priority: Priority, among policies: Definitions<PolicyDefinition>,
        _ channel: (String) -> (ChannelKind, Intrusiveness)?
    ) -> Duration {
        longest(priority, policies, channel, depth: 0)
    }

    private func longest(
        _ priority: Priority, _ policies: Definitions<PolicyDefinition>,
        _ channel: (String) -> (ChannelKind, Intrusiveness)?, depth: Int
    ) -> Duration {
        let spans = steps.map { step -> Duration in
            if let target = step.target {
                // Deeper ones are a finding of their own.
                guard depth < Self.targetLevels, let policy = policies[target.policy] else { return .zero }
                return policy.longestForOthers(
                    step.ackWithin, priority, policy.longest(priority, policies, channel, depth: depth + 1))
            }
            guard let (kind, intrusiveness) = channel(step.channel) else { return .zero }
            let clocks = StepClocks(step, kind: kind, intrusiveness: intrusiveness, priority: priority)
            return clocks.longest(waitsForAck: ack.required)
        }
        return isBroadcast ? spans.max() ?? .zero : spans.reduce(.zero, +) + pauses(channel)
    }

    /// The distances between the chain's own calls; what others' calls add is a lane wait.
    private func pauses(_ channel: (String) -> (ChannelKind, Intrusiveness)?) -> Duration {
        let calls = steps.reduce(0) { count, step in
            guard step.target == nil, channel(step.channel)?.1 == .call else { return count }
            return count + 1 + StepClocks.redials(step)
        }
        return cooldown * max(0, min(calls, maxCalls) - 1)
    }

    /// How long another delivery waits for one by this policy, with its rounds.
    private func longestForOthers(_ within: Duration?, _ priority: Priority, _ chain: Duration) -> Duration {
        let round = min(chain, within ?? chain, expires(for: priority))
        guard let repeats else { return round }
        return round * (repeats.times + 1) + repeats.gap * repeats.times
    }
}
