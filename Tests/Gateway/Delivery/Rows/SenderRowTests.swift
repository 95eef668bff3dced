import Gateway
import Testing

@Suite("A step over several senders")
struct SenderRowTests {
    private static let texts = DeliveryPlan.chain(PlanStep.sms().or("sms_b"), .whatsapp())
    private static let unavailable = ProviderFailure(.unavailable, .after(retryAfter: nil))
    private static let first = 0
    private static let second = ScriptFacts.second(0)

    private func senders(_ script: DeliveryScript) -> [Int] { script.state.attempts.map { Int($0.sender) } }

    // MARK: who is up

    @Test("the first sender that is up gets the request")
    func firstIsUsed() {
        let script = DeliveryScript.sent(Self.texts)
        #expect(senders(script) == [0])
        #expect(!script.all.contains { if case .note(.sender) = $0 { true } else { false } })
    }

    @Test(
        "a sender that cannot send is passed over at once",
        arguments: [HoldReason.circuitOpen, .senderStopped, .providerRemoved, .senderRemoved])
    func nextIsUsed(reason: HoldReason) {
        var facts = ScriptFacts()
        facts.holds[Self.first] = reason
        let script = DeliveryScript.sent(Self.texts, facts: facts)
        #expect(senders(script) == [1])
        #expect(script.clock == 0)
        #expect(script.everAsked(.note(.sender(step: 0, 1))))
    }

    @Test("it is held while none is up, and goes over whichever is up first")
    func heldForAll() {
        var script = DeliveryScript(Self.texts)
        script.facts.holds = [Self.first: .circuitOpen, Self.second: .circuitOpen]
        script.push(.accepted)
        #expect(script.status(0) == .held(.circuitOpen))
        #expect(script.armedKind == .submit)
        script.facts.holds[Self.second] = nil
        script.push(.recheck, at: 10)
        #expect(script.status(0) == .ready)
        script.push(.granted)
        #expect(senders(script) == [1])
    }

    @Test("who waits for a circuit and for a removed sender waits for the circuit: submit_within runs")
    func whatPassesCounts() {
        var script = DeliveryScript(Self.texts)
        script.facts.holds = [Self.first: .providerRemoved, Self.second: .circuitOpen]
        script.push(.accepted)
        #expect(script.status(0) == .held(.circuitOpen))
        script.fire()
        #expect(script.clock == 120)
        #expect(script.status(1) == .ready)
    }

    @Test("a sender that went down while the step was in its lane does not get it")
    func lookedAtAgain() {
        var script = DeliveryScript(Self.texts)
        script.push(.accepted)
        script.facts.holds[Self.first] = .circuitOpen
        script.push(.granted)
        #expect(script.status(0) == .ready)
        #expect(script.sends.isEmpty)
        script.push(.granted)
        #expect(senders(script) == [1])
    }

    @Test("the next step waits until none of its senders is barred, as it would for one")
    func successor() {
        var script = DeliveryScript(.chain(.whatsapp(), PlanStep.sms().or("sms_b")))
        script.facts.holds = [0: .circuitOpen, 1: .circuitOpen, ScriptFacts.second(1): .circuitOpen]
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .held(.circuitOpen))
        script.facts.holds[ScriptFacts.second(1)] = nil
        script.push(.recheck, at: 200)
        #expect(script.status(1) == .ready)
    }

    // MARK: eligibility

    @Test("senders that may not be used are passed over; the step is skipped when none is left")
    func ineligible() {
        var facts = ScriptFacts()
        facts.ineligible[Self.first] = .unfit
        #expect(senders(.sent(Self.texts, facts: facts)) == [1])
        facts.ineligible[Self.second] = .noConsent
        #expect(DeliveryScript.sent(Self.texts, facts: facts).status(0) == .skipped(.unfit))
        facts.ineligible[Self.second] = .optedOut
        #expect(DeliveryScript.sent(Self.texts, facts: facts).status(0) == .skipped(.optedOut))
    }

    // MARK: surely not processed

    @Test("what one sender refuses the next one gets at once; then comes the back-off, for both")
    func refusedByBoth() {
        var script = DeliveryScript.sent(Self.texts)
        script.refuse(Self.unavailable)
        #expect(script.status(0) == .ready)
        script.push(.granted)
        #expect(senders(script) == [0, 1])
        script.refuse(Self.unavailable)
        #expect(script.status(0) == .held(.backOff))
        #expect(script.state.steps[0].refusals == 1)
        script.fire()
        script.push(.granted)
        #expect(senders(script) == [0, 1, 0])
    }

    @Test("a sender that comes back while the other one backs off is used at once")
    func backDuringBackOff() {
        var script = DeliveryScript(Self.texts)
        script.facts.holds[Self.second] = .circuitOpen
        script.push(.accepted)
        script.push(.granted)
        script.refuse(Self.unavailable)
        #expect(script.status(0) == .held(.backOff))
        script.push(.recheck)
        #expect(script.status(0) == .held(.backOff))
        script.facts.holds[Self.second] = nil
        script.push(.recheck)
        script.push(.granted)
        #expect(senders(script) == [0, 1])
    }

    @Test("back-off and circuits of all senders count for one submit_within")
    func oneClock() {
        var script = DeliveryScript(.chain(PlanStep.sms { $0.submitWithin = .seconds(30) }.or("sms_b"), .whatsapp()))
        script.facts.holds = [Self.first: .circuitOpen, Self.second: .circuitOpen]
        script.push(.accepted)
        script.facts.holds[Self.second] = nil
        script.push(.recheck, at: 20)
        script.push(.granted)
        script.refuse(Self.unavailable)
        script.facts.holds[Self.second] = .circuitOpen
        script.push(.recheck)
        #expect(script.status(0) == .held(.circuitOpen))
        script.fire()
        #expect(script.clock == 30)
        #expect(script.status(1) == .ready)
    }

    @Test("tries are counted for each sender: the next step follows when both have used up theirs")
    func triesOfEach() {
        var script = DeliveryScript.sent(.chain(PlanStep.sms { $0.maxTries = 2 }.or("sms_b"), .whatsapp()))
        for round in 1...2 {
            script.refuse(Self.unavailable)
            script.push(.granted)
            script.refuse(Self.unavailable)
            if round == 1 { script.fire() }
            if round == 1 { script.push(.granted) }
        }
        #expect(senders(script) == [0, 1, 0, 1])
        #expect(script.status(0) == .failed(.failed))
        #expect(script.status(1) == .ready)
    }

    @Test("refused credentials stop the sender, and the text goes over the other one")
    func stoppedSender() {
        var script = DeliveryScript.sent(Self.texts)
        script.refuse(.init(.auth, .stopSender))
        #expect(script.asked(.stopSender(step: 0)))
        #expect(script.asked(.tellOperations(.senderStopped)))
        #expect(script.status(0) == .ready)
        script.push(.granted)
        #expect(senders(script) == [0, 1])
        script.refuse(.init(.auth, .stopSender))
        #expect(script.status(0) == .held(.senderStopped))
    }

    // MARK: `next: provider`

    @Test("an error that is the sender's own is final for it: the other one is used, then the next step")
    func otherProvider() {
        var script = DeliveryScript.sent(Self.texts)
        script.refuse(.init(.invalidSender, .provider))
        script.push(.granted)
        #expect(senders(script) == [0, 1])
        script.refuse(.init(.invalidSender, .provider))
        #expect(script.status(0) == .failed(.failed))
        #expect(script.status(1) == .ready)
    }

    @Test("such an error in a report sends a text over the other sender, once")
    func otherProviderAfterReport() {
        var script = DeliveryScript.sent(Self.texts)
        script.accept()
        script.report(.failing(.undelivered, .init(.content, .provider)), at: 5)
        script.send()
        #expect(senders(script) == [0, 1])
        script.report(.failing(.undelivered, .init(.content, .provider)), at: 9)
        #expect(script.status(0) == .failed(.undelivered))
        #expect(script.status(1) == .ready)
    }

    @Test("a repeat by the policy begins with the first sender again")
    func repeated() {
        var script = DeliveryScript.sent(
            .chain(
                PlanStep.sms { $0.outcomes[.failed] = .retry(after: .seconds(60), times: 1) }.or("sms_b"), .whatsapp()))
        for _ in 0..<2 {
            script.refuse(.init(.invalidSender, .provider))
            script.push(.granted)
            script.refuse(.init(.invalidSender, .provider))
            script.fire()
            script.push(.granted)
        }
        #expect(senders(script).prefix(4) == [0, 1, 0, 1])
        #expect(script.status(0) == .failed(.failed))
    }

    @Test("an error for the next step goes to the next step")
    func nextStep() {
        var script = DeliveryScript.sent(Self.texts)
        script.refuse(.init(.content, .now))
        #expect(script.status(0) == .failed(.failed))
    }

    @Test("it waits for the other sender where that one is down")
    func otherIsDown() {
        var script = DeliveryScript(Self.texts)
        script.facts.holds[Self.second] = .circuitOpen
        script.push(.accepted)
        script.push(.granted)
        script.refuse(.init(.invalidSender, .provider))
        #expect(script.status(0) == .held(.circuitOpen))
        script.fire()
        #expect(script.clock == 120)
        #expect(script.status(1) == .ready)
    }
}
