import Gateway

/// Something that can happen next in a world.
enum Move: Hashable, CustomStringConvertible {
    case accept
    case grant
    /// The lane grants at the very moment the delivery expires.
    case grantTooLate
    /// A call of another delivery is placed, and speaks for this one too.
    case join
    case answer(Int)
    case refuse(Int, with: Int)
    case breakOff(Int, created: Bool)
    case report(Int, Int)
    /// Our cancellation is confirmed.
    case canceled(Int)
    case found
    case absent
    case silence
    case pollSame
    case pollNews(Int)
    case pollSilence
    case timer
    /// Time passes until just before the timer.
    case pause
    case expire
    case delegated(Int, DelegationResult)
    case acknowledge(Int?)
    /// A text that names no alert.
    case reply
    case reject
    case optOut(all: Bool)
    case cancel
    case ask
    /// The circuit of a sender, named by its place, opens or closes.
    case circuit(Int)
    /// Quiet hours of a step begin or end.
    case sleep(Int)
    /// The process dies and starts again, at once or after an outage; what had not been answered was created or not.
    case crash(created: Bool, outage: Bool)
    /// A person answers the open review.
    case approve
    case dismiss

    var description: String {
        switch self {
        case .accept: "accept"
        case .grant: "grant"
        case .grantTooLate: "grant at the end"
        case .join: "join"
        case .answer(let attempt): "answer \(attempt)"
        case .refuse(let attempt, let index): "refuse \(attempt) with \(index)"
        case .breakOff(let attempt, let created): "break off \(attempt), \(created ? "created" : "not created")"
        case .report(let attempt, let index): "report \(index) of \(attempt)"
        case .canceled(let attempt): "canceled \(attempt)"
        case .found: "found"
        case .absent: "absent"
        case .silence: "look-up unanswered"
        case .pollSame: "poll without news"
        case .pollNews(let index): "poll says \(index)"
        case .pollSilence: "poll unanswered"
        case .timer: "timer"
        case .pause: "pause"
        case .expire: "expire"
        case .delegated(let step, let result): "deliveries of step \(step): \(result)"
        case .acknowledge(let attempt): "acknowledge \(attempt.map(String.init) ?? "-")"
        case .reply: "a text"
        case .reject: "not me"
        case .optOut(let all): all ? "stop all" : "stop"
        case .cancel: "cancel"
        case .ask: "ask"
        case .circuit(let place): "circuit \(place)"
        case .sleep(let step): "sleep \(step)"
        case .crash(let created, let outage): "crash\(outage ? " and outage" : ""), \(created ? "" : "not ")created"
        case .approve: "approve"
        case .dismiss: "dismiss"
        }
    }
}

extension World {
    /// All that can happen next.
    func moves(_ scenario: Scenario) -> [Move] {
        if state.phase == .scheduled, state.armed == nil { return [.accept] }
        var moves: [Move] = []
        if lane != nil, budget.attempts > state.attempts.count { moves += [.grant, .grantTooLate] }
        if scenario.hasOthers, let lane, plan(scenario, lane).intrusiveness == .call, moves.contains(.grant) {
            moves.append(.join)
        }
        for attempt in flights.indices { appendAnswers(attempt, scenario, &moves) }
        if budget.reports > 0 {
            for attempt in flights.indices { appendReports(attempt, scenario, &moves) }
        }
        appendQueries(scenario, &moves)
        for step in state.steps.indices where delegates & 1 << UInt8(step) != 0 {
            moves += DelegationResult.allCases.map { .delegated(step, $0) }
        }
        appendTime(&moves)
        if budget.people > 0 { appendPeople(scenario, &moves) }
        appendChanges(scenario, &moves)
        if budget.crashes > 0 { appendCrashes(&moves) }
        return moves
    }

    private func plan(_ scenario: Scenario, _ step: Int) -> PlanStep { scenario.plan.steps[step] }

    private func appendAnswers(_ attempt: Int, _ scenario: Scenario, _ moves: inout [Move]) {
        let flight = flights[attempt]
        guard flight.isPending else { return }
        if flight.exists != false { moves.append(.answer(attempt)) }
        if flight.exists == nil, budget.refusals > 0 {
            for index in scenario.refusals.indices { moves.append(.refuse(attempt, with: index)) }
        }
        guard budget.breaks > 0 else { return }
        moves.append(.breakOff(attempt, created: true))
        if flight.exists == nil { moves.append(.breakOff(attempt, created: false)) }
    }

    private func appendReports(_ attempt: Int, _ scenario: Scenario, _ moves: inout [Move]) {
        guard flights[attempt].exists != false else { return }
        for index in rumours(of: attempt, scenario) { moves.append(.report(attempt, index)) }
        let state = state.attempts[attempt]
        if state.recalled, state.level < .delivered, state.seen & 1 << canceledMark == 0 {
            moves.append(.canceled(attempt))
        }
    }

    /// The mark of the report that confirms a cancellation.
    var canceledMark: UInt64 { UInt64(20 + AttemptOutcome.canceled.rawValue) }

    /// What may still be told about an attempt.
    func rumours(of attempt: Int, _ scenario: Scenario) -> [Int] {
        let list = scenario.rumours[Int(state.attempts[attempt].step)]
        let told = flights[attempt].told
        return list.indices.filter { index in
            told & 1 << UInt8(index) == 0
                && !list.indices.contains { told & 1 << UInt8($0) != 0 && list[index].excludes.contains(list[$0].name) }
        }
    }

    private func appendQueries(_ scenario: Scenario, _ moves: inout [Move]) {
        if let lookUp {
            if flights[lookUp].exists == true { moves.append(.found) }
            // What exists may be missing from the provider's list for a minute.
            let age = state.attempts[lookUp].ambiguousSince.map { World.now - $0 } ?? .seconds(200)
            if flights[lookUp].exists == false || age < .seconds(60) { moves.append(.absent) }
            if budget.silences > 0 { moves.append(.silence) }
        }
        if let poll {
            moves.append(.pollSame)
            moves.append(.pollSilence)
            if budget.reports > 0 { moves += rumours(of: poll, scenario).map { .pollNews($0) } }
        }
    }

    private func appendTime(_ moves: inout [Move]) {
        guard let armed = state.armed else { return }
        if armed.kind != .expires { moves.append(.timer) }
        moves.append(.expire)
        let isNear = armed.due <= World.now + .milliseconds(1)
        if budget.pauses > 0, armed.kind != .expires, !isNear { moves.append(.pause) }
    }

    private func appendPeople(_ scenario: Scenario, _ moves: inout [Move]) {
        if state.phase != .acked { moves.append(.acknowledge(nil)) }
        if let last = flights.indices.last, flights[last].exists != false { moves.append(.acknowledge(last)) }
        if scenario.hasReplies, flights.contains(where: { $0.exists != false }), state.phase.mayBeAnswered {
            moves.append(.reply)
        }
        if state.reviewIsOpen { moves += [.approve, .dismiss] }
        if state.phase.isTerminal { return }
        moves += [.reject, .optOut(all: false), .optOut(all: true), .cancel, .ask]
    }

    private func appendChanges(_ scenario: Scenario, _ moves: inout [Move]) {
        guard budget.changes > 0, state.phase == .active else { return }
        for step in state.current..<min(state.current + 2, state.steps.count) {
            for sender in 0..<scenario.plan.steps[step].senderCount {
                moves.append(.circuit(Scenario.place(step, over: sender)))
            }
            if scenario.asleep != 0 { moves.append(.sleep(step)) }
        }
    }

    private func appendCrashes(_ moves: inout [Move]) {
        let isOpen = flights.contains { $0.isPending && $0.exists == nil }
        let mayBeLate = state.phase == .active && state.armed?.kind != .expires
        for outage in mayBeLate ? [false, true] : [false] {
            moves.append(.crash(created: false, outage: outage))
            if isOpen { moves.append(.crash(created: true, outage: outage)) }
        }
    }
}
