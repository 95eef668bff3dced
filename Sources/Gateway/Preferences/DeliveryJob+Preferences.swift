extension DeliveryJob {
    /// The kind of channel that the recipient prefers for this topic; `nil` when the policy's order stands.
    var preferredChannel: ChannelKind? { recipient.preferences?.channel(for: envelope.topic) }

    /// Neither a critical message nor an emergency asks what the recipient wants.
    var overridesPreferences: Bool { envelope.priority >= .critical || envelope.messageClass == .emergency }

    /// The recipient wants nothing of this topic.
    var isUnwanted: Bool {
        guard let preferences = recipient.preferences, !overridesPreferences else { return false }
        return preferences.isOff(envelope.topic)
    }
}

extension ConfigurationSnapshot {
    /// The step that a preferred channel brings to the front: the first of its kind, if nothing but steps to the recipient
    /// stands before it. `nil` when the order stays.
    func leader(of policy: PolicyDefinition, _ kind: ChannelKind) -> Int? {
        guard !policy.isBroadcast else { return nil }
        for (index, step) in policy.steps.enumerated() {
            // What others are asked before the recipient stays before the recipient.
            if step.target != nil { return nil }
            if channel(step.channel)?.kind == kind { return index == 0 ? nil : index }
        }
        return nil
    }
}

extension Array {
    /// The same elements with one of them first.
    func led(by index: Int) -> [Element] {
        guard indices.contains(index) else { return self }
        var led = self
        led.insert(led.remove(at: index), at: 0)
        return led
    }
}

extension ResolvedChain {
    /// The chain in the order that a recipient prefers.
    func led(by kind: ChannelKind) -> ResolvedChain {
        guard let leader = snapshot.leader(of: policy, kind) else { return self }
        return ResolvedChain(renderer: renderer, policy: policy, steps: steps.led(by: leader), branches: branches)
    }
}

extension ConfigurationDirectory {
    /// When the recipient's own quiet hours end; `nil` when they let the message go now.
    func quietEnd(of job: DeliveryJob, now: Timestamp) -> Timestamp? {
        guard let quiet = job.recipient.preferences?.quietHours, !job.overridesPreferences else { return nil }
        let zone = ZoneCache.zone(job.recipient.timeZone)
        switch quiet {
        case .named(let name): return configuration.times[name]?.end(after: now, in: zone)
        case .ranges(let ranges):
            return NamedTimes(name: "", ranges: ranges, mark: NamedTimes.nowhere).end(after: now, in: zone)
        }
    }

    /// What the step's quiet hours and the recipient's say together.
    func opening(_ step: QuietOpening, of job: DeliveryJob, now: Timestamp) -> QuietOpening {
        guard let end = quietEnd(of: job, now: now) else { return step }
        switch step {
        case .open: return .closed(until: end)
        case .closed(let until): return .closed(until: max(until, end))
        case .skip: return .skip
        }
    }
}
