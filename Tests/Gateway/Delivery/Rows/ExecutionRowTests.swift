import Gateway
import Testing

@Suite("Timers, restarts and repeated events")
struct ExecutionRowTests {
    @Test("a timer with an old generation is dropped")
    func staleTimer() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        let old = script.state.generation
        script.report(.delivered)
        let before = script.state
        script.push(.timer(generation: old), at: 5_000)
        #expect(script.state == before)
        #expect(script.last == [.note(.staleTimer)])
    }

    @Test("a timer that comes too early is armed again")
    func earlyTimer() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        let due = script.due
        script.fire(at: 10)
        #expect(script.status(0) == .submitted)
        #expect(script.due == due)
        #expect(script.last == [.arm(script.state.armed)])
    }

    @Test("every change of the timer is told, with a new generation")
    func generations() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        let first = script.state.armed
        script.report(.sent)
        #expect(script.state.armed != first)
        #expect(script.state.armed?.generation == script.state.generation)
        #expect(script.asked(.arm(script.state.armed)))
    }

    @Test("leaving a step disarms its clock")
    func disarmed() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        script.report(.failed)
        #expect(script.state.steps[0].clock == nil)
        #expect(script.armedKind == .expires)
    }

    @Test("advancing puts the next step on its way before it recalls the old one")
    func orderOfAdvance() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.accept()
        script.fire()
        script.push(.polled(attempt: 0, .init(.accepted)))
        let enqueued = script.last.firstIndex(of: .enqueue(step: 1))
        let recalled = script.last.firstIndex(of: .recall(attempt: 0))
        #expect(enqueued != nil && recalled != nil && (enqueued ?? 9) < (recalled ?? 0))
    }

    @Test("a restart leaves a step in its lane and queues it again")
    func restartReady() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.push(.accepted)
        let before = script.state
        script.push(.restarted, at: 300)
        #expect(script.state == before)
        #expect(script.last == [.enqueue(step: 0)])
    }

    @Test("a restart turns an intent into ambiguous, and does not send it again")
    func restartIntent() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.push(.restarted, at: 10)
        #expect(script.status(0) == .ambiguous)
        #expect(script.state.attempts[0].status == .ambiguous)
        #expect(script.due == 15)
        #expect(script.sends == [0])
    }

    @Test("a restart turns the intent of a step that is over into ambiguous too")
    func restartOldIntent() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.report(.failed)
        #expect(script.status(1) == .ready)
        script.push(.restarted)
        #expect(script.state.attempts[0].status != .intent)
        #expect(script.status(1) == .ready)
        #expect(script.asked(.enqueue(step: 1)))
    }

    @Test("a restart looks up again what was being looked up, and asks again what was being asked")
    func restartQueries() {
        var script = DeliveryScript.sent(.chain(.sms()))
        script.breakOff()
        script.fire()
        #expect(script.asked(.lookUp(attempt: 0)))
        script.push(.restarted, at: 9)
        script.fire()
        #expect(script.asked(.lookUp(attempt: 0)))

        script = .sent(.chain(.sms(), .voice()))
        script.accept()
        script.report(.sent)
        script.fire()
        script.push(.restarted, at: 900)
        #expect(script.asked(.poll(attempt: 0)))
        #expect(script.due == 905)
    }

    @Test("a restart lets a held step look again")
    func restartHeld() {
        var script = DeliveryScript(.chain(.sms()))
        script.facts.holds[0] = .circuitOpen
        script.push(.accepted)
        script.facts.holds = [:]
        script.push(.restarted)
        #expect(script.status(0) == .ready)
    }

    @Test("a second acceptance or grant changes nothing")
    func repeatedEvents() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        let before = script.state
        script.push(.accepted)
        script.push(.granted)
        #expect(script.state == before)
        script.accept()
        let accepted = script.state
        script.push(.result(attempt: 0, .refused(.init(.auth, .stopSender))))
        #expect(script.state == accepted)
    }

    @Test("an intent is committed only when the lane granted a slot")
    func intentAfterGrant() {
        var script = DeliveryScript(.chain(.sms()))
        script.push(.accepted)
        #expect(script.sends.isEmpty)
        #expect(script.state.attempts.isEmpty)
        script.push(.granted)
        #expect(script.sends == [0])
        #expect(script.status(0) == .intent)
    }

    @Test("a process that starts knows no open circuit: submit_within runs anew before the chain goes on")
    func outageIsForgotten() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds = [0: .circuitOpen, 1: .circuitOpen]
        script.push(.accepted)
        script.fire()
        #expect(script.clock == 120)
        script.facts.holds = [1: .circuitOpen]
        script.push(.restarted, at: 500)
        #expect(script.status(0) == .ready)
        script.facts.holds[0] = .circuitOpen
        script.push(.granted)
        #expect(script.status(0) == .held(.circuitOpen))
        #expect(script.armedKind == .submit)
        #expect(script.due == 620)
        script.facts.holds = [0: .circuitOpen]
        script.fire()
        #expect(script.status(1) == .ready)
    }

    @Test("what backs off when the process starts goes on backing off, and hands over to nobody")
    func backsOffAllTheSame() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds[1] = .circuitOpen
        script.push(.accepted)
        script.push(.granted)
        script.refuse(ProviderFailure(.rateLimited, .after(retryAfter: .seconds(900))))
        script.fire()
        script.facts.holds = [:]
        script.push(.restarted, at: 200)
        #expect(script.status(0) == .held(.backOff))
        #expect(script.status(1) == .waiting)
        #expect(script.due == 900)
    }
}
