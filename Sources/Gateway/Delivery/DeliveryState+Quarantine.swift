// What becomes of a delivery that the process died at, twice in a row. Nothing here may trap: `decide` is not asked.

extension DeliveryState {
    /// How many fingerprints are kept; an older one would have to crash twice again.
    static let longestQuarantine = 8

    /// Bars an event, and holds the delivery for a person: until `expires`, evidence, an answer or a cancellation. A
    /// delivery that is due to expire ends at once, without recalling anything.
    /// - Parameter event: its fingerprint; barring it again changes nothing more.
    /// - Returns: commands, as `decide` returns them.
    public mutating func quarantine(_ event: UInt64, now: Timestamp) -> [DeliveryCommand] {
        bar(event)
        guard !phase.isTerminal else { return [] }
        var commands = leavePlace()
        if expiresAt <= now {
            phase = .expired
            askedUntil = nil
            commands.append(.note(.ended(.expired, late: isLate)))
        } else {
            commands += hold()
        }
        if !reviewIsOpen {
            reviewIsOpen = true
            commands.append(.openReview(.crashedTwice))
        }
        return commands + rearmForExpiry()
    }

    private mutating func bar(_ event: UInt64) {
        guard !quarantined.contains(event) else { return }
        if quarantined.count >= Self.longestQuarantine { quarantined.removeFirst() }
        quarantined.append(event)
    }

    /// No clock runs and no slot is waited for any more.
    private mutating func leavePlace() -> [DeliveryCommand] {
        var commands: [DeliveryCommand] = []
        for step in steps.indices where steps[step].status.isOpen && steps[step].status != .waiting {
            if steps[step].status == .ready { commands.append(.leaveLane(step: step)) }
            steps[step].status = .superseded
            steps[step].clock = nil
            steps[step].wakeAt = nil
            steps[step].submitSince = nil
        }
        return commands
    }

    private mutating func hold() -> [DeliveryCommand] {
        phase = .active
        reviewUntil = nil
        guard steps.indices.contains(current) else { return [] }
        steps[current].status = .held(.crashedTwice)
        steps[current].submitIsOver = false
        return [.note(.held(step: current, .crashedTwice))]
    }

    private mutating func rearmForExpiry() -> [DeliveryCommand] {
        guard phase == .active else {
            guard armed != nil else { return [] }
            armed = nil
            return [.arm(nil)]
        }
        generation &+= 1
        let timer = ArmedTimer(kind: .expires, due: expiresAt, generation: generation)
        armed = timer
        return [.arm(timer)]
    }
}
