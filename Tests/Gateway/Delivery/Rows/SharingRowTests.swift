import Gateway
import Testing

@Suite("A call that speaks for several")
struct SharingRowTests {
    private static let leader = AttemptReference.other(1, attempt: 2)
    private static let rider = AttemptReference.other(2)

    private func script(_ change: (inout DeliveryPlan) -> Void = { _ in }) -> DeliveryScript {
        var plan = DeliveryPlan.acked(.voice(), .sms())
        change(&plan)
        var script = DeliveryScript(plan)
        script.push(.accepted)
        return script
    }

    @Test("one that joins has an attempt, counts the call and sends nothing")
    func joins() {
        var script = script()
        script.push(.joined(Self.leader))
        #expect(script.status(0) == .intent)
        #expect(script.state.attempts.map(\.sharing) == [.rides(Self.leader)])
        #expect(script.state.callsUsed == 1)
        #expect(script.sends == [])
        #expect(script.asked(.note(.bundled(attempt: 0, with: [Self.leader.delivery]))))
        #expect(!script.everAsked(.leaveLane(step: 0)))
    }

    @Test("what comes of the call comes of it: it goes on as after a call of its own")
    func outcome() {
        var script = script()
        script.push(.joined(Self.leader))
        script.accept()
        script.report(.ringing)
        #expect(script.armedKind == .ringing)
        script.report(.call(.busy))
        #expect(script.status(0) == .failed(.busy))
        #expect(script.status(1) == .ready)
    }

    @Test("a shared call counts against max_calls: no other follows")
    func spent() {
        var script = script { $0.steps.insert(.voice(), at: 1) }
        script.push(.joined(Self.leader))
        script.accept()
        script.report(.call(.noAnswer))
        #expect(script.status(1) == .skipped(.callsSpent))
    }

    @Test("a shared call that surely was not placed is given back")
    func refused() {
        var script = script()
        script.push(.joined(Self.leader))
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.state.callsUsed == 0)
        #expect(script.status(0) == .held(.backOff))
    }

    @Test("a crash makes it ambiguous, and it looks the call up")
    func crashed() {
        var script = script()
        script.push(.joined(Self.leader))
        script.push(.restarted)
        #expect(script.status(0) == .ambiguous)
        script.fire()
        #expect(script.asked(.lookUp(attempt: 0)))
    }

    @Test("whoever places the call pays for it, those who share it do not")
    func paid() {
        var script = script { $0.budget = DeliveryBudget(micros: 5, action: .block) }
        script.facts.prices = [0: 10]
        script.push(.joined(Self.leader))
        #expect(script.status(0) == .intent)
        #expect(script.state.reserved == 0)
        var own = self.script { $0.budget = DeliveryBudget(micros: 5, action: .block) }
        own.facts.prices = [0: 10]
        own.push(.granted)
        #expect(own.state.phase == .blockedBudget)
    }

    @Test("one that cannot go does not join", arguments: [HoldReason.circuitOpen, .senderStopped])
    func held(reason: HoldReason) {
        var script = script()
        script.facts.holds = [0: reason]
        script.push(.joined(Self.leader))
        #expect(script.status(0) == .held(reason))
        #expect(script.state.attempts.isEmpty)
    }

    @Test("one that is not in its lane does not join")
    func absent() {
        var script = script()
        script.send()
        script.push(.joined(Self.leader))
        #expect(script.state.attempts.count == 1)
        #expect(script.state.attempts[0].sharing == nil)
    }

    @Test("a step that waits for a text shares no call")
    func text() {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.push(.accepted)
        script.push(.joined(Self.leader))
        #expect(script.status(0) == .ready)
        #expect(script.state.attempts.isEmpty)
    }

    @Test("the person is called anyway: a limit keeps nobody from sharing, but from a call of their own")
    func overexposed() {
        var script = script()
        script.facts.overexposed = [0]
        script.push(.joined(Self.leader))
        #expect(script.status(0) == .intent)
        var own = self.script()
        own.facts.overexposed = [0]
        own.push(.granted)
        #expect(own.status(0) == .skipped(.exposure))
        #expect(own.status(1) == .ready)
        #expect(own.sends == [])
    }

    @Test("the one that places the call knows who shares it, once")
    func leads() {
        var script = script()
        script.push(.granted)
        script.push(.leads(attempt: 0, [Self.rider]))
        #expect(script.state.attempts[0].sharing == .leads([Self.rider]))
        #expect(script.asked(.note(.bundled(attempt: 0, with: [Self.rider.delivery]))))
        script.push(.leads(attempt: 3, [Self.rider]))
        #expect(script.last.isEmpty)
        script.accept()
        script.push(.leads(attempt: 0, []))
        #expect(script.state.attempts[0].sharing == .leads([Self.rider]))
    }
}
