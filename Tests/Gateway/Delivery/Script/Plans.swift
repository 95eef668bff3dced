import Gateway

extension PlanStep {
    static func whatsapp(_ change: (inout Self) -> Void = { _ in }) -> Self { make("whatsapp", .whatsapp, change) }

    static func sms(_ change: (inout Self) -> Void = { _ in }) -> Self { make("sms", .sms, change) }

    static func voice(_ change: (inout Self) -> Void = { _ in }) -> Self { make("voice", .voice, change) }

    /// The step over a second sender too.
    func or(_ channel: String, _ change: (inout Self) -> Void = { _ in }) -> Self {
        var other = self
        other.channel = channel
        change(&other)
        var step = self
        step.alternatives.append(other)
        return step
    }

    private static func make(_ name: String, _ kind: ChannelKind, _ change: (inout Self) -> Void) -> Self {
        var step = PlanStep(channel: name, kind: kind)
        change(&step)
        return step
    }
}

extension DeliveryPlan {
    /// A chain that ends on `delivered`.
    static func chain(_ steps: PlanStep..., change: (inout Self) -> Void = { _ in }) -> Self {
        var plan = DeliveryPlan(policy: "test", steps: steps)
        change(&plan)
        return plan
    }

    /// A chain that somebody must acknowledge.
    static func acked(_ steps: PlanStep..., change: (inout Self) -> Void = { _ in }) -> Self {
        var plan = DeliveryPlan(policy: "test", steps: steps)
        plan.ackRequired = true
        change(&plan)
        return plan
    }
}

extension AttemptReference {
    /// An attempt of another delivery, one for each second.
    static func other(_ second: Double, attempt: Int = 0) -> Self {
        var ids = RecordIDGenerator()
        return Self(delivery: ids.next(at: DeliveryScript.time(second)), attempt: attempt)
    }
}
