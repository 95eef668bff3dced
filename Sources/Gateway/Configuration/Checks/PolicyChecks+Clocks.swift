extension PolicyChecks {
    /// Clocks that wait for what never comes, or for what nobody waits for.
    func checkIdleClocks(_ policy: PolicyDefinition) {
        for step in policy.steps where step.target == nil {
            checkAckClock(step, policy)
            checkReadClock(step, policy)
        }
    }

    private func checkAckClock(_ step: StepDefinition, _ policy: PolicyDefinition) {
        guard step.ackWithin != nil, !policy.ack.required else { return }
        session.warning(
            "ack_clock_without_ack",
            "policy '\(policy.name)' asks for no acknowledgement, so 'ack_within' has no effect; remove it, or set "
                + "'ack: { required: true }'", at: step.mark)
    }

    private func checkReadClock(_ step: StepDefinition, _ policy: PolicyDefinition) {
        guard step.readWithin != nil, let (channel, capabilities) = capabilities(step) else { return }
        let canBeRead = capabilities.provesUpTo >= .read
        if policy.ack.required || policy.success == .read {
            // A success that is out of reach is an error of its own.
            guard !canBeRead, policy.ack.required else { return }
            session.warning(
                "read_clock_without_read",
                "'read_within' waits for a receipt that channel '\(channel.name)' never gives, so that the step ends as if "
                    + "unread; remove it, or shorten 'ack_within'", at: step.mark)
        } else {
            session.warning(
                "read_clock_without_read",
                "policy '\(policy.name)' does not wait until it is read, so 'read_within' has no effect; remove it, or "
                    + "set 'success: read'" + (canBeRead ? "" : " on another channel"), at: step.mark)
        }
    }
}
