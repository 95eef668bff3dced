// `cooldown`: the distance between two calls with a number. Who waits for it is ready and parked, as behind a live call.

extension EngineCore {
    /// Whether a call must wait for one that is live, or until the last one is long enough ago.
    func mustWait(_ delivery: LiveDelivery) -> Bool {
        let number = delivery.job.recipient.number
        if calls.call(to: number) != nil { return true }
        guard let opening = pauses.opening(number, after: delivery.plan.cooldown, at: now) else { return false }
        pauses.await(number, until: opening)
        return true
    }

    /// A call with the number ended now; a restart must know it too.
    func beginPause(_ number: String) {
        pauses.ended(number, at: now)
        turn.batch.marks.append(
            AddressMark(number: number, kind: .called, scope: "*", at: now, until: now + CallPauses.longest))
    }

    /// Those whose distance is over stand in their lanes again.
    func unparkRested() {
        for number in pauses.opened(at: now) where calls.call(to: number) == nil { unpark(number) }
    }

    /// Takes what the store knows of a number.
    func learn(_ mark: AddressMark) {
        switch mark.kind {
        case .called: pauses.ended(mark.number, at: mark.at)
        case .exposed: exposures.learn(mark)
        case .unfit, .bad, .consented, .optedOut, .inbound, .replied, .forwarded, .proven, .wrongPIN:
            book.set(mark, now: now)
        }
    }
}
