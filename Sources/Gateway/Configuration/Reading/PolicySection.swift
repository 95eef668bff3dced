import YAML

/// Reads `policies:`.
struct PolicySection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<PolicyDefinition> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'policies'").compactMap(policy))
    }

    private func policy(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> PolicyDefinition? {
        let title = "policy '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "policy", title: title) else { return nil }
        let ack = section.node("ack").flatMap { acknowledgement($0, title) }
        let success = section.word("success", Success.self)
        if ack?.required == true, section.has("success") {
            session.error(
                "success_with_ack",
                "\(title) waits for an acknowledgement, so 'success' has no meaning; remove one of them",
                at: section.mark(of: "success"))
        }
        var policy = PolicyDefinition(
            name: entry.name, success: success?.level ?? .delivered, ack: ack ?? AckSettings.none,
            expires: section.duration("expires", in: .seconds(60) ... .seconds(90 * 86_400)),
            catchUpGrace: section.duration("catch_up_grace", in: .zero ... .seconds(86_400)) ?? .seconds(60),
            maxCalls: section.integer("max_calls", in: 1...10) ?? 1,
            maxCallsTotal: section.integer("max_calls_total", in: 1...100),
            repeats: section.node("repeat").flatMap { repeats($0, title) },
            reopenAfter: section.duration("reopen_after", in: .seconds(60) ... .seconds(30 * 86_400)),
            budget: section.node("budget").flatMap { budget($0, title) }, steps: steps(section),
            isBroadcast: section.has("broadcast"), onExhausted: .nothing,
            onReject: section.word("on_reject", RejectAction.self) ?? .review, mark: entry.mark)
        policy.maxCalls = policy.steps.reduce(policy.maxCalls) { max($0, $1.maxCalls ?? 1) }
        policy.onExhausted = section.node("on_exhausted").flatMap(exhausted) ?? .nothing
        if policy.reopenAfter != nil, !policy.ack.required {
            session.error(
                "reopen_without_ack",
                "\(title) waits for no acknowledgement, so 'reopen_after' has no meaning; remove it, or add "
                    + "'ack: { required: true }'", at: section.mark(of: "reopen_after"))
        }
        policy.cooldown = section.duration("cooldown", in: .zero...CallPauses.longest) ?? policy.cooldown
        policy.needsReview = section.needsReview()
        policy.reviewWithin = section.duration("review_within", in: .seconds(60) ... .seconds(30 * 86_400))
        section.finish()
        return policy
    }

    private enum Success: String, CaseIterable {
        case sent, delivered, read

        var level: EvidenceLevel {
            switch self {
            case .sent: .sent
            case .delivered: .delivered
            case .read: .read
            }
        }
    }

    // MARK: Acknowledgement

    private func acknowledgement(_ node: YAMLNode, _ title: String) -> AckSettings? {
        guard let section = SectionReader(session, node, section: "ack", title: "'ack' of \(title)") else { return nil }
        var ack = AckSettings.none
        ack.required = section.boolean("required") ?? false
        if let words = section.node("words") { ack.words = self.words(words) }
        ack.scope = section.word("scope", AckSettings.Scope.self) ?? .conversation
        ack.askWithin = section.duration("ask_within") ?? ack.askWithin
        section.finish()
        return ack
    }

    private func words(_ node: YAMLNode) -> [String] {
        var words: [String] = []
        for item in session.list(node, for: "'words'").prefix(100) {
            guard let scalar = session.scalar(item, for: "'words'") else { continue }
            let word = scalar.text.lowercased()
            if word.isEmpty || words.contains(word) {
                session.error(
                    "duplicate_value", "the word \(scalar.shown) is empty or listed twice; remove it", at: item.mark)
            } else if InboundWords.meaning(of: word, isOptedOut: false) != nil {
                session.error(
                    "reserved_word",
                    "'\(word)' ends or starts the consent of a recipient and cannot acknowledge; remove it",
                    at: item.mark)
            } else {
                words.append(word)
            }
        }
        return words
    }

    // MARK: Steps and endings

    private func steps(_ section: SectionReader) -> [StepDefinition] {
        if section.has("broadcast"), section.has("fallback") {
            session.error(
                "fallback_and_broadcast",
                "\(section.title) has both 'fallback' and 'broadcast'; keep the one that says how it is sent",
                at: section.mark(of: "broadcast"))
        }
        let key = section.has("broadcast") ? "broadcast" : "fallback"
        guard let node = section.node(key) else {
            section.missing("fallback")
            return []
        }
        guard case .sequence(let items) = node.kind, !items.isEmpty else {
            session.error("wrong_type", "'\(key)' is a list of at least one step", at: node.mark)
            return []
        }
        if items.count > 20 {
            session.error("out_of_range", "'\(key)' has more than 20 steps; shorten it", at: items[20].mark)
        }
        let steps = items.prefix(20).compactMap { StepSection(session: session).read($0, of: section.title) }
        for step in steps where step.target != nil && key == "broadcast" {
            session.error(
                "target_in_broadcast",
                "a broadcast goes to one person over several channels; put the target into a 'fallback'", at: step.mark)
        }
        return steps
    }

    private func repeats(_ node: YAMLNode, _ title: String) -> Repeats? {
        guard let section = SectionReader(session, node, section: "repeat", title: "'repeat' of \(title)") else {
            return nil
        }
        let times = section.integer("times", in: 1...20)
        let gap = section.duration("gap")
        for key in ["times", "gap"] where !section.has(key) { section.missing(key) }
        section.finish()
        guard let times, let gap else { return nil }
        return Repeats(times: times, gap: gap)
    }

    private func exhausted(_ node: YAMLNode) -> ExhaustedAction? {
        guard case .mapping = node.kind else {
            return session.word(node, PlainExhausted.self, for: "'on_exhausted'").map {
                $0 == .review ? .review : .nothing
            }
        }
        let title = "'on_exhausted'"
        guard let section = SectionReader(session, node, section: "on_exhausted", title: title) else { return nil }
        let policy = section.reference("policy", to: .policy)
        let webhook = section.value("webhook", "a URL such as https://example.com/hook") { BaseURL($0)?.text }
        section.finish()
        if (policy == nil) == (webhook == nil) {
            session.error("wrong_type", "'on_exhausted' names either a policy or a webhook", at: node.mark)
        }
        return policy.map(ExhaustedAction.policy) ?? webhook.map(ExhaustedAction.webhook)
    }

    private enum PlainExhausted: String, CaseIterable { case review, nothing }

    private func budget(_ node: YAMLNode, _ title: String) -> BudgetSettings? {
        guard let section = SectionReader(session, node, section: "budget", title: "'budget' of \(title)") else {
            return nil
        }
        let perDelivery = section.money("per_delivery")
        if !section.has("per_delivery") { section.missing("per_delivery") }
        let action = section.word("on_budget", BudgetAction.self) ?? .review
        section.finish()
        return perDelivery.map { BudgetSettings(perDelivery: $0, onBudget: action, mark: section.mark) }
    }
}

extension SectionReader {
    /// `review: required`: nothing is sent before a person approves it.
    func needsReview() -> Bool { word("review", ReviewWord.self) != nil }
}

private enum ReviewWord: String, CaseIterable { case required }
