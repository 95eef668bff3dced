import Gateway
import Testing

@Suite("Every row of 'what moves a delivery on'")
struct OutcomeRowTests {
    // MARK: eligibility, holds, quiet hours

    @Test("an ineligible step is skipped with its reason, and that is no failure", arguments: SkipReason.allCases)
    func skipped(reason: SkipReason) {
        var script = DeliveryScript(.chain(.whatsapp(), .sms()))
        script.facts.ineligible[0] = reason
        script.push(.accepted)
        #expect(script.status(0) == .skipped(reason))
        #expect(script.status(1) == .ready)
        #expect(script.asked(.note(.skipped(step: 0, reason))))
        #expect(!script.all.contains { if case .note(.failed) = $0 { true } else { false } })
    }

    @Test("a removed provider or sender holds the step without a clock of its own")
    func removed() {
        for reason in [HoldReason.providerRemoved, .senderRemoved] {
            var script = DeliveryScript(.chain(.sms(), .voice()))
            script.facts.holds[0] = reason
            script.push(.accepted)
            #expect(script.status(0) == .held(reason))
            #expect(script.armedKind == .expires)
            script.facts.holds = [:]
            script.push(.recheck)
            #expect(script.status(0) == .ready)
        }
    }

    @Test("refused credentials stop the sender, tell operations and hold, until a good answer")
    func stoppedSender() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.refuse(.init(.auth, .stopSender, code: 20_003))
        #expect(script.asked(.stopSender(step: 0)))
        #expect(script.asked(.tellOperations(.senderStopped)))
        #expect(script.status(0) == .held(.senderStopped))
        #expect(script.armedKind == .submit)
        script.push(.recheck, at: 30)
        script.send()
        #expect(script.sends == [0, 1])
        #expect(script.status(0) == .submitted)
    }

    @Test("defer holds until the opening, then the step goes")
    func deferred() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.openings[0] = .closed(until: DeliveryScript.time(3_600))
        script.push(.accepted)
        #expect(script.status(0) == .held(.quietHours))
        #expect(script.due == 3_600)
        script.facts.openings = [:]
        script.fire()
        #expect(script.status(0) == .ready)
    }

    @Test("a step that is granted a slot in quiet hours goes back to hold")
    func closedInTheLane() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.push(.accepted)
        script.facts.openings[0] = .closed(until: DeliveryScript.time(3_600))
        script.push(.granted)
        #expect(script.status(0) == .held(.quietHours))
        #expect(script.sends.isEmpty)
    }

    @Test("skip goes on to the next step, also to a call")
    func skippedInQuietHours() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.openings[0] = .skip
        script.push(.accepted)
        #expect(script.status(0) == .skipped(.quietHours))
        #expect(script.status(1) == .ready)
    }

    @Test("a text that sleeps past expires bars the call after it, and on_exhausted runs now")
    func nothingOpens() {
        var script = DeliveryScript(
            .chain(.sms(), .voice()) {
                $0.expires = .seconds(600)
                $0.onExhausted = .review
            })
        script.facts.openings[0] = .closed(until: DeliveryScript.time(3_600))
        script.push(.accepted)
        #expect(script.status(1) == .skipped(.quietHours))
        #expect(script.state.phase == .exhausted)
        #expect(script.asked(.openReview(.exhausted)))
        #expect(script.asked(.exhausted(.review)))
    }

    // MARK: surely not processed

    @Test("a refusal that may pass backs off with equal jitter: 1 s, 2 s, 4 s; a rate limit 5 s at least")
    func backsOff() {
        for (failureClass, spans) in [(FailureClass.unavailable, [0.5, 1, 2]), (.rateLimited, [2.5, 2.5, 2.5])] {
            var script = DeliveryScript.sent(.chain(.sms(), .voice()))
            for span in spans {
                let now = script.clock
                script.refuse(.init(failureClass, .after(retryAfter: nil)))
                #expect(script.status(0) == .held(.backOff))
                #expect(script.due == now + span)
                script.fire()
                #expect(script.status(0) == .ready)
                script.push(.granted)
            }
        }
    }

    @Test("jitter lengthens the back-off up to its bound, and Retry-After wins when it is longer")
    func jitter() {
        var facts = ScriptFacts()
        facts.jitter = 0.5
        var script = DeliveryScript.sent(.chain(.sms(), .voice()), facts: facts)
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.due == 0.75)
        script = .sent(.chain(.sms(), .voice()), facts: facts)
        script.refuse(.init(.rateLimited, .after(retryAfter: .seconds(40))))
        #expect(script.due == 40)
    }

    @Test("after five tries the next step starts; without one that can, the step goes on trying ever more slowly")
    func triesEnd() {
        for hasNext in [true, false] {
            var script = DeliveryScript.sent(.chain(.sms { $0.submitWithin = .seconds(9_000) }, .voice()))
            if !hasNext { script.facts.holds[1] = .circuitOpen }
            for _ in 1...4 {
                script.refuse(.init(.unavailable, .after(retryAfter: nil)))
                script.fire()
                script.push(.granted)
            }
            script.refuse(.init(.unavailable, .after(retryAfter: nil)))
            #expect(script.sends.count == 5)
            #expect(script.status(0) == (hasNext ? .failed(.failed) : .held(.backOff)))
            #expect(script.status(1) == (hasNext ? .ready : .waiting))
        }
    }

    @Test("a provider that refuses for ever never leaves the delivery stuck, and its tries are bounded")
    func refusedForEver() {
        var script = DeliveryScript.sent(.chain(.sms()) { $0.expires = .seconds(5 * 86_400) })
        var turns = 0
        while !script.state.phase.isTerminal, turns < 2_000 {
            turns += 1
            switch script.status(0) {
            case .intent: script.refuse(.init(.rateLimited, .after(retryAfter: nil)))
            case .ready: script.push(.granted)
            default: script.fire()
            }
        }
        #expect(script.state.phase.isTerminal)
        #expect(script.state.attempts.count <= 255)
    }

    @Test("back-off counts against submit_within, then the next step starts")
    func backOffInSubmit() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.refuse(.init(.rateLimited, .after(retryAfter: .seconds(500))))
        #expect(script.armedKind == .submit)
        #expect(script.due == 120)
        script.fire()
        #expect(script.status(1) == .ready)
    }

    // MARK: errors with advice

    @Test("now and provider go on to the next step", arguments: [FailureAdvice.now, .provider])
    func nextAtOnce(advice: FailureAdvice) {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.refuse(.init(.content, advice, code: 21_617))
        #expect(script.status(0) == .failed(.failed))
        #expect(script.status(1) == .ready)
        #expect(script.state.attempts[0].code == 21_617)
    }

    @Test("other_address skips every later step to the number, marks it bad and opens a review")
    func badNumber() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()) { $0.onExhausted = .review })
        script.refuse(.init(.invalidRecipient, .otherAddress, code: 21_211))
        #expect(script.asked(.markNumberBad))
        #expect(script.status(1) == .skipped(.badNumber))
        #expect(script.state.phase == .exhausted)
        #expect(script.all.filter { if case .openReview = $0 { true } else { false } } == [.openReview(.badNumber)])
    }

    @Test("template tries the same channel once, with the template; without one it goes on")
    func template() {
        for hasTemplate in [true, false] {
            var script = DeliveryScript.sent(.chain(.whatsapp { $0.hasTemplate = hasTemplate }, .sms()))
            script.refuse(.init(.outsideWindow, .template, code: 63_016))
            #expect(script.status(0) == (hasTemplate ? .ready : .failed(.failed)))
            #expect(script.state.steps[0].useTemplate == hasTemplate)
            guard hasTemplate else { continue }
            script.push(.granted)
            script.refuse(.init(.outsideWindow, .template, code: 63_016))
            #expect(script.status(0) == .failed(.failed))
            #expect(script.status(1) == .ready)
        }
    }

    @Test("consent withdraws it for the sender and goes on only with a step that has its own")
    func consent() {
        for hasOwn in [true, false] {
            var facts = ScriptFacts()
            facts.ownConsent = hasOwn ? [0, 1] : [0]
            var script = DeliveryScript.sent(.chain(.sms(), .voice()), facts: facts)
            script.refuse(.init(.optedOut, .consent, code: 21_610))
            #expect(script.asked(.withdrawConsent(step: 0)))
            #expect(script.status(0) == .skipped(.optedOut))
            #expect(script.status(1) == (hasOwn ? .ready : .skipped(.noConsent)))
            #expect(script.state.phase == (hasOwn ? .active : .suppressed))
        }
    }

    @Test("hold tells operations, opens a review and holds the step")
    func requestFault() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.refuse(.init(.content, .hold, code: 21_620))
        #expect(script.asked(.tellOperations(.requestFault)))
        #expect(script.asked(.openReview(.requestFault)))
        #expect(script.status(0) == .held(.requestFault))
        script.push(.recheck)
        #expect(script.status(0) == .held(.requestFault))
    }

    @Test("a fault of sender or request that comes by callback is told to operations and goes on at once")
    func reportedFaults() {
        let expected: [(FailureAdvice, OperationsNotice)] = [(.hold, .requestFault), (.stopSender, .senderStopped)]
        for (advice, notice) in expected {
            var script = DeliveryScript.sent(.chain(.sms(), .voice()))
            script.accept()
            script.report(.failing(.failed, .init(.auth, advice)))
            #expect(script.asked(.tellOperations(notice)))
            #expect(script.asked(.stopSender(step: 0)) == (advice == .stopSender))
            #expect(script.status(1) == .ready)
        }
    }

    @Test("an error that shows the channel cannot reach the number marks it unfit, once")
    func unfit() {
        let failure = ProviderFailure(.invalidRecipient, .now, code: 63_024, marksUnfit: true)
        var script = DeliveryScript.sent(.chain(.whatsapp(), .sms()))
        script.refuse(failure)
        #expect(script.asked(.markUnfit(attempt: 0)))
        script = .sent(.chain(.whatsapp(), .sms()))
        script.accept()
        script.report(.failing(.undelivered, failure))
        script.report(.failing(.failed, failure))
        #expect(script.all.filter { $0 == .markUnfit(attempt: 0) }.count == 1)
    }

    // MARK: reports

    @Test("failed and undelivered go on at once below delivered")
    func failedReport() {
        for report in [AttemptReport.failed, .undelivered] {
            var script = DeliveryScript.sent(.chain(.sms(), .voice()))
            script.accept()
            script.report(.sent)
            script.report(report)
            #expect(script.status(0) == .failed(report.outcome ?? .busy))
            #expect(script.status(1) == .ready)
        }
    }

    @Test("a failure after delivered changes nothing")
    func failedAfterDelivered() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        script.report(.delivered)
        script.report(.failed)
        #expect(script.status(0) == .submitted)
        #expect(script.state.attempts[0].outcome == nil)
    }

    @Test("a failure of a step that was superseded is only recorded")
    func failedAfterSuperseded() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice(), .whatsapp()))
        script.accept()
        script.fire()
        script.push(.polled(attempt: 0, .init(.accepted)))
        #expect(script.status(1) == .ready)
        script.report(.failed, of: 0)
        #expect(script.state.attempts[0].outcome == .failed)
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
    }

    @Test("what is still reported sent after it failed is no success")
    func sentAfterFailed() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()) { $0.success = .sent })
        script.accept()
        script.report(.failed)
        script.report(.sent, of: 0)
        #expect(script.state.phase == .active)
        #expect(script.status(1) == .ready)
    }

    @Test("the level only rises: a lower report changes nothing")
    func ladder() {
        var script = DeliveryScript.sent(.acked(.whatsapp()))
        script.accept()
        script.report(.read)
        script.report(.delivered)
        script.report(.sent)
        #expect(script.state.attempts[0].level == .read)
        #expect(script.state.exposures == 1)
    }

    @Test("a report that comes twice has one effect")
    func duplicateReport() {
        var script = DeliveryScript.sent(.acked(.sms()))
        script.accept()
        script.report(.delivered)
        let before = script.state
        script.report(.delivered, at: 30)
        #expect(script.state == before)
        #expect(script.last == [.note(.duplicateReport)])
    }

    @Test("evidence may come before the create response")
    func evidenceFirst() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.report(.sent)
        #expect(script.status(0) == .intent)
        script.accept(at: 2)
        #expect(script.status(0) == .submitted)
        #expect(script.armedKind == .deliver)
        script = .sent(.chain(.sms(), .voice()))
        script.report(.delivered)
        #expect(script.state.phase == .satisfied)
    }

    @Test("a report about an attempt that does not exist is dropped")
    func unknownAttempt() {
        var script = DeliveryScript.sent(.chain(.sms()))
        let before = script.state
        for ordinal in [-1, 1, 99] {
            script.report(.delivered, of: ordinal)
            script.push(.polled(attempt: ordinal, .delivered))
            script.push(.lookedUp(attempt: ordinal, .absent))
            script.push(.result(attempt: ordinal, .ambiguous(code: 0)))
        }
        #expect(script.state == before)
    }

    // MARK: success

    @Test("the goal ends the delivery and no further step starts", arguments: [EvidenceLevel.sent, .delivered, .read])
    func success(goal: EvidenceLevel) {
        var script = DeliveryScript.sent(
            .chain(.whatsapp { $0.readWithin = .seconds(60) }, .sms()) { $0.success = goal })
        script.accept()
        for (level, report) in [(EvidenceLevel.sent, AttemptReport.sent), (.delivered, .delivered), (.read, .read)] {
            script.report(report)
            #expect(script.state.phase == (level >= goal ? .satisfied : .active))
        }
        #expect(script.status(0) == .done)
        #expect(script.status(1) == .waiting)
        #expect(script.state.armed == nil)
    }

    @Test("where receipts are weak, sent is the best a step can do")
    func weakReceipts() {
        var script = DeliveryScript.sent(.chain(.sms { $0.receipts = .weak }, .voice()))
        script.accept()
        script.report(.sent)
        #expect(script.state.phase == .satisfied)
    }

    @Test("with ack required no level is a success")
    func ackRequired() {
        var script = DeliveryScript.sent(.acked(.whatsapp(), .sms()))
        script.accept()
        script.report(.read)
        #expect(script.state.phase == .active)
        script.push(.acknowledged(attempt: 0))
        #expect(script.state.phase == .acked)
        #expect(script.state.attempts[0].level == .acknowledged)
    }

    // MARK: outcomes

    @Test("wait stays, and only an answer or expires ends it")
    func waits() {
        var script = DeliveryScript.sent(.acked(.sms { $0.outcomes[.failed] = .wait }, .voice()))
        script.accept()
        script.report(.failed)
        #expect(script.status(0) == .submitted)
        #expect(script.armedKind == .expires)
        script.push(.acknowledged(attempt: nil))
        #expect(script.state.phase == .acked)
    }

    @Test("stop, review and policy start no further step")
    func stops() {
        let expected: [(OutcomeAction, ExhaustedAction)] = [
            (.stop, .webhook("https://example.org")), (.review, .nothing), (.policy("night"), .policy("night")),
        ]
        for (action, exhausted) in expected {
            var script = DeliveryScript.sent(
                .chain(.sms { $0.outcomes[.failed] = action }, .voice()) {
                    $0.onExhausted = .webhook("https://example.org")
                })
            script.accept()
            script.report(.failed)
            #expect(script.state.phase == .exhausted)
            #expect(script.status(1) == .waiting)
            #expect(script.asked(.exhausted(exhausted)))
            #expect(script.asked(.openReview(.outcome)) == (action == .review))
        }
    }

    @Test("retry repeats the step after its time, so many times, then goes on")
    func retries() {
        var script = DeliveryScript.sent(
            .chain(.sms { $0.outcomes[.failed] = .retry(after: .seconds(30), times: 1) }, .voice()))
        script.accept()
        script.report(.failed, at: 5)
        #expect(script.status(0) == .held(.retry))
        #expect(script.due == 35)
        script.fire()
        script.send()
        script.report(.failed)
        #expect(script.sends == [0, 1])
        #expect(script.status(0) == .failed(.failed))
        #expect(script.status(1) == .ready)
    }

    @Test("a repeat that waits is called off when the first try arrives after all")
    func repeatCalledOff() {
        let plan = DeliveryPlan.acked(
            .sms {
                $0.outcomes[.timeout] = .retry(after: .seconds(30), times: 1)
                $0.canPoll = false
            }, .voice())
        var script = DeliveryScript.sent(plan)
        script.accept()
        script.report(.sent)
        script.fire()
        script.fire()
        #expect(script.status(0) == .ready)
        script.report(.delivered)
        #expect(script.asked(.leaveLane(step: 0)))
        #expect(script.status(0) == .submitted)
        #expect(script.armedKind == .ack)
    }

    // MARK: the end of the chain

    @Test("the last step that fails or times out exhausts the delivery, then on_exhausted runs")
    func exhausted() {
        let actions: [ExhaustedAction] = [.nothing, .review, .webhook("https://example.org"), .policy("other")]
        for action in actions {
            var script = DeliveryScript.sent(.chain(.sms()) { $0.onExhausted = action })
            script.accept()
            script.report(.failed)
            #expect(script.state.phase == .exhausted)
            #expect(script.asked(.exhausted(action)))
            #expect(script.asked(.openReview(.exhausted)) == (action == .review))
        }
    }

    @Test("what is refused by an outage waits with the others for the circuit, not for a time of its own")
    func refusedByAnOutage() {
        var script = DeliveryScript.sent(.chain(.sms()))
        script.facts.holds[0] = .circuitOpen
        script.refuse(ProviderFailure(.unavailable, .after(retryAfter: nil)))
        #expect(script.status(0) == .held(.circuitOpen))
        script.facts.holds = [:]
        script.push(.recheck, at: 1)
        #expect(script.status(0) == .ready)
    }
}
