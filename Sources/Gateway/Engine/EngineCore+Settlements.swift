// What providers take for attempts is asked for later, a few at a time, in the order in which it is due. Memory keeps
// those that are being asked for and when the next one is due; the list is in the store.

/// Questions about prices.
struct Settling {
    /// Under way at the same time: nobody waits for an answer.
    static let window = 8

    var underWay: [SettlementRecord] = []
    /// When the earliest is due that is not under way; `nil` for none.
    var next: Timestamp?
    /// The list in the store was looked at.
    var isLoaded = false

    /// When something is to be done at the latest.
    var wakeAt: Timestamp? { underWay.count < Self.window ? next : nil }
}

extension EngineCore {
    /// An intent was made whose price counts.
    func settleLater(_ delivery: LiveDelivery, _ attempt: Int) {
        let record = SettlementRecord(delivery: delivery.id, attempt: attempt, created: now)
        turn.batch.settlements.append(record)
        settling.next = min(settling.next ?? record.due, record.due)
    }

    private static let settlementPage = 4 * Settling.window

    /// Asks for prices that are due, as many as may be under way.
    func askForPrices() {
        guard !settling.isLoaded || settling.wakeAt.map({ $0 <= now }) == true else { return }
        let page = Self.settlementPage
        guard let found = readNow({ () throws(StoreError) in try store.settlements(limit: page) }) else { return }
        settling.isLoaded = true
        // What this turn has just heard of is not in the store yet.
        let known = settling.underWay + turn.batch.settlementsDone + turn.batch.settlements
        let waiting = found.filter { row in
            !known.contains { $0.delivery == row.delivery && $0.attempt == row.attempt }
        }
        var asked = 0
        for row in waiting where row.due <= now && settling.underWay.count < Settling.window {
            askForPrice(row)
            asked += 1
        }
        let new = turn.batch.settlements.map(\.due)
        settling.next = (waiting.dropFirst(asked).map(\.due) + new).min()
        // There may be more than one page.
        if found.count == Self.settlementPage, waiting.count == asked { settling.next = now }
    }

    private func askForPrice(_ row: SettlementRecord) {
        guard let delivery = current(row.delivery), delivery.state.attempts.indices.contains(row.attempt),
            delivery.state.attempts[row.attempt].status != .refused,
            let (request, exchange) = priceRequest(delivery, row)
        else {
            turn.batch.settlementsDone.append(row)
            return
        }
        // Nobody knows yet whether the provider has it.
        guard !delivery.state.attempts[row.attempt].providerID.isEmpty else { return priced(row, .open) }
        settling.underWay.append(row)
        ask(exchange, request)
    }

    /// `nil` where the provider is gone or does not tell prices.
    private func priceRequest(_ delivery: LiveDelivery, _ row: SettlementRecord) -> (ProviderRequest, Exchange)? {
        let attempt = delivery.state.attempts[row.attempt]
        let step = delivery.entry(ofAttempt: row.attempt)
        guard case .sender(let settings) = directory.route(of: delivery.job, step: step),
            let provider = directory.provider(named: settings.provider) as? any PricingProvider
        else { return nil }
        let exchange = Exchange(
            delivery: delivery.id, attempt: row.attempt, purpose: .price(row), channel: step.channel,
            kind: step.kind, provider: settings.provider, tenant: tenant(of: delivery))
        return (provider.pollRequest(providerID: attempt.providerID, kind: step.kind), exchange)
    }

    /// A provider answered a question about a price.
    func tookPrice(_ row: SettlementRecord, _ provider: (any Provider)?, _ answer: ProviderAnswer) {
        settling.underWay.removeAll { $0.delivery == row.delivery && $0.attempt == row.attempt }
        priced(row, (provider as? any PricingProvider)?.price(in: answer) ?? .unanswered)
    }

    private func priced(_ row: SettlementRecord, _ price: ProviderPrice) {
        switch price {
        case .known(let money) where money.currency == directory.currency:
            turn.batch.settlementsDone.append(row)
            applyAnywhere(.priced(attempt: row.attempt, micros: money.micros), to: row.delivery)
        case .known, .open: askLater(row, row.asked(isAnswered: true, at: now))
        case .unanswered: askLater(row, row.asked(isAnswered: false, at: now))
        }
    }

    private func askLater(_ row: SettlementRecord, _ next: SettlementRecord?) {
        guard let next else {
            turn.batch.settlementsDone.append(row)
            return
        }
        turn.batch.settlements.append(next)
        settling.next = min(settling.next ?? next.due, next.due)
    }
}
