import Crypto
import Forms
import Gateway
import HTTP
import JSON
import MemoryStore
import Simulator
import Testing

@testable import Assembly
@testable import Server

/// The whole gateway but its threads and sockets, beside the simulated provider, on one thread in virtual time: the
/// production engine, directory, adapters and provider; requests and webhooks are bytes that pass from hand to hand.
final class VirtualGateway {
    let clock: VirtualClock
    /// The store of a story that has no disk.
    let store = InMemoryStore(tracing: true)
    /// What the production store of a story lies on.
    let disk: StoryDisk?
    let simulator: TwilioSimulator
    private(set) var directory: ConfigurationDirectory
    private(set) var core: EngineCore?
    private(set) var acceptance: Acceptance?
    private(set) var mailings: MailingWorker?
    private(set) var access: SimulatorAccess
    private var events = VirtualEvents()
    private var random: SeededRandom
    private let seed: UInt64
    private let idleLimit: Int

    // The engine's shell.
    private var inbox: [EngineInput] = []
    private var turnAt: Timestamp?
    private var wakeAt: Timestamp?
    private(set) var boot = 1
    private var nextTicket = 1
    private var webhookTickets: [Int: Int] = [:]
    /// What tickets of the API were answered.
    private(set) var answers: [Int: EngineAnswer] = [:]
    private(set) var notices: [EngineNotice] = []
    /// Errors of the store at which the process ended itself.
    private(set) var fatal: [StoreError] = []
    /// Where the process dies, and in which of the coming turns that commit something; 1 is the next.
    private var death: (moment: Death, turn: Int)?
    private var turnsAtThisTime = 0
    private var lastTurn = Timestamp(milliseconds: 0)

    // The way to the provider.
    private struct Flight {
        var boot: Int
        var exchange: Int
        /// What reads the answer; `nil` when there is none to read.
        var wire: WireExchange?
    }
    private var flights: [Int: Flight] = [:]
    private var webhooksInFlight: Set<Int> = []
    private var nextRequest = 1
    /// The provider cannot be reached at all.
    var providerIsUnreachable = false
    /// Requests for which there is no connection.
    var isUnreachable: (ProviderRequest) -> Bool = { _ in false }
    /// Answers requests to `hooks.test`, `hooks.other` and the like after `hookPause`; `nil` hangs until the request's own
    /// time is over.
    var hook: ((ProviderRequest) -> ProviderAnswer?)?
    var hookPause = Duration.milliseconds(1)
    /// Requests to them.
    private(set) var hooked: [(time: Timestamp, request: ProviderRequest)] = []
    /// A pooled connection was closed by the provider, and the gateway has not noticed.
    private var pooledConnectionIsDead = false
    /// The bytes of every request to the provider, in order.
    private(set) var requestTrace: [UInt8] = []
    /// What an index outside finds; nothing where there is none.
    var outside: ([DocumentQuery]) -> IndexAnswers = { _ in IndexAnswers() }
    /// Webhooks as they reached the gateway, and what it answered.
    private(set) var received: [(request: Simulator.WebhookRequest, answer: HTTPResponse?)] = []
    private var receivedIndex: [Int: Int] = [:]
    /// Where the process dies while it decides; stays over restarts as the file does.
    var deaths: PlannedDeaths?
    /// A process that died by itself is started again at once.
    var isSupervised = false
    /// How many turns ran.
    private(set) var turns = 0
    /// What this story meets beside what it is about.
    private var faults = StoryFaults.current
    /// Exchanges of the running process that have not come back.
    private var underWay = 0

    /// How long the engine lets inputs gather before a turn; chosen anew for every turn.
    var gathering: ClosedRange<Int64> = 0...0

    static let publicURL = "http://gateway.test"
    static let simulatorURL = "http://simulator.test"
    static let tokenKey = Array("a key of the stories, 32 bytes!!".utf8)
    static let account = "AC" + String(repeating: "0", count: 30) + "01"

    init(_ configuration: StoryConfiguration, seed chosen: UInt64 = 1, disk: StoryDisk? = nil) throws {
        let seed = faults.map { chosen &+ $0.seed } ?? chosen
        self.seed = seed
        self.disk = disk
        idleLimit = configuration.idleLimit
        random = SeededRandom(seed: seed)
        clock = VirtualClock(configuration.start)
        access = SimulatorAccess(
            baseURL: Self.simulatorURL, accountSID: Self.account, authToken: "token of the stories",
            keySID: "SK" + String(repeating: "0", count: 32), keySecret: "secret of the stories")
        let credentials = SimulatorCredentials(
            accountSID: access.accountSID, authToken: access.authToken, keySID: access.keySID,
            keySecret: access.keySecret)
        simulator = TwilioSimulator(
            script: try SimulatorScript(json: configuration.script(seed: seed)), credentials: credentials,
            baseURL: Self.simulatorURL)
        directory = try Self.directory(configuration, access, disk?.snapshots ?? StorySnapshots(of: store))
        registerNumbers()
        // Only now: a number whose registration fails would be silent for the whole story.
        let planned = (configuration.faults.array ?? []) + (faults == nil ? [] : StoryFaults.ofProvider)
        try control("PUT", "faults", ["faults": .array(planned)])
        try start()
    }

    private static func directory(
        _ configuration: StoryConfiguration, _ access: SimulatorAccess, _ snapshots: StorySnapshots
    ) throws -> ConfigurationDirectory {
        let reader = ConfigurationReader(
            environment: [:], readFile: { _ in [] }, catalogue: ProgramCatalogue.value)
        let reading = reader.read(Array(configuration.yaml.utf8), file: "channels.yaml")
        guard let value = reading.configuration else {
            throw StoryError(text: reading.diagnostics.map(\.text).joined(separator: "\n"))
        }
        return ConfigurationDirectory(
            configuration: value, adapters: ProgramCatalogue.adapters,
            providers: try value.providers.map {
                configuration.provider(try ProgramCatalogue.provider($0, publicURL: publicURL, simulator: access))
            },
            links: AcknowledgementLinks(origin: publicURL, key: tokenKey),
            loadSnapshot: { hash in snapshots.body(hash) })
    }

    /// As an operator sets the webhooks of numbers at the provider.
    private func registerNumbers() {
        var seen: Set<String> = []
        for lane in directory.lanes where lane.sender.hasPrefix("+") && seen.insert(lane.sender).inserted {
            let form = Form([
                ("PhoneNumber", lane.sender), ("SmsUrl", Self.publicURL + "/webhooks/twilio/sms"),
                ("VoiceUrl", Self.publicURL + "/webhooks/twilio/voice/inbound"),
                ("StatusCallback", Self.publicURL + "/webhooks/twilio/voice/status"),
            ])
            let credentials = Base64.encode(Array("\(access.accountSID):\(access.authToken)".utf8))
            let headers = HTTPHeaders([
                ("Authorization", "Basic " + credentials), ("Content-Type", "application/x-www-form-urlencoded"),
            ])
            let target = "/2010-04-01/Accounts/\(access.accountSID)/IncomingPhoneNumbers.json"
            run(
                simulator.handle(
                    HTTPRequest(method: "POST", target: target, headers: headers, body: form.encode()),
                    at: now.milliseconds, id: takeRequestNumber()))
        }
    }

    /// The time of the world; the process asks `clock`.
    var now: Timestamp { clock.steady }

    private func takeRequestNumber() -> Int {
        defer { nextRequest += 1 }
        return nextRequest
    }

    // MARK: life of the process

    /// What the engine keeps things in.
    private var deliveries: any DeliveryStore { disk?.deliveries ?? store }

    /// What the API reads from.
    var records: any RecordStore { disk?.records ?? store }

    private func start() throws {
        try disk?.open()
        let store = deliveries
        let core = try EngineCore(
            store: store, directory: directory, tokenKey: Self.tokenKey, seed: seed &+ UInt64(boot), now: clock.now,
            recorder: try deaths?.nextStart(), idleLimit: idleLimit)
        self.core = core
        let acceptance = Acceptance(records: records, clock: clock, highest: try store.highest().id)
        self.acceptance = acceptance
        mailings = MailingWorker(
            records: records, acceptance: acceptance, keys: try KeyAuthority(records: records, clock: clock),
            clock: clock)
        mailings?.clean()
        finish(core.recoveryTurn(now: clock.now), core)
        if self.core != nil { wakeAt = now }
    }

    /// The process is killed between two turns; the provider goes on.
    func crash() {
        core = nil
        boot += 1
        underWay = 0
        inbox = []
        turnAt = nil
        wakeAt = nil
        death = nil
        if let disk {
            // Its files are closed with everything that uses them.
            acceptance = nil
            mailings = nil
            disk.endProcess()
        }
        let cut = webhookTickets.sorted { $0.key < $1.key }.map(\.value)
        webhookTickets = [:]
        for webhook in cut { answerWebhook(webhook, .failure(.broken)) }
    }

    /// A moment of a turn.
    enum Death: CaseIterable {
        case beforeCommit
        /// Nothing of the turn has left.
        case afterCommit
        /// Requests have left, callers have no answer.
        case afterRequests
    }

    /// The process dies in one of its coming turns that commit something; 1 is the next.
    func crash(_ moment: Death, inTurn turn: Int = 1) { death = (moment, turn) }

    /// The process dies after its next commit, before anything of that turn leaves.
    func crashAfterNextCommit() { crash(.afterCommit) }

    /// The process starts again from its store.
    func restart() throws {
        pooledConnectionIsDead = false
        try start()
    }

    private func supervise() {
        do {
            // A start that dies too is followed by another.
            for _ in 0..<100 where core == nil { try restart() }
        } catch {
            Issue.record("the process cannot start: \(error)")
        }
    }

    /// Somebody sets the machine's clock ahead of the world by so much, or back. The engine's thread does not wait longer
    /// than until its next audit.
    func setClock(ahead shift: Duration) {
        clock.shift = shift
        plan(after: .seconds(60)) { $0.submit(.tick) }
    }

    /// A new configuration takes effect.
    func reload(_ configuration: StoryConfiguration, authToken: String? = nil, apiKey: String? = nil) throws {
        if let authToken { access.authToken = authToken }
        if let apiKey { access.keySecret = apiKey }
        directory = try Self.directory(configuration, access, disk?.snapshots ?? StorySnapshots(of: store))
        submit(.reload(directory))
    }

    // MARK: time

    /// Runs everything that is due until a time.
    func run(until end: Timestamp) {
        while let time = nextTime(), time <= end {
            clock.set(time)
            step()
            if isSupervised, core == nil, deaths?.hasDied == true { supervise() }
            if isQuiet, faults?.kill() == true {
                crash()
                supervise()
            }
        }
        clock.set(end)
    }

    /// The process runs, has nothing to do and waits for nobody.
    private var isQuiet: Bool {
        core != nil && deaths == nil && death == nil && inbox.isEmpty && underWay == 0 && webhooksInFlight.isEmpty
    }

    /// Runs for so long.
    func run(for span: Duration) { run(until: now + span) }

    /// Does something at a later time.
    func plan(after span: Duration, _ action: @escaping (VirtualGateway) -> Void) {
        events.insert(.planned(action), at: now + span)
    }

    private var engineTime: Timestamp? { core == nil ? nil : [turnAt, wakeAt].compactMap { $0 }.min() }

    private func nextTime() -> Timestamp? { [events.first, engineTime].compactMap { $0 }.min() }

    private func step() {
        if let due = engineTime, due <= now, events.first.map({ $0 > now }) ?? true {
            turn()
        } else if let event = events.removeFirst() {
            handle(event)
        }
    }

    private func handle(_ event: VirtualEvent) {
        switch event {
        case .simulatorTimer(let id): run(simulator.timerFired(id, at: now.milliseconds))
        case .exchanged(let boot, let exchange, let outcome):
            guard boot == self.boot, core != nil else { return }
            underWay -= 1
            submit(.exchanged(exchange, outcome))
        case .exchangeTimeout(let request): end(request, .broken(.timeout))
        case .webhook(let id, let request): receive(id, request)
        case .webhookTimeout(let id): if webhooksInFlight.contains(id) { answerWebhook(id, .failure(.timeout)) }
        case .planned(let action): action(self)
        }
    }

    // MARK: the engine's loop, as its thread runs it

    func submit(_ input: EngineInput) {
        guard core != nil else { return }
        inbox.append(input)
        if turnAt == nil { turnAt = now + .milliseconds(number(in: gathering)) }
    }

    private func turn() {
        guard let core else { return }
        turns += 1
        turnsAtThisTime = lastTurn == now ? turnsAtThisTime + 1 : 0
        lastTurn = now
        if turnsAtThisTime == 5_000 { Issue.record("the engine spins at \(now.milliseconds)") }
        let inputs = inbox
        inbox = []
        turnAt = nil
        // A spinning engine would never let the test end.
        guard turnsAtThisTime < 5_000 else {
            crash()
            return
        }
        finish(core.turn(inputs, now: clock.now), core)
    }

    /// The process died of itself, or its disk came to a halt.
    private var hasDied: Bool { deaths?.hasDied == true || disk?.isStopped == true }

    /// Whether this is the moment at which the process dies.
    private func dies(_ moment: Death, _ turn: EngineTurn) -> Bool {
        hasDied || (!turn.batch.isEmpty && death?.turn == 0 && death?.moment == moment)
    }

    private func commit(_ turn: EngineTurn, _ lease: Lease) throws(StoreError) {
        if let refusal = turn.refusal { throw refusal }
        guard !turn.batch.isEmpty else { return }
        if let disk { try disk.commit(turn.batch, lease) } else { try store.commit(turn.batch, lease) }
    }

    private func finish(_ turn: EngineTurn, _ core: EngineCore) {
        if !turn.batch.isEmpty { death?.turn -= 1 }
        if dies(.beforeCommit, turn) { return crash() }
        do throws(StoreError) {
            try commit(turn, core.currentLease)
        } catch {
            if hasDied { return crash() }
            // The engine's thread ends the process.
            if error.kind == .corrupt || error.kind == .fenced {
                fatal.append(error)
                return crash()
            }
            let (releases, again) = core.rollBack(error)
            inbox.insert(contentsOf: again, at: 0)
            turnAt = now + .milliseconds(50)
            wakeAt = nil
            answer(releases)
            return
        }
        wakeAt = turn.wakeAt.map { max($0 + (.zero - clock.shift), now) }
        if dies(.afterCommit, turn) { return crash() }
        for request in turn.requests { send(request) }
        for work in turn.work { carryOut(work) }
        if dies(.afterRequests, turn) { return crash() }
        answer(turn.releases)
        notices += turn.notices
    }

    private func answer(_ releases: [EngineRelease]) {
        for release in releases {
            guard let webhook = webhookTickets.removeValue(forKey: release.ticket) else {
                answers[release.ticket] = release.answer
                continue
            }
            switch release.answer {
            case .webhook(let status, let type, let body):
                let headers = type.isEmpty ? HTTPHeaders() : HTTPHeaders([("Content-Type", type)])
                answerWebhook(webhook, .success(HTTPResponse(status: status, headers: headers, body: body)))
            default: answerWebhook(webhook, .success(HTTPResponse(status: 503)))
            }
        }
    }

    // MARK: to the provider

    private func send(_ request: EngineRequest) {
        underWay += 1
        switch request.wire() {
        case .unsent(let outcome): comeBack(Flight(boot: boot, exchange: request.exchange), outcome)
        case .exchange(let wire): send(wire, Flight(boot: boot, exchange: request.exchange, wire: wire))
        }
    }

    private func send(_ exchange: WireExchange, _ flight: Flight) {
        let wire = exchange.request
        if wire.url.hasPrefix("http://hooks.") || wire.url.hasPrefix("https://hooks.") {
            return sendHook(exchange, flight)
        }
        requestTrace += Array("\(wire.method) \(wire.url)\n".utf8) + wire.body + [0x0A]
        guard !providerIsUnreachable, !isUnreachable(wire), let url = HTTPURL(wire.url) else {
            return comeBack(flight, exchange.outcome(of: .notSent(.connect)))
        }
        if pooledConnectionIsDead, !wire.freshConnection {
            pooledConnectionIsDead = false
            return comeBack(flight, exchange.outcome(of: .broken(.closed)))
        }
        let id = takeRequestNumber()
        flights[id] = flight
        events.insert(.exchangeTimeout(request: id), at: now + wire.timeout)
        let headers = HTTPHeaders(wire.headers.map { ($0.name, $0.value) })
        let http = HTTPRequest(method: wire.method, target: url.target, headers: headers, body: wire.body)
        run(simulator.handle(http, at: now.milliseconds, id: id))
    }

    private func sendHook(_ exchange: WireExchange, _ flight: Flight) {
        hooked.append((now, exchange.request))
        let answer = hook?(exchange.request)
        let pause = answer == nil ? exchange.request.timeout : hookPause
        comeBack(flight, exchange.outcome(of: answer ?? .broken(.timeout)), after: pause)
    }

    private func comeBack(_ flight: Flight, _ outcome: ExchangeOutcome, after pause: Duration = .milliseconds(1)) {
        events.insert(.exchanged(boot: flight.boot, exchange: flight.exchange, outcome), at: now + pause)
    }

    /// The answer to a request of the gateway reaches it a millisecond later.
    private func end(_ request: Int, _ answer: ProviderAnswer) {
        guard let flight = flights.removeValue(forKey: request), let wire = flight.wire else { return }
        comeBack(flight, wire.outcome(of: answer))
    }

    private func run(_ effects: [SimulatorEffect]) {
        for effect in effects {
            switch effect {
            case .answer(let id, let response):
                if response.disposition == .closeAfter { pooledConnectionIsDead = true }
                let fields = response.headers.fields.map { ProviderField($0.name, $0.value) }
                let isCut = response.disposition == .cut
                end(
                    id,
                    isCut
                        ? .broken(.closed)
                        : .answered(status: response.status, headers: fields, body: response.body))
            case .schedule(let timer, let time):
                events.insert(.simulatorTimer(timer), at: max(now, Timestamp(milliseconds: time)))
            case .callWebhook(let id, let request):
                webhooksInFlight.insert(id)
                events.insert(.webhook(id, request), at: now + .milliseconds(1))
                events.insert(.webhookTimeout(id), at: now + .milliseconds(request.timeout))
            }
        }
    }

    // MARK: from the provider

    /// Delivers a webhook a second time, as a provider does that lost our answer.
    func repeatWebhook(_ request: Simulator.WebhookRequest) -> Int {
        let id = -1 - received.count
        webhooksInFlight.insert(id)
        events.insert(.webhook(id, request), at: now)
        return received.count
    }

    private func answerWebhook(_ id: Int, _ result: Result<HTTPResponse, WebhookFailure>) {
        if let index = receivedIndex.removeValue(forKey: id) { received[index].answer = try? result.get() }
        guard webhooksInFlight.remove(id) != nil else { return }
        run(simulator.webhookAnswered(id, result, at: now.milliseconds))
    }

    private func receive(_ id: Int, _ request: Simulator.WebhookRequest) {
        guard core != nil, webhooksInFlight.contains(id) else { return answerWebhook(id, .failure(.connect)) }
        receivedIndex[id] = received.count
        received.append((request, nil))
        guard let url = HTTPURL(request.url) else { return answerWebhook(id, .failure(.connect)) }
        var webhook = Gateway.WebhookRequest(
            method: request.method, target: url.target,
            headers: request.headers.fields.map { ProviderField($0.name, $0.value) }, body: request.body)
        webhook.headers.append(ProviderField("Host", url.hostField))
        let path = String(webhook.path)
        guard let provider = directory.allProviders.first(where: { $0.webhooks.paths.contains(path) }) else {
            return answerWebhook(id, .success(HTTPResponse(status: 404)))
        }
        let event = provider.webhooks.receive(webhook)
        var input = WebhookInput(event: event, request: webhook, provider: provider.name)
        switch event {
        case .refused: return answerWebhook(id, .success(HTTPResponse(status: 403)))
        case .malformed: return answerWebhook(id, .success(HTTPResponse(status: 400)))
        case .message, .call, .recorded:
            let preparation = InboundPreparation(directory, records)
            if let searches = preparation.begin(&input, now: now) {
                preparation.finish(&input, searches, outside(searches.queries), now: now)
            }
        case .report, .turn, .stayed, .conference, .ignored: break
        }
        webhookTickets[nextTicket] = id
        submit(.webhook(input, ticket: takeTicket()))
    }

    func takeTicket() -> Int {
        defer { nextTicket += 1 }
        return nextTicket
    }

    /// A number of a range from the story's own chance.
    func number(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(random.below(UInt64(range.upperBound - range.lowerBound + 1)))
    }

    /// Asks the provider for a list, as somebody else with the account's credentials; takes no time.
    func list(_ request: HTTPRequest) throws -> JSONValue {
        var pending = simulator.handle(request, at: now.milliseconds, id: -2)
        while !pending.isEmpty {
            switch pending.removeFirst() {
            case .answer(-2, let response): return try JSONValue(parsing: response.body)
            case .schedule(let timer, let time): pending += simulator.timerFired(timer, at: time)
            case let other: run([other])
            }
        }
        throw StoryError(text: "the provider did not answer")
    }

    // MARK: the simulator's control API

    /// Asks the control API of the simulated provider.
    @discardableResult
    func control(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
        let request = HTTPRequest(
            method: method, target: "/simulator/v1/" + path,
            headers: HTTPHeaders([("Content-Type", "application/json")]),
            body: body?.bytes() ?? [])
        let effects = simulator.handle(request, at: now.milliseconds, id: -1)
        run(effects)
        for case .answer(-1, let response) in effects {
            guard response.status < 300 else {
                throw StoryError(text: "control: \(response.status) " + String(decoding: response.body, as: UTF8.self))
            }
            return response.body.isEmpty ? .null : try JSONValue(parsing: response.body)
        }
        throw StoryError(text: "the control API did not answer")
    }
}

/// A story that is set up wrongly.
struct StoryError: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}
