import Gateway
import Testing

@Suite("What may have been processed is never repeated blindly")
struct AmbiguityRowTests {
    private func ambiguous(_ plan: DeliveryPlan) -> DeliveryScript {
        var script = DeliveryScript.sent(plan)
        script.breakOff()
        return script
    }

    @Test("an ambiguous request is looked up after 5 s, after 60 s and after 75 s, and not sent again before")
    func schedule() {
        var script = ambiguous(.chain(.sms(), .voice()))
        for second in [5.0, 60, 75] {
            #expect(script.status(0) == .ambiguous)
            #expect(script.armedKind == .wake)
            #expect(script.due == second)
            script.fire()
            #expect(script.asked(.lookUp(attempt: 0)))
            #expect(script.sends == [0])
            script.lookUp(.absent)
        }
        #expect(script.status(0) == .ready)
        script.push(.granted)
        #expect(script.sends == [0, 1])
    }

    @Test("one more try, not two")
    func onlyOnce() {
        var script = ambiguous(.chain(.sms(), .voice()))
        for _ in 1...3 {
            script.fire()
            script.lookUp(.absent)
        }
        script.push(.granted)
        script.breakOff()
        var turns = 0
        while script.status(0) == .ambiguous, turns < 20 {
            turns += 1
            script.fire()
            script.lookUp(.absent)
        }
        #expect(script.sends == [0, 1])
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
    }

    @Test("found counts as submitted, with the evidence that was found")
    func found() {
        var script = ambiguous(.acked(.sms(), .voice()))
        script.fire()
        script.lookUp(.found(providerID: "P", report: .init(.delivered)))
        #expect(script.status(0) == .submitted)
        #expect(script.armedKind == .ack)
        #expect(script.sends == [0])
    }

    @Test("deliver_within runs from the first look-up that the provider answers")
    func deliverFromTheAnswer() {
        var script = ambiguous(.chain(.sms(), .voice()))
        #expect(script.state.steps[0].clock?.kind == .submit)
        script.fire()
        script.lookUp(.unanswered)
        #expect(script.state.steps[0].clock?.kind == .submit)
        script.fire(at: 20)
        script.lookUp(.absent, at: 21)
        #expect(script.state.steps[0].clock?.kind == .deliver)
        #expect(script.state.steps[0].clock?.due == DeliveryScript.time(141))
        script.fire()
        script.lookUp(.absent, at: 62)
        #expect(script.state.steps[0].clock?.kind == .deliver)
        #expect(script.state.steps[0].clock?.due == DeliveryScript.time(141))
    }

    @Test("a clock that ended while we were down is not believed before the provider is asked again")
    func lateClockAsks() {
        let found = LookUpResult.found(providerID: "SM1", report: AttemptReport(.sent))
        for answer in [.absent, .unclear, .unanswered, found] {
            var script = ambiguous(.chain(.sms(), .voice()))
            script.fire()
            script.lookUp(.absent, at: 6)
            #expect(script.state.steps[0].clock?.due == DeliveryScript.time(126))
            // The look-up of second 60 was due as well, hours ago.
            script.fire(at: 7_200)
            script.lookUp(.unanswered, at: 7_200)
            script.fire(at: 7_201)
            #expect(script.asked(.lookUp(attempt: 0)))
            #expect(script.status(0) == .ambiguous)
            #expect(script.due == 7_206)
            script.lookUp(answer, at: 7_202)
            switch answer {
            case .found: #expect(script.status(0) == .submitted)
            case .absent: #expect(script.status(1) == .ready)
            case .unclear, .unanswered:
                #expect(script.status(0) == .ambiguous)
                script.fire(at: 7_206)
                #expect(script.status(1) == .ready)
            }
        }
    }

    @Test("the time of the intent is kept, over a restart, until it is known whether the provider has it")
    func intentTime() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.push(.accepted)
        script.push(.granted, at: 3)
        #expect(script.state.attempts[0].intentAt == DeliveryScript.time(3))
        script.push(.restarted, at: 600)
        #expect(script.state.attempts[0].ambiguousSince == DeliveryScript.time(600))
        #expect(script.state.attempts[0].intentAt == DeliveryScript.time(3))
        for answer in [LookUpResult.unclear, .absent, .unanswered] {
            script.lookUp(answer, at: 610)
            #expect(script.state.attempts[0].intentAt == DeliveryScript.time(3))
        }
        script.lookUp(.found(providerID: "SM1", report: AttemptReport(.sent)), at: 620)
        #expect(script.state.attempts[0].intentAt == nil)
    }

    @Test("what is unclear is no proof: it is not sent again, and the next step follows after submit_within")
    func unclear() {
        var script = ambiguous(.chain(.sms(), .voice()))
        var turns = 0
        while script.clock < 121, script.status(0) == .ambiguous, turns < 50 {
            turns += 1
            script.fire()
            script.lookUp(.unclear)
        }
        #expect(script.status(0) == .failed(.timeout))
        #expect(script.status(1) == .ready)
        #expect(script.sends == [0])
    }

    @Test("without an answer the chain goes on after submit_within if the next step's provider is up")
    func unansweredGoesOn() {
        for isUp in [true, false] {
            var script = ambiguous(.chain(.sms(), .voice()))
            if !isUp { script.facts.holds[1] = .circuitOpen }
            var turns = 0
            while script.clock < 121, script.status(0) == .ambiguous, turns < 50 {
                turns += 1
                script.fire()
                script.lookUp(.unanswered)
            }
            #expect(script.status(0) == (isUp ? .failed(.timeout) : .ambiguous))
            #expect(script.status(1) == (isUp ? .ready : .waiting))
            guard !isUp else { continue }
            script.facts.holds = [:]
            script.push(.recheck)
            #expect(script.status(0) == .ambiguous)
            script.fire()
            script.lookUp(.unanswered)
            #expect(script.status(1) == .ready)
        }
    }

    @Test("when the circuit closes after submit_within the provider is asked first: what was not sent is sent")
    func askedWhenTheCircuitCloses() {
        var script = ambiguous(.chain(.sms(), .voice()))
        script.facts.holds = [0: .circuitOpen, 1: .circuitOpen]
        for _ in 0..<20 {
            script.fire()
            script.lookUp(.unanswered)
        }
        #expect(script.clock > 120)
        script.facts.holds = [:]
        script.push(.recheck)
        #expect(script.status(0) == .ambiguous)
        for _ in 0..<2 {
            script.fire()
            #expect(script.asked(.lookUp(attempt: 0)))
            script.lookUp(.absent)
        }
        #expect(script.status(0) == .ready)
        #expect(script.status(1) == .waiting)
    }

    @Test("a step that spent its submit_within before still asks once before it goes on")
    func asksOnce() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds = [0: .circuitOpen, 1: .circuitOpen]
        script.push(.accepted)
        script.fire()
        script.facts.holds = [:]
        script.facts.holds[1] = .circuitOpen
        script.push(.recheck)
        script.push(.granted)
        script.breakOff()
        script.facts.holds = [:]
        script.fire()
        script.push(.recheck)
        #expect(script.status(0) == .ambiguous)
        script.fire()
        #expect(script.asked(.lookUp(attempt: 0)))
        script.lookUp(.unanswered)
        #expect(script.status(1) == .ready)
    }

    @Test("the look-up comes sooner when the circuit closes, but not before its time")
    func soonerOnRecheck() {
        var script = ambiguous(.chain(.sms()))
        script.push(.recheck, at: 1)
        #expect(script.due == 5)
        script.fire()
        script.lookUp(.unanswered)
        #expect(script.due == 20)
        script.push(.recheck, at: 9)
        #expect(script.due == 9)
        script.fire()
        #expect(script.asked(.lookUp(attempt: 0)))
    }

    @Test("where there is no look-up it is assumed sent, and the clock decides")
    func noLookUp() {
        var script = ambiguous(.chain(.sms { $0.canLookUp = false }, .voice()))
        #expect(script.armedKind == .deliver)
        #expect(script.due == 120)
        script.fire()
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
        #expect(script.sends == [0])
    }

    @Test("resend sends a text once more and counts a possible duplicate; the second time it is looked up")
    func resend() {
        var script = ambiguous(.chain(.sms { $0.onAmbiguous = .resend }, .voice()))
        #expect(script.asked(.note(.possibleDuplicate(attempt: 0))))
        #expect(script.status(0) == .ready)
        script.push(.granted)
        script.breakOff()
        #expect(script.sends == [0, 1])
        #expect(script.status(0) == .ambiguous)
    }

    @Test("resend never applies to a call")
    func resendOfACall() {
        let script = ambiguous(.chain(.voice { $0.onAmbiguous = .resend }, .sms()))
        #expect(script.status(0) == .ambiguous)
    }

    @Test("a callback proves that the provider has it: the second try is called off")
    func callbackCallsOff() {
        var script = ambiguous(.acked(.sms { $0.onAmbiguous = .resend }, .voice()))
        script.report(.sent)
        #expect(script.asked(.leaveLane(step: 0)))
        #expect(script.status(0) == .submitted)
        #expect(script.armedKind == .deliver)
        script.push(.granted)
        #expect(script.sends == [0])
    }

    @Test("a callback that came before the cut proves it too")
    func callbackFirst() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.report(.sent)
        script.breakOff()
        #expect(script.status(0) == .submitted)
        #expect(script.state.attempts[0].status == .submitted)
    }

    @Test("retry in outcomes does not repeat what is still ambiguous")
    func noBlindRetry() {
        var script = ambiguous(
            .chain(
                .sms {
                    $0.canLookUp = false
                    $0.outcomes[.timeout] = .retry(after: .seconds(1), times: 5)
                }, .voice()))
        script.fire()
        #expect(script.status(1) == .ready)
        #expect(script.sends == [0])
    }
}
