import Gateway
import JSON
import Telemetry

/// The program's metrics: base units, bounded labels.
public final class ServerMetrics: Sendable {
    /// Where `/metrics` reads.
    public let registry: Metrics
    private let webhooks: MetricFamily<MetricCounter>
    /// The series that nearly every webhook counts in.
    private let reports: MetricCounter
    private let unknownParameters: MetricCounter
    private let ended: MetricFamily<MetricCounter>
    private let notices: MetricFamily<MetricCounter>
    private let requests: MetricFamily<MetricCounter>
    /// The series that nearly every answer counts in.
    private let successes: MetricCounter
    private let reloads: MetricFamily<MetricCounter>
    private let reloadWasAccepted: MetricGauge
    private let configurationHash: MetricGauge
    private let outgoing: MetricFamily<MetricCounter>
    private let givenUp: MetricCounter
    private let budgetAlerts: MetricFamily<MetricCounter>
    private let refusals: MetricFamily<MetricCounter>
    /// From a routed message to its commit.
    let accepting: MetricHistogram
    /// A commit with what it lets out.
    private let committing: MetricHistogram

    /// Registers the metrics.
    public init(registry: Metrics) {
        self.registry = registry
        webhooks = registry.counter(
            "gateway_webhooks_total", help: "Webhooks by what became of them.", labels: ["outcome"])
        reports = webhooks["report"]
        unknownParameters =
            registry.counter(
                "gateway_webhook_unknown_parameters_total",
                help: "Parameters and words of webhooks that the provider did not send before; they are kept.")[]
        ended = registry.counter(
            "gateway_deliveries_ended_total", help: "Deliveries that ended, by their state.",
            labels: ["state", "policy"])
        notices = registry.counter(
            "gateway_operations_notices_total", help: "What operations were told.", labels: ["reason"])
        requests = registry.counter(
            "gateway_api_requests_total", help: "API requests by status class.", labels: ["status"])
        successes = requests["2xx"]
        outgoing = registry.counter(
            "gateway_outgoing_tries_total", help: "Tries to tell other systems something, by outcome.",
            labels: ["outcome"])
        givenUp =
            registry.counter(
                "gateway_outgoing_given_up_total", help: "What other systems were not told within a day.")[]
        budgetAlerts = registry.counter(
            "gateway_budget_alerts_total", help: "Budgets that passed a threshold.", labels: ["budget", "period"])
        refusals = registry.counter(
            "gateway_overload_refusals_total", help: "Requests refused for want of room, by priority.",
            labels: ["priority"])
        reloadWasAccepted =
            registry.gauge("gateway_configuration_reload_ok", help: "Whether the last reload was accepted.")[]
        reloadWasAccepted.set(1)
        configurationHash =
            registry.gauge(
                "gateway_configuration_hash", help: "The first 48 bits of the running configuration's hash.")[]
        reloads = registry.counter(
            "gateway_configuration_reloads_total", help: "Reloads by their result.", labels: ["result"])
        accepting =
            registry.histogram(
                "gateway_accept_seconds", help: "From a routed message until it is durable.")[]
        committing = registry.histogram("gateway_commit_seconds", help: "Commits, with what they let out.")[]
    }

    /// Reads the engine's figures when asked.
    public func watch(_ engine: EngineThread) {
        counter("gateway_messages_accepted_total", "Messages accepted.", engine) { $0.accepted }
        counter("gateway_attempts_total", "Requests that create a message or call.", engine) { $0.attempts }
        counter("gateway_duplicate_reports_total", "Reports that were seen before.", engine) { $0.duplicateReports }
        counter("gateway_unknown_tokens_total", "Callbacks whose token names nothing.", engine) { $0.unknownTokens }
        counter("gateway_shared_calls_total", "Deliveries that shared the call of another one.", engine) {
            $0.sharedCalls
        }
        counter("gateway_possible_duplicates_total", "Messages sent again after an ambiguous attempt.", engine) {
            $0.possibleDuplicates
        }
        counter("gateway_duplicate_exposures_total", "Deliveries that reached a person twice.", engine) {
            $0.duplicateExposures
        }
        counter("gateway_store_rollbacks_total", "Commits that failed.", engine) { $0.rollbacks }
        counter("gateway_barred_events_total", "Events not decided again after two crashes.", engine) {
            $0.barredEvents
        }
        counter("gateway_tasks_total", "Tasks that were made of what came in.", engine) { $0.tasks }
        counter("gateway_budget_denials_total", "Steps that a budget did not let go.", engine) { $0.budgetDenials }
        registry.gauge("gateway_audit_violations", help: "Deliveries without a wake-up.") {
            Double(engine.counters.auditViolations)
        }
        registry.gauge(
            "gateway_audit_oldest_violation_seconds", help: "Age of the oldest delivery without a wake-up."
        ) { engine.oldestViolationAge.map { Double($0.milliseconds) / 1_000 } ?? 0 }
        watchLanes(engine)
        watchQuotas(engine)
        watchQueues(engine)
        watchReceipts(engine)
        registry.gauge("gateway_deliveries_open", help: "Deliveries that are not ended.") {
            Double(engine.gauges.open)
        }
        registry.gauge("gateway_steps_held", help: "Steps that are held.") { Double(engine.gauges.held) }
        registry.gauge("gateway_steps_ready", help: "Steps that wait in lanes.") {
            Double(engine.gauges.ready.reduce(0) { $0 + $1.waiting })
        }
        registry.gauge("gateway_outgoing_waiting", help: "What other systems are still to be told.") {
            Double(engine.gauges.outgoing)
        }
        registry.gauge("gateway_batches_open", help: "Batches that are not over.") { Double(engine.gauges.mailings) }
        registry.gauge("gateway_batch_recipients_waiting", help: "Recipients of batches that are not messages yet.") {
            Double(engine.gauges.mailingRecipients)
        }
        registry.gauge("gateway_requests_waiting", help: "Requests that wait for the engine.") {
            Double(engine.load.waiting)
        }
        registry.gauge("gateway_calls_live", help: "Live calls.") { Double(engine.gauges.calls) }
        registry.gauge("gateway_exchanges_in_flight", help: "Exchanges with providers under way.") {
            Double(engine.gauges.exchanges)
        }
    }

    /// One series for each channel of the configuration.
    private func watchLanes(_ engine: EngineThread) {
        lanes("gateway_lane_waiting", "Steps that wait for the channel's turn.", engine) { Double($0.waiting) }
        lanes("gateway_lane_in_flight", "The channel's requests under way, or live calls.", engine) {
            Double($0.inFlight)
        }
        lanes("gateway_circuit_open", "1 while the channel's circuit lets nothing through.", engine) {
            $0.isOpen ? 1 : 0
        }
        registry.readEach(
            "gateway_attempt_results_total", help: "What became of requests that create a message or call.",
            labels: ["channel", "result"], isCounter: true
        ) {
            engine.gauges.ready.flatMap { lane in
                [
                    MetricSample(lane.channel, "accepted", value: Double(lane.results.accepted)),
                    MetricSample(lane.channel, "refused", value: Double(lane.results.refused)),
                    MetricSample(lane.channel, "ambiguous", value: Double(lane.results.ambiguous)),
                ]
            }
        }
    }

    private func lanes(
        _ name: StaticString, _ help: StaticString, _ engine: EngineThread,
        _ read: @escaping @Sendable (LaneGauge) -> Double
    ) {
        registry.readEach(name, help: help, labels: ["channel"]) {
            engine.gauges.ready.map { MetricSample($0.channel, value: read($0)) }
        }
    }

    /// One series for each provider of the configuration, and for each tenant that it limits.
    private func watchQuotas(_ engine: EngineThread) {
        registry.readEach(
            "gateway_provider_in_flight", help: "The provider's requests under way, and live calls.",
            labels: ["provider"]
        ) { engine.gauges.providers.map { MetricSample($0.name, value: Double($0.inFlight)) } }
        registry.readEach(
            "gateway_provider_waiting", help: "Steps that wait in the provider's lanes.", labels: ["provider"]
        ) { engine.gauges.providers.map { MetricSample($0.name, value: Double($0.waiting)) } }
        registry.readEach(
            "gateway_provider_circuit_open", help: "1 while the provider's circuit lets nothing through.",
            labels: ["provider"]
        ) { engine.gauges.providers.map { MetricSample($0.name, value: $0.isOpen ? 1 : 0) } }
        registry.readEach(
            "gateway_receipt_circuit_open", help: "1 while texts over this route do not arrive as usual.",
            labels: ["provider", "kind", "country"]
        ) {
            engine.gauges.receiptCircuits.map { MetricSample($0.provider, $0.kind.rawValue, $0.country, value: 1) }
        }
        registry.readEach(
            "gateway_tenant_in_flight", help: "A limited tenant's requests under way, and live calls.",
            labels: ["tenant"]
        ) { engine.gauges.tenants.map { MetricSample($0.name, value: Double($0.inFlight)) } }
        registry.readEach(
            "gateway_tenant_waiting", help: "A limited tenant's steps that wait in lanes.", labels: ["tenant"]
        ) { engine.gauges.tenants.map { MetricSample($0.name, value: Double($0.waiting)) } }
    }

    /// Series for each channel and country; they are a minute old at most.
    private func watchReceipts(_ engine: EngineThread) {
        registry.readEach(
            "gateway_receipt_texts", help: "Texts reported as sent, and of those the ones reported on; old ones fade.",
            labels: ["channel", "country", "count"]
        ) {
            engine.gauges.receipts.flatMap { row in
                [
                    MetricSample(row.channel, row.country, "sent", value: Double(row.sent)),
                    MetricSample(row.channel, row.country, "reported", value: Double(row.reported)),
                ]
            }
        }
        registry.readEach(
            "gateway_receipts_doubtful", help: "1 while receipts to the country have turned out to be weak or absent.",
            labels: ["channel", "country", "quality"]
        ) {
            engine.gauges.receipts.filter { $0.quality != .reliable }.map {
                MetricSample($0.channel, $0.country, $0.quality.rawValue, value: 1)
            }
        }
    }

    /// Reads what the process is under when asked.
    public func watch(_ pressure: Pressure) {
        registry.readEach(
            "gateway_pressure_level", help: "How many priorities are refused for want of a resource.",
            labels: ["resource"]
        ) { PressureResource.allCases.map { MetricSample($0.rawValue, value: Double(pressure.level(of: $0))) } }
        registry.gauge("gateway_disk_free_bytes", help: "Room in the store's file system.") {
            Double(pressure.reading.freeDisk ?? 0)
        }
        registry.gauge("gateway_memory_bytes", help: "Memory that the process has.") {
            Double(pressure.reading.memory ?? 0)
        }
        registry.gauge("gateway_store_log_bytes", help: "The store's write-ahead log.") {
            Double(pressure.reading.log ?? 0)
        }
    }

    /// Counts a request that was refused for want of room.
    func refused(_ priority: Priority) { refusals[priority.rawValue].increment() }

    /// Times a commit.
    public func committed(within span: Duration) { committing.observe(span) }

    private func counter(
        _ name: StaticString, _ help: StaticString, _ engine: EngineThread,
        _ read: @escaping @Sendable (EngineCounters) -> Int
    ) {
        registry.counter(name, help: help) { Double(read(engine.counters)) }
    }

    /// Counts an answer of the API.
    func answered(_ status: Int) {
        (status / 100 == 2 ? successes : requests["\(status / 100)xx"]).increment()
    }

    func webhook(_ event: WebhookEvent) {
        switch event {
        case .refused: webhooks["refused"].increment()
        case .ignored: webhooks["ignored"].increment()
        case .malformed: webhooks["malformed"].increment()
        case .report(_, _, let report):
            reports.increment()
            if let details = report.details { countUnknown(details) }
        case .turn: webhooks["turn"].increment()
        case .message(let message):
            webhooks["message"].increment()
            let unknown = message.details["other"]?.object?.count ?? 0
            if unknown > 0 { unknownParameters.increment(by: unknown) }
        case .call: webhooks["call"].increment()
        case .stayed: webhooks["room"].increment()
        case .recorded: webhooks["recording"].increment()
        case .conference: webhooks["conference"].increment()
        }
    }

    /// Words of a failure are nothing unknown.
    private func countUnknown(_ details: [UInt8]) {
        let details = try? JSONValue(parsing: details)
        let unknown = (details?["other"]?.object?.count ?? 0) + (details?["unknown"]?.object?.count ?? 0)
        if unknown > 0 { unknownParameters.increment(by: unknown) }
    }

    /// Counts a reload, whoever asked for it.
    public func reload(isAccepted: Bool) {
        reloads[isAccepted ? "accepted" : "refused"].increment()
        reloadWasAccepted.set(isAccepted ? 1 : 0)
    }

    /// A configuration runs.
    /// - Parameter hash: hexadecimal; its first 48 bits are shown, which a floating-point number holds exactly.
    public func configured(hash: String) { configurationHash.set(Double(UInt64(hash.prefix(12), radix: 16) ?? 0)) }

    /// Counts what the engine told.
    public func notice(_ notice: EngineNotice) {
        switch notice {
        case .closed(_, let phase, let policy): ended[phase.word, policy].increment()
        case .senderStopped: notices["sender_stopped"].increment()
        case .requestFault: notices["request_fault"].increment()
        case .circuit(_, let isOpen): notices[isOpen ? "circuit_opened" : "circuit_closed"].increment()
        case .providerCircuit(_, let isOpen):
            notices[isOpen ? "provider_circuit_opened" : "provider_circuit_closed"].increment()
        case .receiptCircuit(_, let isOpen): notices[isOpen ? "receipts_fell" : "receipts_recovered"].increment()
        case .receipts: notices["receipts_learned"].increment()
        case .outgoing(_, _, _, .givenUp): givenUp.increment()
        case .outgoing(_, _, _, let outcome): outgoing[outcome.word].increment()
        case .emitted: notices["emitted"].increment()
        case .auditViolation: notices["audit_violation"].increment()
        case .crashedTwice: notices["crashed_twice"].increment()
        case .budget(let name, _, let period, _): budgetAlerts[name, period.rawValue].increment()
        }
    }
}

extension OutgoingOutcome {
    /// The metric's label.
    var word: String {
        switch self {
        case .told: "told"
        case .gone: "gone"
        case .failed: "failed"
        case .givenUp: "given_up"
        }
    }
}
