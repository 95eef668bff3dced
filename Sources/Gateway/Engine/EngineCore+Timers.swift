// Timers that are due. One that ends in a question to the provider fires when the question can leave at once: the five
// seconds for the answer must not pass in our own queue, where a storm of overdue clocks would become a storm of calls.

extension EngineCore {
    func fireTimers() {
        fireWaiting()
        while let entry = heap.first, entry.due <= now {
            _ = heap.removeFirst()
            guard isArmed(entry) else { continue }
            if asks(entry), queriesInFlight >= Self.queryWindow {
                waitingTimers.append(entry)
            } else {
                apply(.timer(generation: entry.generation), to: entry.delivery)
            }
        }
    }

    /// In the order in which they were due, as far as questions can leave.
    private func fireWaiting() {
        var next = 0
        while next < waitingTimers.count, queriesInFlight < Self.queryWindow {
            let entry = waitingTimers[next]
            next += 1
            if isArmed(entry) { apply(.timer(generation: entry.generation), to: entry.delivery) }
        }
        waitingTimers.removeFirst(next)
    }

    private func isArmed(_ entry: TimerHeap.Entry) -> Bool {
        live[entry.delivery]?.state.armed?.generation == entry.generation
    }

    /// Whether the clock's end begins with a status query, as far as it can be told from outside.
    private func asks(_ entry: TimerHeap.Entry) -> Bool {
        guard let delivery = live[entry.delivery], let timer = delivery.state.armed,
            delivery.plan.steps.indices.contains(delivery.state.current)
        else { return false }
        let step = delivery.plan.steps[delivery.state.current]
        switch timer.kind {
        case .queue, .deliver, .read, .ringing, .call: return step.canPoll
        case .ack: return step.canPoll && (step.intrusiveness == .call || now > timer.due + delivery.plan.catchUpGrace)
        case .submit, .lane, .afterCall, .confirm, .starts, .expires, .wake: return false
        }
    }
}
