// Requests to providers and what comes back.

extension EngineCore {
    /// Look-ups and polls under way at once; the rest wait, so that an outage does not end in a burst.
    static let queryWindow = 32
    private static let longestLookUp = 20

    func send(_ delivery: LiveDelivery, _ attempt: Int) {
        guard live[delivery.id] === delivery else { return }
        let step = delivery.entry(ofAttempt: attempt)
        beginFlight(step.channel, tenant: tenant(of: delivery))
        if step.intrusiveness == .call { beginCall(delivery, attempt, step: step) }
        guard let settings = known(delivery, of: attempt).settings,
            let provider = directory.provider(named: settings.provider)
        else {
            return finishUnsent(delivery, attempt, step, ProviderFailure(.content, .hold))
        }
        if !providerBreakers.isEmpty { providerBreakers[settings.provider]?.began(nextExchange) }
        noteSent(delivery, step)
        expose(delivery, attempt, step)
        exchange(
            Exchange(
                delivery: delivery.id, attempt: attempt, purpose: .create, channel: step.channel, kind: step.kind,
                provider: provider.name, tenant: tenant(of: delivery)),
            .create(creation(delivery, attempt, by: provider)))
        delivery.known = nil
    }

    /// What the running configuration says of a step over one of its senders.
    func known(_ delivery: LiveDelivery, _ step: Int, over sender: Int) -> KnownStep {
        if let known = delivery.known, known.step == step, known.sender == sender { return known }
        let route = directory.route(of: delivery.job, step: delivery.plan.steps[step].over(sender))
        let known = KnownStep(step: step, sender: sender, route: route)
        delivery.known = known
        return known
    }

    private func known(_ delivery: LiveDelivery, of attempt: Int) -> KnownStep {
        let attempt = delivery.state.attempts[attempt]
        return known(delivery, Int(attempt.step), over: Int(attempt.sender))
    }

    /// Nothing left the house.
    private func finishUnsent(
        _ delivery: LiveDelivery, _ attempt: Int, _ step: PlanStep, _ failure: ProviderFailure
    ) {
        if step.intrusiveness == .text { finishFlight(step.channel, tenant: tenant(of: delivery)) }
        deferred.append((delivery.id, .result(attempt: attempt, .refused(failure))))
    }

    private func creation(_ delivery: LiveDelivery, _ attempt: Int, by provider: any Provider) -> Creation {
        let known = known(delivery, of: attempt)
        return Creation(
            directory: directory, provider: provider, tokens: tokens, fixed: delivery.fixed, attempt: attempt,
            step: known.step, sender: known.sender,
            windowIsOpen: known.settings.map { windowIsOpen(delivery.job, $0) } ?? false,
            useTemplate: delivery.state.steps[known.step].useTemplate)
    }

    /// Free text may be sent for 24 h after the person's last message, less a minute for the way.
    func windowIsOpen(_ job: DeliveryJob, _ settings: LaneSettings) -> Bool {
        guard book.knows(job.recipient.number) else { return false }
        let scope = Self.windowScope(settings.kind, settings.sender)
        guard let last = book.lastInbound(job.recipient.number, channel: scope, now: now) else { return false }
        return now < last + .seconds(24 * 3_600 - 60)
    }

    static func windowScope(_ kind: ChannelKind, _ sender: String) -> String { kind.rawValue + ":" + sender }

    /// A question for whose answer nobody waits.
    func ask(_ exchange: Exchange, _ request: ProviderRequest) { self.exchange(exchange, .ready(request)) }

    private func exchange(_ exchange: Exchange, _ work: EngineRequest.Work) {
        let number = nextExchange
        nextExchange += 1
        exchanges[number] = exchange
        turn.requests.append(EngineRequest(exchange: number, work))
    }

    // MARK: queries

    private func query(
        _ delivery: LiveDelivery, _ attempt: Int, _ purpose: Exchange.Purpose, _ request: ProviderRequest
    ) {
        let step = delivery.entry(ofAttempt: attempt)
        guard case .sender(let settings) = directory.route(of: delivery.job, step: step) else { return }
        let entry = Exchange(
            delivery: delivery.id, attempt: attempt, purpose: purpose, channel: step.channel, kind: step.kind,
            provider: settings.provider, tenant: tenant(of: delivery))
        // A ringing phone does not wait behind questions.
        if case .recall = purpose { return exchange(entry, .ready(request)) }
        guard queriesInFlight < Self.queryWindow else {
            waitingQueries.append((entry, request))
            return
        }
        queriesInFlight += 1
        exchange(entry, .ready(request))
    }

    private func queryEnded() {
        queriesInFlight -= 1
        guard queriesInFlight < Self.queryWindow, !waitingQueries.isEmpty else { return }
        let (entry, request) = waitingQueries.removeFirst()
        queriesInFlight += 1
        exchange(entry, .ready(request))
    }

    private func provider<Capability>(
        _ delivery: LiveDelivery, _ attempt: Int, as type: Capability.Type
    ) -> Capability? {
        guard let settings = known(delivery, of: attempt).settings else { return nil }
        return directory.provider(named: settings.provider) as? Capability
    }

    func lookUp(_ delivery: LiveDelivery, _ attempt: Int) {
        guard let provider = provider(delivery, attempt, as: (any LookUpProvider).self),
            live[delivery.id] === delivery,
            let outbound = try? creation(delivery, attempt, by: provider).outbound()
        else {
            deferred.append((delivery.id, .lookedUp(attempt: attempt, .unanswered)))
            return
        }
        let state = delivery.state.attempts[attempt]
        // Until version 5 of the state: the request was written at most one timeout before it broke.
        let since = state.intentAt ?? (state.ambiguousSince ?? now) + .seconds(-20)
        let request = provider.lookUpRequest(for: outbound, since: since)
        query(delivery, attempt, .lookUp(outbound, since: since, pages: 1), request)
    }

    func poll(_ delivery: LiveDelivery, _ attempt: Int) {
        guard let provider = provider(delivery, attempt, as: (any PollingProvider).self) else {
            deferred.append((delivery.id, .polled(attempt: attempt, nil)))
            return
        }
        let kind = delivery.plan.steps[Int(delivery.state.attempts[attempt].step)].kind
        let request = provider.pollRequest(providerID: delivery.state.attempts[attempt].providerID, kind: kind)
        query(delivery, attempt, .poll, request)
    }

    func recall(_ delivery: LiveDelivery, _ attempt: Int) {
        guard isLastToLeave(delivery, attempt),
            let provider = provider(delivery, attempt, as: (any RecallingProvider).self)
        else { return }
        let kind = delivery.plan.steps[Int(delivery.state.attempts[attempt].step)].kind
        let request = provider.recallRequest(providerID: delivery.state.attempts[attempt].providerID, kind: kind)
        query(delivery, attempt, .recall, request)
    }

    // MARK: answers

    func take(_ number: Int, _ outcome: ExchangeOutcome) {
        guard !outbox.isUnderWay(number) else {
            takeOutgoing(number, outcome)
            return
        }
        guard let exchange = exchanges.removeValue(forKey: number) else { return }
        finished.append((number, exchange))
        switch outcome {
        case .created(let result): created(exchange, result)
        case .unsent(let failure): complete(exchange, .refused(failure))
        case .answered(let answer): answered(exchange, answer)
        }
        if !providerBreakers.isEmpty { providerBreakers[exchange.provider]?.ended(number) }
        runDeferred()
    }

    /// The answer to a question; one whose provider is gone says nothing.
    private func answered(_ exchange: Exchange, _ answer: ProviderAnswer) {
        let provider = directory.provider(named: exchange.provider)
        switch exchange.purpose {
        case .create, .recall: break
        case .price(let row): tookPrice(row, provider, answer)
        case .conference(let about): conferenceAnswered(about, provider, answer)
        case .lookUp(let outbound, let since, let pages):
            queryEnded()
            if let provider { lookedUp(exchange, provider, answer, outbound, since, pages) }
        case .poll:
            queryEnded()
            guard let provider else { return }
            let report = (provider as? any PollingProvider)?.pollResult(of: answer, kind: exchange.kind)
            if report == nil { providerFailed(exchange.channel) } else { providerAnswered(exchange.channel) }
            applyAnywhere(.polled(attempt: exchange.attempt, report), to: exchange.delivery)
        }
    }

    private func created(_ exchange: Exchange, _ result: SendResult) {
        switch result {
        case .accepted:
            lanes[exchange.channel]?.results.accepted += 1
            providerAnswered(exchange.channel)
        case .ambiguous:
            lanes[exchange.channel]?.results.ambiguous += 1
            providerFailed(exchange.channel)
        case .refused(let failure):
            lanes[exchange.channel]?.results.refused += 1
            switch failure.failureClass {
            case .unavailable: providerFailed(exchange.channel, isUnreachable: failure.code == 0)
            case .auth, .rateLimited: break
            default: providerAnswered(exchange.channel)
            }
        }
        complete(exchange, result)
    }

    private func complete(_ exchange: Exchange, _ result: SendResult) {
        if exchange.kind != .voice { finishFlight(exchange.channel, tenant: exchange.tenant) }
        applyAnywhere(.result(attempt: exchange.attempt, result), to: exchange.delivery)
        guard exchange.kind == .voice else { return }
        tellRiders(of: AttemptReference(delivery: exchange.delivery, attempt: exchange.attempt)) { attempt in
            .result(attempt: attempt, result)
        }
    }

    private func lookedUp(
        _ exchange: Exchange, _ provider: any Provider, _ answer: ProviderAnswer, _ outbound: OutboundRequest,
        _ since: Timestamp, _ pages: Int
    ) {
        guard let provider = provider as? any LookUpProvider else { return }
        let taken = takenIDs(exchange)
        switch provider.lookUpResult(of: answer, for: outbound, since: since, taken: taken) {
        case .next(let request) where pages < Self.longestLookUp:
            guard let delivery = loaded(exchange.delivery) else { return }
            query(delivery, exchange.attempt, .lookUp(outbound, since: since, pages: pages + 1), request)
        case .next:
            applyAnywhere(.lookedUp(attempt: exchange.attempt, .unanswered), to: exchange.delivery)
        case .done(let result):
            if result == .unanswered { providerFailed(exchange.channel) } else { providerAnswered(exchange.channel) }
            applyAnywhere(.lookedUp(attempt: exchange.attempt, result), to: exchange.delivery)
        }
    }

    /// Provider ids of other attempts to the number: an earlier equal message must not pass for this one.
    private func takenIDs(_ exchange: Exchange) -> Set<String> {
        guard let number = loaded(exchange.delivery)?.job.recipient.number else { return [] }
        let recent = lookUp(recipient: number).suffix(50) + openDeliveries(to: number)
        let own = sharers(of: AttemptReference(delivery: exchange.delivery, attempt: exchange.attempt))
        var taken: Set<String> = []
        for id in recent {
            guard let other = current(id) else { continue }
            for (index, attempt) in other.state.attempts.enumerated()
            where !attempt.providerID.isEmpty && !own.contains(AttemptReference(delivery: id, attempt: index)) {
                taken.insert(attempt.providerID)
            }
        }
        return taken
    }

    /// Events that arose while others were carried out.
    func runDeferred() {
        repeat {
            while !deferred.isEmpty {
                let (id, event) = deferred.removeFirst()
                applyAnywhere(event, to: id)
            }
        } while endDelegations()
    }
}
