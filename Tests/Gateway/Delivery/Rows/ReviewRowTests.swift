import Gateway
import Testing

@Suite("What a person must approve before it is sent")
struct ReviewRowTests {
    private static let hour = 3_600.0

    private func script(
        _ plan: DeliveryPlan = .acked(.sms(), .voice()), startsAfter wait: Double = 0,
        _ change: (inout DeliveryPlan) -> Void = { _ in }
    ) -> DeliveryScript {
        var plan = plan
        plan.expires = .seconds(2 * 3_600)
        change(&plan)
        var script = DeliveryScript(plan, startsAfter: wait)
        script.state.reviewUntil = DeliveryScript.time(24 * Self.hour)
        script.push(.accepted)
        return script
    }

    @Test("it is asked for, and nothing else happens until `review_within` ends")
    func asked() {
        var script = script()
        #expect(script.state.phase == .review)
        #expect(script.state.awaitsApproval)
        #expect(script.asked(.openReview(.approval)))
        #expect(script.asked(.note(.reviewAsked(until: DeliveryScript.time(24 * Self.hour)))))
        #expect(script.armedKind == .review)
        #expect(script.due == 24 * Self.hour)
        for event in [.accepted, .granted, .recheck, .restarted, .rejected(attempt: nil)] as [DeliveryEvent] {
            script.push(event)
            #expect(script.state.phase == .review)
            #expect(script.status(0) == .waiting)
            #expect(script.state.reviewIsOpen)
        }
    }

    @Test("approved, it starts, and `expires` runs from the approval")
    func approved() {
        var script = script()
        script.push(.approved, at: 10 * Self.hour)
        #expect(script.state.phase == .active)
        #expect(script.status(0) == .ready)
        #expect(script.asked(.closeReview))
        #expect(script.asked(.note(.approved)))
        #expect(script.asked(.enqueue(step: 0)))
        #expect(script.state.expiresAt == DeliveryScript.time(12 * Self.hour))
        #expect(script.state.reviewUntil == nil)
        script.push(.approved, at: 11 * Self.hour)
        #expect(script.last.isEmpty)
        #expect(script.state.expiresAt == DeliveryScript.time(12 * Self.hour))
    }

    @Test("approved before `send_at`, it waits for that, and `expires` runs from it")
    func approvedEarly() {
        var script = script(startsAfter: 5 * Self.hour)
        script.push(.approved, at: Self.hour)
        #expect(script.state.phase == .scheduled)
        #expect(script.armedKind == .starts)
        #expect(script.due == 5 * Self.hour)
        #expect(script.state.expiresAt == DeliveryScript.time(7 * Self.hour))
        script.fire()
        #expect(script.status(0) == .ready)
    }

    @Test("dismissed, it is rejected for good")
    func dismissed() {
        var script = script { $0.onExhausted = .policy("other") }
        script.push(.dismissed, at: 60)
        #expect(script.state.phase == .rejected)
        #expect(script.asked(.closeReview))
        #expect(script.asked(.note(.dismissed)))
        #expect(script.state.armed == nil)
        for event in [.approved, .acknowledged(attempt: nil), .granted, .dismissed] as [DeliveryEvent] {
            script.push(event)
            #expect(script.state.phase == .rejected)
            #expect(script.last.isEmpty)
        }
        #expect(script.all.allSatisfy { if case .exhausted = $0 { false } else { true } })
    }

    @Test("without an answer it expires; `on_exhausted` follows, but not by another policy")
    func unanswered() {
        let actions: [(ExhaustedAction, [DeliveryCommand])] = [
            (.nothing, []), (.policy("other"), []),
            (.webhook("https://a.test"), [.exhausted(.webhook("https://a.test"))]),
            (.review, [.openReview(.exhausted)]),
        ]
        for (action, expected) in actions {
            var script = script { $0.onExhausted = action }
            let commands = script.fire()
            #expect(script.clock == 24 * Self.hour)
            #expect(script.state.phase == .expired)
            let follows = commands.filter {
                switch $0 {
                case .exhausted, .openReview: true
                default: false
                }
            }
            #expect(follows == expected)
            #expect(script.asked(.closeReview))
            #expect(script.state.reviewIsOpen == (action == .review))
        }
    }

    @Test("whatever else ends it, the question is moot")
    func moot() {
        let ends: [(DeliveryEvent, DeliveryPhase)] = [
            (.cancelled, .cancelled), (.optedOut(channels: nil), .suppressed), (.acknowledged(attempt: nil), .acked),
        ]
        for (event, phase) in ends {
            var script = script()
            script.push(event, at: 60)
            #expect(script.state.phase == phase)
            #expect(script.asked(.closeReview))
            #expect(!script.state.reviewIsOpen)
            #expect(script.sends.isEmpty)
        }
    }

    // MARK: what a budget denies

    private func overBudget(_ change: (inout DeliveryPlan) -> Void = { _ in }) -> DeliveryScript {
        var plan = DeliveryPlan.chain(.sms(), .voice(), .whatsapp())
        plan.budget = DeliveryBudget(micros: 15, action: .review)
        plan.reviewWithin = .seconds(3_600)
        change(&plan)
        var script = DeliveryScript(plan)
        script.facts.prices = [0: 10, 1: 20, 2: 20]
        script.push(.accepted)
        script.send()
        script.report(.failed, at: 10)
        script.push(.granted)
        return script
    }

    @Test("a step that the budget denies waits for an answer")
    func held() {
        let script = overBudget()
        #expect(script.state.phase == .active)
        #expect(script.status(1) == .held(.budget))
        #expect(script.asked(.openReview(.budget)))
        #expect(script.armedKind == .review)
        #expect(script.due == 10 + Self.hour)
        #expect(script.state.callsUsed == 0)
    }

    @Test("approved, the step goes beyond the budget, and the step after it asks again")
    func letGo() {
        var script = overBudget()
        script.push(.approved, at: 60)
        #expect(script.status(1) == .ready)
        #expect(script.asked(.closeReview))
        script.send()
        #expect(script.state.reserved == 30)
        #expect(script.state.attempts.map(\.isApproved) == [false, true])
        script.report(.call(.busy))
        script.push(.granted)
        #expect(script.status(2) == .held(.budget))
        #expect(script.sends == [0, 1])
    }

    @Test("an approval lets one attempt go, not a repeat of it")
    func once() {
        var script = overBudget {
            $0.maxCalls = 2
            $0.steps[1].outcomes[.busy] = .retry(after: .seconds(20), times: 1)
        }
        script.push(.approved, at: 60)
        script.send()
        script.report(.call(.busy))
        script.fire()
        script.push(.granted)
        #expect(script.status(1) == .held(.budget))
        #expect(script.sends == [0, 1])
    }

    @Test("an attempt that surely was not processed does not use the approval up")
    func refused() {
        var script = overBudget()
        script.push(.approved, at: 60)
        script.push(.granted)
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.state.reserved == 10)
        script.fire()
        script.push(.granted)
        #expect(script.sends == [0, 1, 2])
        #expect(script.state.reserved == 30)
    }

    @Test("dismissed or unanswered, the delivery is blocked, and nobody is asked any more", arguments: [true, false])
    func blocked(isDismissed: Bool) {
        var script = overBudget { $0.onExhausted = .review }
        if isDismissed { script.push(.dismissed, at: 60) } else { script.fire() }
        #expect(script.state.phase == .blockedBudget)
        #expect(script.status(1) == .skipped(.budget))
        #expect(script.asked(.closeReview))
        #expect(!script.state.reviewIsOpen)
        #expect(!script.everAsked(.openReview(.exhausted)))
    }

    @Test("late evidence, an acknowledgement or a cancellation makes the question moot")
    func mootBudget() {
        let ends: [(DeliveryEvent, DeliveryPhase)] = [
            (.report(attempt: 0, .delivered), .satisfied), (.acknowledged(attempt: 0), .acked),
            (.cancelled, .cancelled),
        ]
        for (event, phase) in ends {
            var script = overBudget()
            script.push(event, at: 60)
            #expect(script.state.phase == phase)
            #expect(script.last.count { $0 == .closeReview } == 1)
        }
    }

    @Test("'not me' is a question of its own")
    func notMe() {
        var script = overBudget { $0.onReject = .next }
        script.push(.rejected(attempt: 0), at: 60)
        #expect(script.asked(.closeReview))
        #expect(script.asked(.openReview(.notMe)))
        #expect(script.state.reviewIsOpen)
        #expect(script.status(1) == .failed(.rejected))
    }

    @Test("a question that waits for an answer replaces one that only tells")
    func replaced() {
        var plan = DeliveryPlan.chain(.sms(), .voice())
        plan.budget = DeliveryBudget(micros: 5, action: .review)
        var script = DeliveryScript(plan)
        script.facts.prices = [0: 10, 1: 20]
        script.push(.accepted)
        script.state.reviewIsOpen = true
        script.push(.granted)
        #expect(script.last.prefix(2) == [.closeReview, .openReview(.budget)])
    }

    @Test("any other review is closed by its dismissal, and nothing else changes")
    func dismissedOther() {
        var script = overBudget { $0.onExhausted = .review }
        script.push(.dismissed, at: 60)
        var exhausted = DeliveryScript.sent(.chain(.sms()) { $0.onExhausted = .review })
        exhausted.accept()
        exhausted.report(.failed)
        #expect(exhausted.state.reviewIsOpen)
        let before = exhausted.state
        exhausted.push(.approved)
        #expect(exhausted.state == before)
        exhausted.push(.dismissed)
        #expect(exhausted.last == [.note(.dismissed), .closeReview])
        #expect(exhausted.state.phase == .exhausted)
        #expect(!exhausted.state.reviewIsOpen)
    }
}
