import Gateway
import Testing

@Suite("Every clock of the table runs from its event and does at its end what the table says")
struct ClockRowTests {
    // MARK: submit_within

    @Test("submit_within counts an open circuit and ends in the next step when its provider is up")
    func submitEnds() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds[0] = .circuitOpen
        script.push(.accepted)
        #expect(script.status(0) == .held(.circuitOpen))
        #expect(script.armedKind == .submit)
        #expect(script.due == 120)
        script.fire()
        #expect(script.status(0) == .failed(.timeout))
        #expect(script.status(1) == .ready)
    }

    @Test("submit_within keeps waiting when the next step's provider is down, until that one is up")
    func submitWaits() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds = [0: .circuitOpen, 1: .circuitOpen]
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .held(.circuitOpen))
        #expect(script.armedKind == .expires)
        script.facts.holds[1] = nil
        script.push(.recheck, at: 500)
        #expect(script.status(1) == .ready)
    }

    @Test("after submit_within the step itself goes when both circuits close")
    func submitGoesItself() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds = [0: .circuitOpen, 1: .circuitOpen]
        script.push(.accepted)
        script.fire()
        script.facts.holds = [:]
        script.push(.recheck, at: 500)
        #expect(script.status(0) == .ready)
        #expect(script.status(1) == .waiting)
    }

    @Test("submit_within of the last step never ends the chain; the step goes when the circuit closes")
    func submitOfTheLast() {
        var script = DeliveryScript(.chain(.sms()))
        script.facts.holds[0] = .circuitOpen
        script.push(.accepted)
        script.fire()
        #expect(script.state.phase == .active)
        script.facts.holds = [:]
        script.push(.recheck, at: 4_000)
        #expect(script.status(0) == .ready)
        #expect(script.asked(.enqueue(step: 0)))
    }

    @Test("submit_within stands still in the lane: what was spent before is not lost, what the lane takes is not spent")
    func submitStandsStillInTheLane() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds[0] = .circuitOpen
        script.push(.accepted)
        script.facts.holds = [:]
        script.push(.recheck, at: 50)
        #expect(script.armedKind == .expires)
        script.facts.holds[0] = .circuitOpen
        script.push(.granted, at: 5_000)
        #expect(script.status(0) == .held(.circuitOpen))
        #expect(script.due == 5_070)
    }

    @Test("submit_within stands still in quiet hours, and a sleeping step hands over to nobody")
    func submitStandsStillInQuietHours() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.facts.holds[0] = .circuitOpen
        script.push(.accepted)
        script.facts.openings[0] = .closed(until: DeliveryScript.time(30_000))
        script.fire()
        #expect(script.status(0) == .held(.quietHours))
        #expect(script.armedKind == .wake)
        #expect(script.due == 30_000)
        #expect(script.status(1) == .waiting)
    }

    @Test("after submit_within a step waits for the next one's opening, not in front of its closed door")
    func submitWaitsForAnOpening() {
        var script = DeliveryScript(.chain(.whatsapp(), .sms()))
        script.facts.holds[0] = .circuitOpen
        script.facts.openings[1] = .closed(until: DeliveryScript.time(600))
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .held(.circuitOpen))
        #expect(script.due == 600)
        script.facts.openings = [:]
        script.fire()
        #expect(script.status(1) == .ready)
    }

    // MARK: lane_within

    @Test("without lane_within only expires runs in the lane")
    func noLaneClock() {
        var script = DeliveryScript(.chain(.sms(), .voice()))
        script.push(.accepted)
        #expect(script.status(0) == .ready)
        #expect(script.armedKind == .expires)
    }

    @Test("lane_within goes on to a faster lane and gives up the place in the old one")
    func laneEnds() {
        var script = DeliveryScript(.chain(.whatsapp { $0.laneWithin = .seconds(60) }, .sms()))
        script.facts.laneWaits = [0: .seconds(300), 1: .seconds(5)]
        script.push(.accepted)
        #expect(script.due == 60)
        script.fire()
        #expect(script.asked(.leaveLane(step: 0)))
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
    }

    @Test("lane_within never goes on to a lane whose expected wait is longer")
    func laneEndsBeforeASlowerOne() {
        var script = DeliveryScript(.chain(.whatsapp { $0.laneWithin = .seconds(60) }, .sms()))
        script.facts.laneWaits = [0: .seconds(5), 1: .seconds(300)]
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .ready)
        #expect(!script.everAsked(.leaveLane(step: 0)))
    }

    @Test("lane_within never turns a text into a call, also when the text between cannot be used")
    func laneNeverCalls() {
        var script = DeliveryScript(.chain(.whatsapp { $0.laneWithin = .seconds(60) }, .sms(), .voice()))
        script.facts.ineligible[1] = .unfit
        script.push(.accepted)
        script.fire()
        #expect(script.status(0) == .ready)
        #expect(script.status(2) == .waiting)
    }

    // MARK: queue_within, deliver_within

    @Test("queue_within runs from the acceptance; a message that still waits is cancelled and the next step starts")
    func queueEnds() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.accept(at: 2)
        #expect(script.armedKind == .queue)
        #expect(script.due == 602)
        script.fire()
        #expect(script.asked(.poll(attempt: 0)))
        #expect(script.recalls.isEmpty)
        script.push(.polled(attempt: 0, .init(.accepted)))
        #expect(script.recalls == [0])
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
    }

    @Test("a message whose reports were lost is found when queue_within ends")
    func queueWasLeft() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.accept(at: 2)
        script.fire()
        script.push(.polled(attempt: 0, .init(.delivered)))
        #expect(script.state.phase == .satisfied)
        #expect(script.recalls.isEmpty)
    }

    @Test("deliver_within runs from sent, asks the provider once, then the next step starts")
    func deliverEnds() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.accept()
        script.report(.sent, at: 100)
        #expect(script.armedKind == .deliver)
        #expect(script.due == 220)
        script.fire()
        #expect(script.asked(.poll(attempt: 0)))
        #expect(script.armedKind == .confirm)
        #expect(script.due == 225)
        script.fire()
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
        #expect(script.recalls.isEmpty)
    }

    @Test("an answer without news ends the wait at once, one with news satisfies")
    func pollAnswers() {
        for news in [false, true] {
            var script = DeliveryScript.sent(.chain(.sms(), .voice()))
            script.accept()
            script.report(.sent)
            script.fire()
            script.push(.polled(attempt: 0, news ? .init(.delivered) : .init(.sent)))
            #expect(script.state.phase == (news ? .satisfied : .active))
            #expect(script.status(1) == (news ? .waiting : .ready))
        }
    }

    @Test("a query that is not answered leaves the confirm timer running")
    func pollUnanswered() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()))
        script.accept()
        script.report(.sent)
        script.fire()
        script.push(.polled(attempt: 0, nil))
        #expect(script.armedKind == .confirm)
    }

    @Test("deliver_within runs from the acceptance where the channel reports no sent, and ends at once without a query")
    func deliverWithoutSent() {
        var script = DeliveryScript.sent(
            .chain(
                .sms {
                    $0.reportsSent = false
                    $0.canPoll = false
                }, .voice()))
        script.accept(at: 3)
        #expect(script.armedKind == .deliver)
        #expect(script.due == 123)
        script.fire()
        #expect(script.status(1) == .ready)
    }

    @Test("the defaults of deliver_within are three minutes for WhatsApp and two for SMS")
    func deliverDefaults() {
        #expect(PlanStep.whatsapp().deliverWithin == .seconds(180))
        #expect(PlanStep.sms().deliverWithin == .seconds(120))
        #expect(PlanStep.sms().submitWithin == .seconds(120))
        #expect(PlanStep.sms().queueWithin == .seconds(600))
        #expect(PlanStep.sms().ackWithin == .seconds(900))
        #expect(PlanStep.sms().laneWithin == nil)
        #expect(PlanStep.voice().ringTimeout == .seconds(30))
        #expect(PlanStep.voice().maxDuration == .seconds(180))
        #expect(DeliveryPlan.chain().expires == .seconds(86_400))
        #expect(DeliveryPlan.chain().catchUpGrace == .seconds(60))
        #expect(DeliveryPlan.chain().maxCalls == 1)
    }

    // MARK: read_within, ack_within

    @Test("read_within runs from delivered; at its end the provider is asked, then the next step starts")
    func readEnds() {
        var script = DeliveryScript.sent(
            .chain(.whatsapp { $0.readWithin = .seconds(300) }, .sms()) { $0.success = .read })
        script.accept()
        script.report(.delivered, at: 10)
        #expect(script.armedKind == .read)
        #expect(script.due == 310)
        script.fire()
        #expect(script.asked(.poll(attempt: 0)))
        script.fire()
        #expect(script.status(1) == .ready)
    }

    @Test("ack_within runs from the first level of delivered or more, and a later one does not restart it")
    func ackRunsFromDelivered() {
        var script = DeliveryScript.sent(.acked(.whatsapp(), .sms()))
        script.accept()
        script.report(.delivered, at: 10)
        #expect(script.armedKind == .ack)
        #expect(script.due == 910)
        script.report(.read, at: 400)
        #expect(script.due == 910)
        script.fire()
        #expect(script.status(0) == .superseded)
        #expect(script.status(1) == .ready)
    }

    @Test("ack_within still runs from delivered when read_within ran before it")
    func ackAfterRead() {
        var script = DeliveryScript.sent(.acked(.whatsapp { $0.readWithin = .seconds(300) }, .sms()))
        script.accept()
        script.report(.delivered, at: 10)
        #expect(script.due == 310)
        script.report(.read, at: 200)
        #expect(script.armedKind == .ack)
        #expect(script.due == 910)
    }

    @Test("ack_within runs from sent where receipts are weak or absent")
    func ackFromSent() {
        for quality in [ReceiptQuality.weak, .absent] {
            var script = DeliveryScript.sent(.acked(.sms { $0.receipts = quality }, .voice()))
            script.accept()
            script.report(.sent, at: 20)
            #expect(script.armedKind == .ack)
            #expect(script.due == 920)
        }
    }

    // MARK: voice

    @Test("a call has queue_within before it rings, then the ring timeout and 15 seconds")
    func ringing() {
        var script = DeliveryScript.sent(.chain(.voice(), .sms()))
        script.accept()
        #expect(script.armedKind == .queue)
        #expect(script.due == 600)
        script.report(.ringing, at: 4)
        #expect(script.armedKind == .ringing)
        #expect(script.due == 49)
        script.fire()
        #expect(script.asked(.poll(attempt: 0)))
        script.fire()
        #expect(script.recalls == [0])
        #expect(script.status(1) == .ready)
    }

    @Test("an answered call has its time limit and a minute, and ack_within runs to a minute after its end")
    func callAndAfter() {
        var script = DeliveryScript.sent(.acked(.voice(), .sms()))
        script.accept()
        script.report(.ringing)
        script.report(.answered, at: 10)
        #expect(script.armedKind == .call)
        #expect(script.due == 250)
        script.report(.completed, at: 40)
        #expect(script.armedKind == .afterCall)
        #expect(script.due == 100)
        script.fire()
        #expect(script.status(0) == .failed(.humanNoKey))
        #expect(script.status(1) == .ready)
    }

    @Test("a verdict of detection proves that the call was answered, though the report of that was lost")
    func verdict() {
        for report in [AttemptReport.machine, .human] {
            var script = DeliveryScript.sent(.acked(.voice(), .sms()))
            script.accept()
            script.report(report, at: 10)
            #expect(script.armedKind == .call)
            #expect(script.due == 250)
            script.fire()
            script.fire()
            #expect(script.recalls.isEmpty)
        }
    }

    @Test("a clock that has ended does not start again while the provider is asked")
    func askedAbout() {
        var script = DeliveryScript.sent(.acked(.voice(), .sms()))
        script.accept()
        script.report(.answered, at: 10)
        script.fire()
        #expect(script.asked(.poll(attempt: 0)))
        script.report(.human, at: 252)
        #expect(script.armedKind == .confirm)
        #expect(script.due == 255)
    }

    // MARK: expires

    @Test("expires ends the delivery and no further step starts")
    func expires() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()) { $0.expires = .seconds(100) })
        script.accept()
        #expect(script.armedKind == .expires)
        #expect(script.due == 100)
        script.fire()
        #expect(script.state.phase == .expired)
        #expect(script.status(1) == .waiting)
        #expect(script.state.armed == nil)
        #expect(script.recalls == [0])
    }

    @Test("a step that would start at or after expires does not")
    func advancePastTheEnd() {
        var script = DeliveryScript.sent(.chain(.sms(), .voice()) { $0.expires = .seconds(100) })
        script.accept()
        script.report(.failed, at: 100)
        #expect(script.state.phase == .expired)
        #expect(script.status(1) == .waiting)
        var queued = DeliveryScript(.chain(.sms()) { $0.expires = .seconds(100) })
        queued.push(.accepted)
        queued.push(.granted, at: 100)
        #expect(queued.state.phase == .expired)
        #expect(queued.sends.isEmpty)
    }

    @Test("a delivery with send_at starts then, and expires runs from there")
    func sendAt() {
        var script = DeliveryScript(.chain(.sms()) { $0.expires = .seconds(21_600) }, startsAfter: 172_800)
        script.push(.accepted)
        #expect(script.state.phase == .scheduled)
        #expect(script.armedKind == .starts)
        script.fire()
        #expect(script.status(0) == .ready)
        #expect(script.due == 194_400)
    }

    // MARK: asked, catching up

    @Test("while a person is asked which alert was meant, the clocks stand still")
    func asked() {
        var script = DeliveryScript.sent(.acked(.sms(), .voice()))
        script.accept()
        script.report(.delivered)
        script.push(.asked(until: DeliveryScript.time(1_100)), at: 800)
        #expect(script.armedKind == .ack)
        #expect(script.due == 1_100)
    }

    @Test("a clock that is overdue by more than the grace first asks the provider", arguments: [59.0, 61.0])
    func catchesUp(late: Double) {
        var unacked = DeliveryScript.sent(.acked(.sms(), .voice()))
        unacked.accept()
        unacked.report(.delivered)
        unacked.fire(at: 900 + late)
        #expect(unacked.everAsked(.poll(attempt: 0)) == (late > 60))
        unacked.fire()
        #expect(unacked.status(late > 60 ? 1 : 0) == (late > 60 ? .ready : .superseded))
    }
}
