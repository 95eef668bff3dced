import YAML

/// Whether policies can do what they say: levels, clocks, hand-overs.
struct PolicyChecks {
    let session: ReadingSession
    let configuration: GatewayConfiguration

    func run() {
        for policy in configuration.policies {
            checkLevels(policy)
            checkClocks(policy)
            checkProof(policy)
            checkIdleClocks(policy)
            checkBudget(policy)
            checkReviews(policy)
        }
        checkSharedBudgets()
        // Who goes round in a circle reaches no number of people.
        if !checkHandOvers() { checkPeople() }
    }

    func capabilities(_ step: StepDefinition) -> (ChannelSettings, ChannelCapabilities)? {
        guard let channel = configuration.channels[step.channel],
            let known = session.catalogue.channel(channel.kind)
        else { return nil }
        return (channel, known.capabilities)
    }

    // MARK: Levels

    private func checkLevels(_ policy: PolicyDefinition) {
        for (index, step) in policy.steps.enumerated() {
            guard let (channel, capabilities) = capabilities(step) else { continue }
            if !policy.ack.required, policy.success > capabilities.provesUpTo {
                session.error(
                    "level_out_of_reach",
                    "channel '\(channel.name)' can never prove '\(policy.success)', the success of policy '\(policy.name)'; "
                        + "choose a lower 'success' or another channel", at: step.mark)
            }
            guard !policy.ack.required, policy.success == .read, capabilities.intrusiveness == .text else { continue }
            checkRead(step, next: policy.steps.dropFirst(index + 1).first, policy)
        }
    }

    private func checkRead(_ step: StepDefinition, next: StepDefinition?, _ policy: PolicyDefinition) {
        guard step.readWithin != nil else {
            session.error(
                "read_without_clock",
                "policy '\(policy.name)' waits until it is read, so this step needs 'read_within'", at: step.mark)
            return
        }
        guard let next, let (channel, capabilities) = capabilities(next), capabilities.intrusiveness == .call else {
            return
        }
        session.warning(
            "call_on_unread",
            "the call on '\(channel.name)' hangs on a read receipt alone, which people can switch off; ask for an "
                + "acknowledgement instead", at: next.mark)
    }

    // MARK: Clocks

    /// The sum of maxima must fit in `expires`, for critical envelopes too.
    private func checkClocks(_ policy: PolicyDefinition) {
        for priority in [Priority.normal, .critical] {
            let longest = policy.longest(priority: priority, among: configuration.policies) { name in
                guard let channel = configuration.channels[name],
                    let known = session.catalogue.channel(channel.kind)
                else { return nil }
                return (channel.kind, known.capabilities.intrusiveness)
            }
            let expires = policy.expires(for: priority)
            guard longest > expires else { continue }
            let who = priority == .critical && policy.expires == nil ? " for critical envelopes" : ""
            session.error(
                "clocks_exceed_expires",
                "the steps of policy '\(policy.name)' can take \(ScalarText.text(of: longest)), but it expires after "
                    + "\(ScalarText.text(of: expires))\(who); shorten the clocks or raise 'expires'", at: policy.mark)
            return
        }
    }

    /// The last step has nobody to hand over to: only its own second try gets an ambiguous text out.
    private func checkProof(_ policy: PolicyDefinition) {
        guard let step = policy.steps.last, let within = step.deliverWithin, within < StepClocks.proof,
            step.onAmbiguous != .resend, let (_, capabilities) = capabilities(step), capabilities.looksUp,
            capabilities.intrusiveness == .text
        else { return }
        session.warning(
            "deliver_before_proof",
            "'deliver_within' of \(ScalarText.text(of: within)) can end before look-ups prove that an ambiguous text was "
                + "not sent (\(ScalarText.text(of: StepClocks.proof))), so that the last step of policy "
                + "'\(policy.name)' is not tried again; raise it, or set 'on_ambiguous: resend'", at: step.mark)
    }

    /// What has no price is free for a budget.
    private func checkBudget(_ policy: PolicyDefinition) {
        if let budget = policy.budget { checkPrices(of: policy, "'budget' of policy '\(policy.name)'", budget.mark) }
    }

    private func checkSharedBudgets() {
        guard let budget = configuration.budgets.first else { return }
        for policy in configuration.policies {
            if !checkPrices(of: policy, "budget '\(budget.name)'", budget.mark) { return }
        }
    }

    /// Whether everything that a policy uses has a price.
    @discardableResult
    private func checkPrices(of policy: PolicyDefinition, _ title: String, _ mark: YAMLMark) -> Bool {
        for name in policy.steps.flatMap(\.channels) {
            guard let channel = configuration.channels[name],
                let country = configuration.countries.allowed.first(where: { country in
                    configuration.prices.price(over: channel.name, of: channel.kind, country: country) == nil
                })
            else { continue }
            session.warning(
                "budget_without_price",
                "\(title) does not see what channel '\(channel.name)' costs, which has no price in \(country); add it "
                    + "under 'prices'", at: mark)
            return false
        }
        return true
    }

    /// Other people belong to what was approved as a whole; a review of their own would never be asked for.
    private func checkReviews(_ policy: PolicyDefinition) {
        for step in policy.steps {
            guard let target = step.target, configuration.policies[target.policy]?.needsReview == true else { continue }
            session.error(
                "review_of_target",
                "policy '\(target.policy)' asks for a review, which other people's deliveries do not wait for; put "
                    + "'review' on policy '\(policy.name)', or name another policy for them", at: step.mark)
        }
    }

    // MARK: Hand-overs

    /// Policies that hand over to each other would never end. Returns whether there are some.
    private func checkHandOvers() -> Bool {
        var isEndless = false
        var targets: [String: [String]] = [:]
        for policy in configuration.policies { targets[policy.name] = Self.handOvers(of: policy) }
        for policy in configuration.policies {
            var seen: Set<String> = []
            var open = targets[policy.name] ?? []
            while let name = open.popLast() {
                if name == policy.name {
                    isEndless = true
                    session.error(
                        "endless_policy", "policy '\(policy.name)' hands over to itself in the end; break the circle",
                        at: policy.mark)
                    break
                }
                if seen.insert(name).inserted { open += targets[name] ?? [] }
            }
        }
        return isEndless
    }

    // MARK: Other people

    /// Each level multiplies the people that a message can reach.
    private func checkPeople() {
        for policy in configuration.policies {
            guard let people = people(of: policy, levels: PolicyDefinition.targetLevels) else {
                session.error(
                    "targets_too_deep",
                    "the targets of policy '\(policy.name)' lead to targets of their own over more than "
                        + "\(PolicyDefinition.targetLevels) levels; name the people in one group", at: policy.mark)
                continue
            }
            guard people > PolicyDefinition.mostPeople else { continue }
            session.error(
                "too_many_people",
                "a message by policy '\(policy.name)' can reach \(people) other people, more than "
                    + "\(PolicyDefinition.mostPeople); make the groups smaller", at: policy.mark)
        }
    }

    /// How many other people a delivery can lead to; `nil` when that takes more levels.
    private func people(of policy: PolicyDefinition, levels: Int) -> Int? {
        var sum = 0
        for target in policy.steps.compactMap(\.target) {
            guard levels > 0 else { return nil }
            guard let next = configuration.policies[target.policy] else { continue }
            guard let others = people(of: next, levels: levels - 1) else { return nil }
            sum += configuration.size(of: target.target) * (1 + others)
        }
        return sum
    }

    private static func handOvers(of policy: PolicyDefinition) -> [String] {
        var names: [String] = []
        if case .policy(let name) = policy.onExhausted { names.append(name) }
        for step in policy.steps {
            if let target = step.target { names.append(target.policy) }
            for rule in step.outcomes {
                if case .policy(let name) = rule.action { names.append(name) }
            }
        }
        return names
    }
}
