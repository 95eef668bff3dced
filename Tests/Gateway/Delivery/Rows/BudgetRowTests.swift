import Gateway
import Testing

@Suite("What a delivery may spend")
struct BudgetRowTests {
    private func script(_ action: BudgetAction, micros: Int64 = 25) -> DeliveryScript {
        var plan = DeliveryPlan.acked(.sms(), .voice(), .whatsapp())
        plan.budget = DeliveryBudget(micros: micros, action: action)
        plan.onExhausted = .review
        var script = DeliveryScript(plan)
        script.facts.prices = [0: 10, 1: 20, 2: 15]
        script.push(.accepted)
        return script
    }

    @Test("the price is reserved with the intent, and given back when it surely was not processed")
    func reserved() {
        var script = script(.skip)
        #expect(script.state.reserved == 0)
        script.push(.granted)
        #expect(script.state.reserved == 10)
        #expect(script.state.attempts[0].reserved == 10)
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.state.reserved == 0)
        #expect(script.state.attempts[0].reserved == 0)
        script.fire()
        script.push(.granted)
        script.breakOff()
        // It may have been processed.
        #expect(script.state.reserved == 10)
    }

    @Test("skip goes on with a step that costs less")
    func skip() {
        var script = script(.skip)
        script.send()
        script.report(.failed)
        script.push(.granted)
        #expect(script.status(1) == .skipped(.budget))
        #expect(script.status(2) == .ready)
        #expect(script.state.callsUsed == 0)
        script.push(.granted)
        #expect(script.state.reserved == 25)
        #expect(script.sends == [0, 1])
    }

    @Test("block ends the delivery, and nobody is asked")
    func block() {
        var script = script(.block)
        script.send()
        script.report(.failed)
        script.push(.granted)
        #expect(script.state.phase == .blockedBudget)
        #expect(!script.state.reviewIsOpen)
        #expect(!script.everAsked(.exhausted(.review)))
        #expect(script.sends == [0])
        script.push(.acknowledged(attempt: 0))
        #expect(script.state.phase == .acked)
        #expect(script.state.isLate)
    }

    @Test("exactly the budget may be spent, and not one micro more")
    func edge() {
        for (micros, sent) in [(Int64(10), [0]), (9, [])] {
            var script = script(.block, micros: micros)
            script.push(.granted)
            #expect(script.sends == sent)
        }
        var script = script(.block, micros: .max)
        script.facts.prices = [0: .max, 1: .max]
        script.send()
        script.report(.failed)
        script.push(.granted)
        #expect(script.state.phase == .blockedBudget)
    }

    @Test("without a budget nobody asks for prices")
    func none() {
        var script = DeliveryScript(.acked(.sms()))
        script.facts.prices = [0: 10]
        script.push(.accepted)
        script.push(.granted)
        #expect(script.state.reserved == 0)
    }

    // MARK: budgets beyond the delivery's own

    @Test("what others spent denies a step, as the budget says", arguments: BudgetAction.allCases)
    func shared(action: BudgetAction) {
        var script = DeliveryScript(.acked(.sms(), .voice()))
        script.facts.prices = [0: 10, 1: 5]
        script.facts.shared = (left: 9, action: action)
        script.push(.accepted)
        script.push(.granted)
        #expect(script.sends.isEmpty)
        switch action {
        case .skip: #expect(script.status(0) == .skipped(.budget) && script.status(1) == .ready)
        case .block: #expect(script.state.phase == .blockedBudget)
        case .review: #expect(script.status(0) == .held(.budget))
        }
    }

    @Test("without a budget of its own the price is reserved where budgets count, and given back")
    func counted() {
        var script = DeliveryScript(.acked(.sms()))
        script.facts.prices = [0: 10]
        script.facts.shared = (left: 10, action: .block)
        script.push(.accepted)
        script.push(.granted)
        #expect(script.state.reserved == 10)
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        #expect(script.state.reserved == 0)
    }

    @Test("the delivery's own budget is asked first")
    func ownFirst() {
        var plan = DeliveryPlan.acked(.sms(), .voice())
        plan.budget = DeliveryBudget(micros: 5, action: .skip)
        var script = DeliveryScript(plan)
        script.facts.prices = [0: 10, 1: 5]
        script.facts.shared = (left: 5, action: .block)
        script.push(.accepted)
        script.push(.granted)
        #expect(script.status(0) == .skipped(.budget))
        script.push(.granted)
        #expect(script.sends == [0])
    }

    @Test("the provider's price replaces what was reserved, once the attempt went out")
    func priced() {
        var script = script(.skip)
        script.send()
        script.push(.priced(attempt: 0, micros: 4))
        #expect(script.last == [.note(.priced(attempt: 0, micros: 4))])
        #expect(script.state.reserved == 4)
        script.report(.failed)
        script.push(.granted)
        // 20 more are within 25.
        #expect(script.sends == [0, 1])
        script.refuse(.init(.unavailable, .after(retryAfter: nil)))
        for event in [DeliveryEvent.priced(attempt: 1, micros: 9), .priced(attempt: 7, micros: 1)] {
            script.push(event)
            #expect(script.state.reserved == 4)
        }
    }
}
