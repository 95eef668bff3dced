import Gateway

extension Scenario {
    /// What `swift test` explores.
    static let usual: [Scenario] =
        [
            fullChain, people, smsThenVoice, voiceOnly, redials, weakReceipts, quietHours, circuits, overrides, resends,
            bare, lanes, refusals, otherPeople, broadcast, rounds, lastRound, reopened, spending, spendingBlocked,
            shared, overexposed, reviewed, overspending, sharedBudget, unwanted,
        ] + senders

    /// The same with one more report, then with one more misfortune, then with a person; for `make soak`.
    static var soaked: [Scenario] {
        let larger: [(String, WritableKeyPath<Budget, Int> & Sendable)] = [
            ("one more report", \.reports), ("one more misfortune", \.troubles), ("one more person", \.people),
        ]
        return larger.flatMap { name, bound in
            usual.map { scenario in
                var soaked = scenario
                soaked.name += ", " + name
                soaked.budget[keyPath: bound] += 1
                soaked.hasReplies = true
                return soaked
            }
        }
    }

    /// WhatsApp, SMS, a call; somebody must acknowledge.
    static let fullChain = Scenario(
        "whatsapp, sms, voice, acknowledged", .acked(.whatsapp(), .sms(), .voice()),
        [[.delivered, .failed], [.sent, .failed], [.ringing, .answered, .busy]])

    /// The same chain without misfortunes, but people answer, refuse, cancel or stop it at any moment.
    static let people = Scenario(
        "whatsapp, sms, voice, and people", .acked(.whatsapp(), .sms(), .voice()), fullChain.rumours
    ) {
        $0.budget.people = 1
        $0.budget.troubles = 0
        $0.budget.stopTroubles()
    }

    /// A text, then a call; delivered is enough.
    static let smsThenVoice = Scenario("sms, voice, delivered", .chain(.sms(), .voice()), [Rumour.text, Rumour.call])

    static let voiceOnly = Scenario("voice alone, acknowledged", .acked(.voice()), [Rumour.call]) {
        $0.budget.reports = 3
        $0.budget.troubles = 2
        $0.budget.people = 1
    }

    /// Two calls are allowed, and every outcome redials.
    static let redials = Scenario(
        "voice twice, then sms",
        .acked(
            .voice {
                for outcome in [AttemptOutcome.busy, .timeout, .humanNoKey] {
                    $0.outcomes[outcome] = .retry(after: .seconds(20), times: 3)
                }
            }, .sms()
        ) { $0.maxCalls = 2 }, [[.ringing, .completed, .busy], []])

    static let weakReceipts = Scenario(
        "weak receipts, read where they are not",
        .chain(.sms { $0.receipts = .weak }, .whatsapp { $0.readWithin = .seconds(300) }) { $0.success = .read },
        [Rumour.text, Rumour.chat]
    ) { $0.budget.pauses = 1 }

    /// Texts sleep an hour, the call does not.
    static let quietHours = Scenario(
        "quiet hours", .chain(.sms(), .whatsapp(), .voice()), [[.sent], [.sent], [.ringing]]
    ) {
        $0.asleep = 0b011
        $0.down = 0b001
        $0.budget.changes = 2
        $0.budget.troubles = 2
    }

    /// Circuits open and close; what is sent may be ambiguous for long.
    static let circuits = Scenario("circuits", .chain(.sms(), .voice()), [[.sent, .failed], [.ringing, .busy]]) {
        $0.down = 0b01
        $0.budget.changes = 2
        $0.budget.silences = 2
        $0.budget.troubles = 3
        $0.budget.reports = 1
    }

    /// Every action that a step may name for an outcome.
    static let overrides = Scenario(
        "outcomes that are not next",
        .acked(
            .whatsapp {
                $0.outcomes = [.failed: .retry(after: .seconds(30), times: 1), .timeout: .wait, .unacknowledged: .next]
            }, .sms { $0.outcomes = [.undelivered: .review, .timeout: .stop, .unacknowledged: .policy("other")] },
            .voice()
        ) {
            $0.onExhausted = .review
            $0.onReject = .next
        }, [[.sent, .delivered, .failed(.init(.content, .now))], [.delivered, .failed], []])

    static let resends = Scenario(
        "sms resent when ambiguous", .acked(.sms { $0.onAmbiguous = .resend }, .voice()), [Rumour.text, []]
    ) {
        $0.budget.breaks = 2
        $0.budget.troubles = 2
    }

    /// Nothing can be looked up, polled or recalled.
    static let bare = Scenario(
        "no look-up, no poll, no recall",
        .chain(
            .sms {
                $0.canLookUp = false
                $0.canPoll = false
                $0.canRecall = false
                $0.reportsSent = false
            },
            .voice {
                $0.canLookUp = false
                $0.canPoll = false
                $0.canRecall = false
            }), [Rumour.text, Rumour.call])

    static let lanes = Scenario(
        "lane_within",
        .chain(.whatsapp { $0.laneWithin = .seconds(60) }, .sms { $0.laneWithin = .seconds(60) }, .voice()),
        [[.sent], [.failed], []]
    ) {
        $0.laneWaits = [.seconds(100), .seconds(5), .seconds(1)]
        $0.startsAfter = .seconds(600)
    }

    /// Every advice a provider may give, in an answer and in a report.
    static let refusals = Scenario(
        "refusals", .chain(.whatsapp { $0.hasTemplate = true }, .sms(), .voice()) { $0.onExhausted = .review },
        [[.failed(.init(.outsideWindow, .template))], [.failed(.init(.optedOut, .consent))], [.ringing, .busy]]
    ) {
        $0.ownConsent = [0, 2]
        $0.refusals = [
            .init(.unavailable, .after(retryAfter: .seconds(10))), .init(.content, .now), .init(.content, .provider),
            .init(.invalidRecipient, .otherAddress), .init(.outsideWindow, .template), .init(.optedOut, .consent),
            .init(.content, .hold), .init(.auth, .stopSender),
        ]
        $0.budget.refusals = 2
    }

    /// An SMS, then whoever is on duty, then a call.
    static let otherPeople = Scenario(
        "sms, others, voice",
        .acked(
            .sms(), PlanStep(.target(.schedule("duty"), policy: "crew", within: nil)),
            .voice()), [[.failed], [], [.ringing]]
    ) {
        $0.budget.people = 1
    }

    /// Several channels at once: the delivery itself sends nothing.
    static let broadcast = Scenario("broadcast", .chain(PlanStep(.broadcast(3))), [[]]) {
        $0.plan.onExhausted = .review
        $0.budget.people = 2
        $0.budget.troubles = 2
    }

    private static let repeated = DeliveryPlan.acked(.voice(), .sms()) {
        $0.repeats = Repeats(times: 2, gap: .seconds(900))
        $0.maxCallsTotal = 2
        $0.onExhausted = .review
    }

    /// One round is left, and two calls in all.
    static let rounds = Scenario("a round in the middle", repeated, [[.ringing, .busy], [.failed]]) {
        $0.round = 1
        $0.callsBefore = 1
        $0.budget.people = 1
    }

    /// No round is left, and no call.
    static let lastRound = Scenario("the last round", repeated, [Rumour.call, [.sent, .failed]]) {
        $0.round = 2
        $0.callsBefore = 2
        $0.budget.people = 1
    }

    static let reopened = Scenario(
        "reopened after an acknowledgement", .acked(.sms()) { $0.reopenAfter = .seconds(14_400) },
        [[.sent, .delivered]]
    ) {
        $0.budget.people = 2
        $0.startsAfter = .seconds(60)
    }

    /// The budget allows for two texts, or for one and no call; repeats cost again.
    static let spending = Scenario(
        "a budget that skips",
        .acked(
            .sms { $0.outcomes[.timeout] = .retry(after: .seconds(20), times: 3) },
            .voice(), .whatsapp()
        ) { $0.budget = DeliveryBudget(micros: 25, action: .skip) }, [[.failed], [.ringing], [.delivered]]
    ) {
        $0.prices = [10, 20, 5]
        $0.budget.refusals = 2
        $0.budget.crashes = 0
    }

    static let spendingBlocked = Scenario(
        "a budget that blocks",
        .chain(.sms(), .voice()) {
            $0.budget = DeliveryBudget(micros: 25, action: .block)
            $0.onExhausted = .review
        }, [[.sent, .delivered, .failed], Rumour.call]
    ) {
        $0.prices = [10, 20, 0]
        $0.budget.people = 1
    }

    /// Calls that are its own or another's; the budget allows for one of its own.
    static let shared = Scenario(
        "calls that are shared",
        .acked(.voice { $0.outcomes[.busy] = .retry(after: .seconds(20), times: 2) }, .sms()) {
            $0.maxCalls = 2
            $0.budget = DeliveryBudget(micros: 25, action: .skip)
        }, [Rumour.call, [.failed]]
    ) {
        $0.hasOthers = true
        $0.hasReplies = false
        $0.prices = [20, 5, 0]
        $0.budget.people = 1
    }

    /// The person was called as often as anybody may be.
    static let overexposed = Scenario(
        "a person who was called too often", .acked(.sms(), .voice(), .whatsapp()),
        [[.sent, .failed], Rumour.call, [.delivered]]
    ) {
        $0.overexposed = [1]
        $0.budget.people = 1
    }

    /// Nothing is sent before it is approved; people do whatever they like before and after.
    static let reviewed = Scenario(
        "reviewed before it is sent",
        .acked(.sms(), .voice()) {
            $0.reviewWithin = .seconds(3_600)
            $0.onExhausted = .review
        }, [[.delivered, .failed], [.ringing, .busy]]
    ) {
        $0.needsReview = true
        $0.startsAfter = .seconds(60)
        $0.budget.people = 2
    }

    /// A person decides about every step that the budget denies.
    static let overspending = Scenario(
        "a budget that asks",
        .chain(.sms { $0.outcomes[.timeout] = .retry(after: .seconds(20), times: 1) }, .voice()) {
            $0.budget = DeliveryBudget(micros: 5, action: .review)
            $0.reviewWithin = .seconds(3_600)
        }, [[.sent, .delivered, .failed], [.ringing, .human]]
    ) {
        $0.prices = [10, 20, 0]
        $0.budget.people = 3
        $0.budget.crashes = 0
        $0.budget.reports = 1
    }

    /// A budget that the delivery shares with others denies the second step.
    static let sharedBudget = Scenario(
        "a shared budget that skips", .acked(.sms(), .voice(), .whatsapp()), [[.failed], [.ringing], [.delivered]]
    ) {
        $0.shared = DeliveryBudget(micros: 25, action: .skip)
        $0.prices = [10, 20, 5]
        $0.budget.refusals = 2
        $0.budget.crashes = 0
    }

    /// The recipient wants nothing of the topic, others are asked.
    static let unwanted = Scenario(
        "an unwanted topic, others, and a call",
        .acked(.sms(), PlanStep(.target(.group("crew"), policy: "crew", within: nil)), .voice()) {
            $0.onExhausted = .review
        }, [[], [], []]
    ) {
        $0.ineligible = [0: .topicOff, 2: .topicOff]
        $0.budget.people = 1
    }
}
