// Timers that are due. One that ends in a question to the provider fires when the question can leave at once: the five
// seconds for the answer must not pass in our own queue, where a storm of overdue clocks would become a storm of calls.

extension EngineCore {
    /// Timers that fire in one turn: what became due during an outage must not become one commit.
    private static let timersPerTurn = 1_000

    func fireTimers() {
        fireWaiting()
        var left = Self.timersPerTurn
        while left > 0, turn.refusal == nil, let entry = heap.first, entry.due <= now {
            _ = heap.removeFirst()
            guard isArmed(entry) else { continue }
            if queriesInFlight >= Self.queryWindow, asks(entry) {
                waitingTimers.append(entry)
            } else {
                fire(entry)
                left -= 1
            }
        }
    }

    /// In the order in which they were due, as far as questions can leave.
    private func fireWaiting() {
        while queriesInFlight < Self.queryWindow, turn.refusal == nil, let entry = waitingTimers.popFirst() {
            if isArmed(entry) { fire(entry) }
        }
    }

    private func fire(_ entry: TimerHeap.Entry) {
        guard let delivery = open(entry.delivery) else {
            // It rests and cannot be read now.
            heap.insert(entry)
            return
        }
        apply(.timer(generation: entry.generation), to: delivery)
    }

    /// The entry is its delivery's one timer.
    func isArmed(_ entry: TimerHeap.Entry) -> Bool {
        let generation = live[entry.delivery]?.state.armed?.generation ?? resting[entry.delivery]
        return generation == entry.generation
    }

    /// Whether the clock's end begins with a status query, as far as it can be told from outside; of one that rests not
    /// much can.
    private func asks(_ entry: TimerHeap.Entry) -> Bool {
        switch entry.kind {
        case .submit, .lane, .afterCall, .confirm, .starts, .expires, .wake, .review: return false
        case .queue, .deliver, .read, .ringing, .call, .ack: break
        }
        guard let delivery = live[entry.delivery] else { return true }
        guard let step = delivery.step else { return false }
        guard entry.kind == .ack else { return step.canPoll }
        let isLate = now > entry.due + delivery.plan.catchUpGrace
        return step.canPoll && (step.intrusiveness == .call || isLate)
    }
}
