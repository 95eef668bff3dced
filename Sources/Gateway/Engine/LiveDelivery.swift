/// A delivery in memory: open, or ended and read again because something late happened to it.
///
/// It belongs to the engine's thread, which changes it in place and remembers what it was before the running turn.
final class LiveDelivery {
    /// What never changes. Whoever makes a request reads it on another thread.
    final class Fixed: Sendable {
        let plan: DeliveryPlan
        let job: DeliveryJob

        init(plan: DeliveryPlan, job: DeliveryJob) {
            self.plan = plan
            self.job = job
        }
    }

    let id: RecordID
    let fixed: Fixed
    var state: DeliveryState
    /// The ticket of its entry in a lane; zero when it is in none.
    var laneTicket: UInt64 = 0
    /// That lane; its step may have another sender by the time at which it leaves.
    var lane: Lane?
    /// The number of its tenant; `nil` until somebody asked.
    var tenant: Int?
    /// Its step waits for its provider, and looks again when a circuit changes.
    var isHeld = false
    /// Its place in the row of idle deliveries; zero when it has none.
    var idleTicket: UInt64 = 0
    /// What the running configuration says of the step that is to go.
    var known: KnownStep?
    /// What it counts as in its mailing, as of the last commit.
    var share = MailingShare()

    // The running turn.
    /// What a failed commit makes of it; `nil` while the turn has not touched it.
    var origin: Origin?
    var notes: [DeliveryNote] = []

    enum Origin {
        /// It is not in memory: it comes with this turn, or had ended before.
        case none
        case open(DeliveryState)
    }

    init(_ id: RecordID, state: DeliveryState, plan: DeliveryPlan, job: DeliveryJob) {
        self.id = id
        self.state = state
        fixed = Fixed(plan: plan, job: job)
    }

    var plan: DeliveryPlan { fixed.plan }
    var job: DeliveryJob { fixed.job }

    /// The step on its way; `nil` when there is none.
    var step: PlanStep? { plan.steps.indices.contains(state.current) ? plan.steps[state.current] : nil }

    /// A step as its present sender carries it out.
    func entry(_ step: Int) -> PlanStep { plan.steps[step].over(Int(state.steps[step].sender)) }

    /// The step of an attempt, as the sender carried it out that was used.
    func entry(ofAttempt attempt: Int) -> PlanStep { plan.step(of: state.attempts[attempt]) }

    /// What errors of a step speak of: its last attempt's sender, also when the step goes on over another one.
    func failedEntry(_ step: Int) -> PlanStep {
        state.steps[step].attempt.map { entry(ofAttempt: Int($0)) } ?? entry(step)
    }

    /// The turn is over: its past is of no use any more.
    func forgetTurn() {
        origin = nil
        notes = []
        // What waits in a lane asks again when its turn comes.
        if laneTicket == 0 { known = nil }
    }

    func note(_ line: DeliveryNote) {
        if notes.isEmpty { notes.reserveCapacity(8) }
        notes.append(line)
    }
}

/// What the running configuration says of a step over a sender. It is asked when the step starts, again when it may go,
/// and when it goes, mostly in one turn; a reload forgets it.
final class KnownStep {
    let step: Int
    let sender: Int
    let route: StepRoute
    /// Whether the content can go: it is rendered for that.
    var verdict: (windowIsOpen: Bool, skip: SkipReason?)?
    /// What the quiet hours say at a time.
    var opening: (at: Timestamp, QuietOpening)?

    init(step: Int, sender: Int, route: StepRoute) {
        self.step = step
        self.sender = sender
        self.route = route
    }

    /// Where the step's requests go; `nil` when the sender is gone.
    var settings: LaneSettings? {
        if case .sender(let settings) = route { settings } else { nil }
    }
}
