import YAML

/// Reads one entry of `fallback:`.
struct StepSection {
    let session: ReadingSession

    func read(_ node: YAMLNode, of policy: String) -> StepDefinition? {
        if case .scalar = node.kind {
            session.error(
                "wrong_type", "a step is a mapping, not a bare channel; write { channel: NAME }", at: node.mark)
            return nil
        }
        let title = "step of \(policy)"
        guard let section = SectionReader(session, node, section: "step", title: title) else { return nil }
        let target = target(section)
        let isForOthers = section.has("target") && !section.has("channel")
        let channels = isForOthers ? [] : senders(section)
        let channel = channels.first
        var step = StepDefinition(
            channel: channel?.text ?? "", target: target, template: section.reference("template", to: .template),
            machine: .leaveMessage,
            requiresMedia: section.word("media", Media.self) == .required,
            onAmbiguous: section.word("on_ambiguous", AmbiguousAction.self) ?? .lookUp, outcomes: [],
            maxTries: StepDefinition.defaultTries,
            mark: node.mark)
        step.otherChannels = channels.dropFirst().map(\.text)
        readClocks(section, into: &step)
        step.maxCalls = section.integer("max_calls", in: 1...10)
        step.machine = section.word("machine", MachineAction.self) ?? .leaveMessage
        step.quietHours = section.node("quiet_hours").flatMap { quietHours($0, title) }
        step.outcomes = section.node("outcomes").map { outcomes($0, title) } ?? []
        step.maxTries = section.node("retry").flatMap { retry($0, title) } ?? step.maxTries
        section.later("when", "via", "providers")
        section.finish()
        if section.has("target") { refuseKeysOfChannels(section) }
        if let channel, let settings = session.channels[channel.text] { refuseForeignKeys(section, settings) }
        return channel == nil && target == nil ? nil : step
    }

    // MARK: Other people

    private func target(_ section: SectionReader) -> TargetDefinition? {
        let policy = section.reference("policy", to: .policy)
        guard let scalar = section.scalar("target") else {
            if section.has("policy") {
                session.error(
                    "policy_without_target",
                    "a step over a channel has no policy of its own; remove 'policy', or name a 'target'",
                    at: section.mark(of: "policy"))
            }
            return nil
        }
        if policy == nil { section.missing("policy") }
        guard let target = StepTarget(scalar.text) else {
            session.error(
                "invalid_value",
                "\(scalar.shown) is no target; write contact:ID, group:NAME or schedule:NAME", at: scalar.mark)
            return nil
        }
        session.refer(to: target, at: scalar.mark)
        return policy.map { TargetDefinition(target: target, policy: $0) }
    }

    /// The people of a target are reached as their own policy says.
    private func refuseKeysOfChannels(_ section: SectionReader) {
        for key in section.present where !["target", "policy", "ack_within"].contains(key) {
            session.error(
                "not_on_target",
                "'\(key)' says nothing of a step for other people, who are reached by their own policy; remove it",
                at: section.mark(of: key))
        }
    }

    private enum Media: String, CaseIterable { case required, optional }

    private func readClocks(_ section: SectionReader, into step: inout StepDefinition) {
        step.submitWithin = section.duration("submit_within")
        step.laneWithin = section.duration("lane_within")
        step.queueWithin = section.duration("queue_within")
        step.deliverWithin = section.duration("deliver_within")
        step.readWithin = section.duration("read_within")
        step.ackWithin = section.duration("ack_within")
        step.ringTimeout = section.duration("ring_timeout", in: .seconds(5) ... .seconds(600))
        step.maxDuration = section.duration("max_duration", in: .seconds(10) ... .seconds(14_400))
    }

    /// Keys that say nothing on the step's channel.
    private func refuseForeignKeys(_ section: SectionReader, _ channel: ChannelSettings) {
        guard let known = session.catalogue.channel(channel.kind) else { return }
        guard known.capabilities.reachesPeople else {
            session.error(
                "not_in_this_version",
                "a step over '\(channel.name)' (\(channel.kind.rawValue)) is not in this version; make the room with the API "
                    + "and send its link in a message", at: section.mark(of: "channel"))
            return
        }
        let isCall = known.capabilities.intrusiveness == .call
        let special = ["ring_timeout", "max_duration", "max_calls", "machine"]
        var foreign = special.filter { !known.capabilities.stepKeys.contains($0) }
        if isCall { foreign += ["deliver_within", "read_within", "on_ambiguous"] }
        if !known.capabilities.takesMedia { foreign.append("media") }
        for key in foreign where section.has(key) {
            session.error(
                "not_on_channel",
                "'\(key)' says nothing on channel '\(channel.name)' (\(channel.kind.rawValue)); remove it",
                at: section.mark(of: key))
        }
    }

    private func quietHours(_ node: YAMLNode, _ title: String) -> QuietHours? {
        guard let section = SectionReader(session, node, section: "quiet_hours", title: "'quiet_hours' of \(title)")
        else {
            return nil
        }
        let times = section.requiredText("times")
        if let times { session.refer(to: .times, times.text, at: times.mark) }
        let mode = section.word("mode", QuietHours.Mode.self) ?? .defer
        let override = section.word("override", Priority.self)
        section.finish()
        return times.map { QuietHours(times: $0.text, mode: mode, override: override) }
    }

    private func retry(_ node: YAMLNode, _ title: String) -> Int? {
        guard let section = SectionReader(session, node, section: "retry", title: "'retry' of \(title)") else {
            return nil
        }
        let times = section.integer("times", in: 1...20)
        if !section.has("times") { section.missing("times") }
        section.finish()
        return times
    }

    // MARK: Outcomes

    private func outcomes(_ node: YAMLNode, _ title: String) -> [OutcomeRule] {
        session.entries(node, for: "'outcomes' of \(title)").compactMap { entry in
            guard let outcome = AttemptOutcome(word: entry.name) else {
                let words = AttemptOutcome.allCases.map(\.word)
                session.error(
                    "unknown_word",
                    "'\(entry.name.prefix(60))' is no outcome\(ReadingSession.advice(entry.name, among: words))",
                    at: entry.mark)
                return nil
            }
            return action(entry.node, on: entry.name).map { OutcomeRule(outcome: outcome, action: $0) }
        }
    }

    private enum PlainAction: String, CaseIterable { case next, wait, stop, review }

    private func action(_ node: YAMLNode, on outcome: String) -> OutcomeAction? {
        guard case .mapping = node.kind else {
            switch session.word(node, PlainAction.self, for: "outcome '\(outcome)'") {
            case .next: return .next
            case .wait: return .wait
            case .stop: return .stop
            case .review: return .review
            case nil: return nil
            }
        }
        let title = "outcome '\(outcome)'"
        guard let section = SectionReader(session, node, section: "outcome", title: title) else { return nil }
        let policy = section.reference("policy", to: .policy).map(OutcomeAction.policy)
        let retry = section.node("retry").flatMap { again($0, title) }
        section.finish()
        if policy == nil, retry == nil, !section.has("retry"), !section.has("policy") {
            session.error(
                "wrong_type", "\(title) is next, wait, stop, review, { retry: … } or { policy: NAME }", at: node.mark)
        }
        return retry ?? policy
    }

    private func again(_ node: YAMLNode, _ title: String) -> OutcomeAction? {
        guard let section = SectionReader(session, node, section: "outcome_retry", title: "'retry' of \(title)") else {
            return nil
        }
        let after = section.duration("after")
        let times = section.integer("times", in: 1...20) ?? 1
        if !section.has("after") { section.missing("after") }
        section.finish()
        return after.map { .retry(after: $0, times: times) }
    }
}
