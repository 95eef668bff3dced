// Steps that deliveries of their own carry out: other people, or several channels at once.

extension Decider {
    mutating func delegate(_ step: Int) {
        state.steps[step].status = .delegated
        state.steps[step].clock = nil
        state.steps[step].wakeAt = nil
        note(.delegated(step: step))
        emit(.delegate(step: step))
    }

    /// An acknowledgement of one of them comes as the delivery's own.
    mutating func delegated(_ step: Int, _ result: DelegationResult) {
        guard currentStep == step, state.steps[step].status == .delegated else { return }
        note(.delegationEnded(step: step, result))
        switch result {
        case .nobody:
            leave(step, as: .skipped(.nobody))
            start(from: step + 1)
        case .satisfied where !plan.ackRequired: satisfy(byStep: step)
        // One of several may still bring what is waited for.
        case .satisfied: break
        case .ended: conclude(step, plan.ackRequired ? .unacknowledged : .failed)
        }
    }
}
