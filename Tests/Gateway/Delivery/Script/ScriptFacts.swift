import Gateway

/// Facts that a test sets by hand.
struct ScriptFacts: StepFacts {
    var ineligible: [Int: SkipReason] = [:]
    /// Steps that have consent of their own.
    var ownConsent: Set<Int> = [0, 1, 2, 3]
    var holds: [Int: HoldReason] = [:]
    var openings: [Int: QuietOpening] = [:]
    var laneWaits: [Int: Duration] = [:]
    var prices: [Int: Int64] = [:]
    /// Steps over which the person was reached as often as anybody may be.
    var overexposed: Set<Int> = []
    var jitter = 0.0

    func ineligibility(ofStep step: Int, consentOnly: Bool) -> SkipReason? {
        ineligible[step] ?? (consentOnly && !ownConsent.contains(step) ? .noConsent : nil)
    }

    func hold(ofStep step: Int) -> HoldReason? { holds[step] }

    func opening(ofStep step: Int) -> QuietOpening { openings[step] ?? .open }

    func price(ofStep step: Int) -> Int64 { prices[step] ?? 0 }

    func isOverexposed(toStep step: Int) -> Bool { overexposed.contains(step) }

    func laneWait(ofStep step: Int) -> Duration { laneWaits[step] ?? .zero }
}
