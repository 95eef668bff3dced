import Gateway
import Testing

@Suite("What belongs to one of several senders")
struct SenderRuleTests {
    private static let texts = DeliveryPlan.chain(PlanStep.sms().or("sms_b"), .whatsapp())
    private static let calls = DeliveryPlan.acked(
        PlanStep.voice { $0.outcomes[.busy] = .retry(after: .seconds(20), times: 1) }.or("voice_b"), .sms()
    ) { $0.maxCalls = 3 }

    private static let unavailable = ProviderFailure(.unavailable, .after(retryAfter: nil))
    private static let first = 0
    private static let second = ScriptFacts.second(0)

    private func senders(_ script: DeliveryScript) -> [Int] { script.state.attempts.map { Int($0.sender) } }

    // MARK: ambiguous

    @Test("what may have been sent is looked up at the sender that may have sent it, and goes nowhere else")
    func ambiguous() {
        var script = DeliveryScript.sent(Self.texts)
        script.breakOff()
        script.facts.holds[Self.first] = .circuitOpen
        script.push(.recheck)
        #expect(script.status(0) == .ambiguous)
        script.fire()
        #expect(script.asked(.lookUp(attempt: 0)))
        script.lookUp(.unanswered)
        #expect(senders(script) == [0])
    }

    @Test("a text that was surely not sent is sent again over whichever sender is up")
    func provenAbsent() {
        var script = DeliveryScript.sent(Self.texts)
        script.breakOff()
        script.facts.holds[Self.first] = .circuitOpen
        script.lookUp(.absent, at: 60)
        script.lookUp(.absent, at: 75)
        script.push(.granted)
        #expect(senders(script) == [0, 1])
    }

    @Test("proof that the first try has arrived calls off the second over another sender")
    func calledOff() {
        var script = DeliveryScript.sent(Self.texts)
        script.breakOff()
        script.facts.holds[Self.first] = .circuitOpen
        script.lookUp(.absent, at: 60)
        script.lookUp(.absent, at: 75)
        #expect(script.state.steps[0].sender == 1)
        script.report(.sent, of: 0)
        #expect(script.asked(.leaveLane(step: 0)))
        #expect(script.status(0) == .submitted)
        #expect(script.state.steps[0].sender == 0)
    }

    // MARK: calls

    @Test("a call that was surely not placed is placed over the other sender, and counts once")
    func refusedCall() {
        var script = DeliveryScript.sent(Self.calls)
        script.refuse(Self.unavailable)
        script.push(.granted)
        #expect(senders(script) == [0, 1])
        #expect(script.state.callsUsed == 1)
    }

    @Test("a call that may have been placed goes over no other sender")
    func ambiguousCall() {
        var script = DeliveryScript.sent(Self.calls)
        script.breakOff()
        script.lookUp(.absent, at: 60)
        script.lookUp(.absent, at: 75)
        // What is left of the look-ups, then the clock.
        script.fire()
        script.fire()
        #expect(senders(script) == [0])
        #expect(script.status(0) == .superseded)
    }

    @Test("after busy the same sender redials, also when it is down and the other one is up")
    func redial() {
        var script = DeliveryScript.sent(Self.calls)
        script.accept()
        script.report(.call(.busy), at: 5)
        script.facts.holds[Self.first] = .circuitOpen
        script.fire()
        #expect(script.status(0) == .held(.circuitOpen))
        script.facts.holds[Self.first] = nil
        script.push(.recheck)
        script.push(.granted)
        script.refuse(Self.unavailable)
        #expect(script.status(0) == .held(.backOff))
        #expect(senders(script) == [0, 0])
    }

    @Test("an error in a report about a call leads to the next step, not to another sender")
    func failedCall() {
        var script = DeliveryScript.sent(Self.calls)
        script.accept()
        var report = AttemptReport.failing(.failed, .init(.invalidSender, .provider))
        report.call = .ended
        script.report(report, at: 5)
        #expect(senders(script) == [0])
        #expect(script.status(0) == .failed(.failed))
    }

    // MARK: consent

    @Test("STOP to the sender of a step that waits lets another one with consent of its own have it")
    func stopWhileItWaits() {
        var script = DeliveryScript(Self.texts)
        script.push(.accepted)
        script.facts.ineligible[Self.first] = .optedOut
        script.push(.optedOut(channels: ["sms"]))
        #expect(script.asked(.leaveLane(step: 0)))
        #expect(script.asked(.enqueue(step: 0)))
        script.push(.granted)
        #expect(senders(script) == [1])
    }

    @Test("without consent of its own no other sender may have it, nor after the text has left")
    func stopEndsTheStep() {
        var script = DeliveryScript(Self.texts)
        script.facts.ownConsent = [Self.first, 1]
        script.push(.accepted)
        script.push(.optedOut(channels: ["sms"]))
        #expect(script.status(0) == .skipped(.optedOut))
        var sent = DeliveryScript.sent(Self.texts)
        sent.accept()
        sent.push(.optedOut(channels: ["sms"]))
        #expect(sent.status(0) == .skipped(.optedOut))
        var other = DeliveryScript.sent(Self.texts)
        other.push(.optedOut(channels: ["sms_b"]))
        #expect(other.status(0) == .intent)
    }

    @Test("STOP to a number that several senders share bars them all")
    func stopToBoth() {
        var script = DeliveryScript(Self.texts)
        script.push(.accepted)
        script.push(.optedOut(channels: ["sms", "sms_b"]))
        #expect(script.status(0) == .skipped(.optedOut))
        #expect(script.status(1) == .ready)
    }

    @Test("a provider that refuses for an opt-out bars its sender alone")
    func refusedForConsent() {
        var script = DeliveryScript.sent(Self.texts)
        script.refuse(.init(.optedOut, .consent))
        #expect(script.asked(.withdrawConsent(step: 0)))
        #expect(script.state.consentOnly)
        script.push(.granted)
        #expect(senders(script) == [0, 1])
        var alone = DeliveryScript.sent(Self.texts)
        alone.facts.ownConsent = [Self.first, 1]
        alone.refuse(.init(.optedOut, .consent))
        #expect(alone.status(0) == .skipped(.optedOut))
        #expect(alone.last.filter { $0 == .withdrawConsent(step: 0) }.count == 1)
    }

    // MARK: what belongs to the sender that was used

    @Test("unfit is the number for the sender that failed, also when the step is at another one")
    func unfit() {
        var script = DeliveryScript.sent(Self.texts)
        script.accept()
        script.report(.failing(.failed, .init(.content, .provider, marksUnfit: true)), at: 1)
        #expect(script.asked(.markUnfit(attempt: 0)))
    }

    @Test("receipts are those of the sender that was used")
    func receipts() {
        let plan = DeliveryPlan.chain(PlanStep.sms().or("sms_b") { $0.receipts = .weak }, .voice())
        var script = DeliveryScript(plan)
        script.facts.holds[Self.first] = .circuitOpen
        script.push(.accepted)
        script.send()
        script.report(.sent, at: 1)
        #expect(script.state.phase == .satisfied)
        var reliable = DeliveryScript.sent(plan)
        reliable.accept()
        reliable.report(.sent, at: 1)
        #expect(reliable.state.phase == .active)
    }

    @Test("the clock of an acknowledgement runs from sent where the sender that was used has weak receipts")
    func receiptsOfClocks() {
        var script = DeliveryScript(.acked(PlanStep.sms().or("sms_b") { $0.receipts = .weak }, .voice()))
        script.facts.holds[Self.first] = .circuitOpen
        script.push(.accepted)
        script.send()
        script.report(.sent, at: 3)
        #expect(script.armedKind == .ack)
        #expect(script.due == 903)
    }

    @Test("a status is asked for where the sender that was used has one")
    func polls() {
        let plan = DeliveryPlan.chain(PlanStep.sms().or("sms_b") { $0.canPoll = false }, .voice())
        var script = DeliveryScript(plan)
        script.facts.holds[Self.first] = .circuitOpen
        script.push(.accepted)
        script.send()
        script.report(.sent, at: 1)
        script.fire()
        #expect(!script.all.contains(.poll(attempt: 0)))
        #expect(script.status(0) == .superseded)
    }

    @Test("what the budget does not allow over one sender goes over a cheaper one")
    func budget() {
        var script = DeliveryScript(
            .chain(PlanStep.sms().or("sms_b"), .whatsapp()) {
                $0.budget = DeliveryBudget(micros: 10, action: .block)
            })
        script.facts.prices = [Self.first: 11, Self.second: 10]
        script.push(.accepted)
        script.push(.granted)
        #expect(script.state.phase == .active)
        script.push(.granted)
        #expect(senders(script) == [1])
        #expect(script.state.reserved == 10)
    }

    @Test("max_calls counts the calls of all senders together")
    func callsOfAll() {
        var script = DeliveryScript.sent(.acked(PlanStep.voice().or("voice_b"), PlanStep.voice().or("voice_b")))
        script.accept()
        script.report(.call(.busy), at: 5)
        #expect(script.state.phase == .exhausted)
        #expect(script.status(1) == .skipped(.callsSpent))
        #expect(senders(script) == [0])
    }

    // MARK: receipts that are learned

    @Test("where receipts turned out to be weak when a text left, sent is the best it can prove")
    func learnedReceipts() {
        var facts = ScriptFacts()
        facts.weakReceipts = [Self.first]
        var script = DeliveryScript.sent(.acked(PlanStep.sms().or("sms_b"), .voice()), facts: facts)
        #expect(script.state.attempts[0].receiptsAreWeak)
        script.accept()
        // What is learned later changes nothing for it.
        script.facts.weakReceipts = []
        script.report(.sent, at: 3)
        #expect(script.armedKind == .ack)
        #expect(script.due == 903)
        var chain = DeliveryScript.sent(Self.texts, facts: facts)
        chain.accept()
        chain.report(.sent, at: 3)
        #expect(chain.state.phase == .satisfied)
        chain.report(.delivered, at: 5)
        #expect(chain.state.attempts[0].level == .delivered)
    }

    @Test("the other sender's receipts are its own")
    func learnedForOne() {
        var facts = ScriptFacts()
        facts.weakReceipts = [Self.first]
        facts.holds[Self.first] = .circuitOpen
        var script = DeliveryScript.sent(Self.texts, facts: facts)
        script.accept()
        script.report(.sent, at: 3)
        #expect(script.armedKind == .deliver)
        #expect(script.state.phase == .active)
    }
}
