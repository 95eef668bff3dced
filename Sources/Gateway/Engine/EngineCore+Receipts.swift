// Circuits of providers and countries: what becomes of texts that a provider accepted
// (docs/decisions/0036-circuits-of-providers.md).

extension EngineCore {
    /// Notes what an event said about the arrival of a text. Its sample counts once the turn is committed.
    func observe(
        _ event: DeliveryEvent, _ commands: [DeliveryCommand], _ delivery: LiveDelivery, before: DeliveryState
    ) {
        guard before.phase == .active, before.steps.indices.contains(before.current) else { return }
        let step = before.steps[before.current]
        guard let attempt = step.attempt.map(Int.init), before.attempts[attempt].level < .delivered,
            before.attempts[attempt].outcome == nil,
            let isDelivered = verdict(event, commands, delivery.state, attempt: attempt, step: before.current, step)
        else { return }
        guard !before.attempts[attempt].receiptsAreWeak,
            let route = receiptRoute(delivery, delivery.entry(ofAttempt: attempt))
        else { return }
        samples.append(.init(route: route, delivery: delivery.id, isDelivered: isDelivered))
    }

    /// Whether a text arrived or missed its clock with this event; `nil` while nobody knows, and when it is the number's
    /// fault.
    private func verdict(
        _ event: DeliveryEvent, _ commands: [DeliveryCommand], _ after: DeliveryState, attempt: Int, step: Int,
        _ before: StepState
    ) -> Bool? {
        if after.attempts[attempt].level >= .delivered { return true }
        switch after.attempts[attempt].outcome {
        case .failed, .undelivered: return commands.contains(where: \.isNumbersFault) ? nil : false
        case nil: break
        default: return nil
        }
        guard before.status == .submitted, let clock = before.clock?.kind, [.queue, .deliver, .confirm].contains(clock)
        else { return nil }
        switch event {
        case .timer, .polled: break
        default: return nil
        }
        // The delivery's own end is no miss of the text.
        let isLeft = after.steps[step].status != .submitted || after.steps[step].clock == nil
        return isLeft && after.phase != .expired ? false : nil
    }

    /// The route whose circuit a text of `entry` counts for; `nil` for calls, and where receipts say nothing.
    /// - Parameter entry: a step, as one of its senders carries it out.
    func receiptRoute(_ delivery: LiveDelivery, _ entry: PlanStep) -> ReceiptCircuits.Route? {
        guard entry.intrusiveness == .text, entry.receipts == .reliable,
            entry.deliverWithin <= ReceiptShare.longestClock, let country = delivery.job.recipient.country,
            let lane = lanes[entry.channel]
        else { return nil }
        return .init(provider: lane.settings.provider, kind: entry.kind, country: country)
    }

    /// A text leaves.
    func noteSent(_ delivery: LiveDelivery, _ entry: PlanStep) {
        guard !receipts.troubles.isEmpty, let route = receiptRoute(delivery, entry) else { return }
        receipts.sent(delivery.id, route, until: now + entry.deliverWithin + .seconds(60))
    }

    /// Before a turn: the last one is committed, so its samples count.
    func takeSamples() {
        receiptNews = carriedReceiptNews
        carriedReceiptNews = []
        guard !samples.isEmpty else { return }
        receiptNews += receipts.take(samples, at: now)
        samples.removeAll(keepingCapacity: true)
    }

    /// Tells what opened and closed, and lets those go on who wait for it.
    func actOnReceipts() {
        for (route, isOpen) in receiptNews {
            turn.notices.append(.receiptCircuit(.init(route), isOpen: isOpen))
            if isOpen { keepError(.receiptsFell, provider: route.provider, country: route.country) }
        }
        if receiptNews.contains(where: { !$0.isOpen }) { recheckHeld() }
        for route in receipts.halfOpen(at: now) { letOneGo(over: route) }
    }

    /// One of those who wait for the circuit looks again; the others stay where they are.
    private func letOneGo(over route: ReceiptCircuits.Route) {
        for id in held.sorted() {
            guard let delivery = live[id], waitsForCircuit(delivery), goes(delivery, over: route) else { continue }
            apply(.recheck, to: delivery)
            if !waitsForCircuit(delivery) { return }
        }
    }

    /// Whether one of the senders of the step on its way goes over a route.
    private func goes(_ delivery: LiveDelivery, over route: ReceiptCircuits.Route) -> Bool {
        let step = delivery.plan.steps[delivery.state.current]
        return (0..<step.senderCount).contains { receiptRoute(delivery, step.over($0)) == route }
    }

    /// A chain that has ended waits for nothing; it may do so while it looks again.
    private func waitsForCircuit(_ delivery: LiveDelivery) -> Bool {
        delivery.step != nil && delivery.state.steps[delivery.state.current].status == .held(.circuitOpen)
    }
}

extension DeliveryCommand {
    /// The number cannot be reached this way, whoever tries.
    fileprivate var isNumbersFault: Bool {
        switch self {
        case .markUnfit, .markNumberBad, .withdrawConsent: true
        default: false
        }
    }
}
