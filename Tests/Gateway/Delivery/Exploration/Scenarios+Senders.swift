import Gateway

extension Scenario {
    /// Steps with a list of senders.
    static let senders: [Scenario] = [
        senderTexts, senderCircuits, senderCalls, senderPeople, senderBudget, learnedReceipts,
    ]

    private static let ofSenders: [ProviderFailure] = [
        .init(.unavailable, .after(retryAfter: nil)), .init(.invalidSender, .provider), .init(.auth, .stopSender),
    ]

    /// A text over two senders, then a call: refused, reported as failed, ambiguous.
    static let senderTexts = Scenario(
        "sms over two senders, then voice", .chain(PlanStep.sms().or("sms_b"), .voice()),
        [[.sent, .delivered, .failed(.init(.content, .provider))], [.ringing]]
    ) {
        $0.refusals = ofSenders
        $0.budget.refusals = 2
        $0.budget.troubles = 2
    }

    /// The senders' circuits open and close, at every moment.
    static let senderCircuits = Scenario(
        "circuits of two senders", .acked(PlanStep.sms().or("sms_b"), .voice()), [[.failed], [.ringing]]
    ) {
        $0.down = 0b0001_0001
        $0.refusals = ofSenders
        $0.budget.changes = 3
        $0.budget.troubles = 4
        $0.budget.reports = 1
    }

    /// Calls of which two may be placed, and busy redials.
    static let senderCalls = Scenario(
        "voice over two senders",
        .acked(
            PlanStep.voice { $0.outcomes[.busy] = .retry(after: .seconds(20), times: 1) }.or("voice_b"), .sms()
        ) { $0.maxCalls = 2 }, [[.ringing, .completed, .busy], []]
    ) {
        $0.refusals = [ofSenders[0]]
        $0.budget.refusals = 2
        $0.budget.changes = 1
        $0.budget.troubles = 2
    }

    /// STOP and its like; the second sender has no consent of its own in the second step.
    static let senderPeople = Scenario(
        "stop to one of two senders", .acked(PlanStep.sms().or("sms_b"), PlanStep.whatsapp().or("whatsapp_b")),
        [[.sent, .failed(.init(.optedOut, .consent))], [.delivered]]
    ) {
        $0.ownConsent = [1, place(0, over: 1)]
        $0.down = 0b0000_0001
        $0.refusals = [.init(.optedOut, .consent), .init(.unavailable, .after(retryAfter: nil))]
        $0.budget.people = 1
        $0.budget.changes = 1
    }

    /// The first sender is too dear for a second text, the other one is not.
    static let senderBudget = Scenario(
        "a budget and two senders",
        .acked(PlanStep.sms { $0.outcomes[.timeout] = .retry(after: .seconds(20), times: 2) }.or("sms_b"), .whatsapp())
        {
            $0.budget = DeliveryBudget(micros: 25, action: .skip)
        }, [[.failed(.init(.content, .provider))], [.delivered]]
    ) {
        $0.prices = [20, 5, 0]
        $0.otherPrices = [5, 0, 0]
        $0.refusals = ofSenders
        $0.budget.attempts = 4
        $0.budget.crashes = 0
    }

    /// Receipts of the first sender, and of no other, turned out to be weak.
    static let learnedReceipts = Scenario(
        "receipts that turned out to be weak", .chain(PlanStep.sms().or("sms_b"), .whatsapp()),
        [[.sent, .delivered, .failed], [.sent, .delivered]]
    ) {
        $0.weakReceipts = [0]
        $0.refusals = [ofSenders[0]]
    }
}
