import Gateway
import HTTP
import JSON
import Synchronization
import Telemetry

/// The private listener: API, metrics, reload. Everything but health needs a key.
public final class PrivateEndpoint: Sendable {
    let engine: EngineThread
    let records: any RecordStore
    let recordsThread: BlockingThread
    let keys: KeyAuthority
    let acceptance: Acceptance
    let metrics: ServerMetrics
    let clock: any GatewayClock
    let roomService: RoomService
    let mailings: MailingWorker
    let mailingThread: BlockingThread
    let pressure: Pressure
    let eventThread: EventThread
    let subscriptionThread: SubscriptionThread
    let streamThread: StreamThread
    let mediaFiles: MediaFiles
    let finder: DocumentFinder
    /// Batches that are being read or wait for it.
    let batchesUnderWay = Atomic(0)
    /// Tables of contacts that are being read: 0 or 1.
    let importsUnderWay = Atomic(0)
    let runningKeys = RunningKeys()
    let readiness: Readiness
    private let directoryBox: Mutex<ConfigurationDirectory>
    private let reload: @Sendable () -> ReloadResult
    private let validate: @Sendable ([UInt8]) -> [Diagnostic]
    private let hosts: Mutex<Set<String>>

    /// New work is refused above this many waiting inputs, whatever is configured.
    static let backlogLimit = 40_000

    /// What the endpoint needs.
    public struct Parts: Sendable {
        /// Takes what is accepted.
        public var engine: EngineThread
        /// What lists and look-ups read.
        public var records: any RecordStore
        /// Where `records` may block.
        public var recordsThread: BlockingThread
        /// Who may do what.
        public var keys: KeyAuthority
        /// Turns a request into a routed message.
        public var acceptance: Acceptance
        /// What `/metrics` shows.
        public var metrics: ServerMetrics
        /// The time of acceptance and of keys.
        public var clock: any GatewayClock
        /// What `/-/ready` answers.
        public var readiness: Readiness
        /// Rooms at the provider.
        public var rooms: RoomService
        /// What batches need of the disk.
        public var mailings: MailingWorker
        /// Where `mailings` may block.
        public var mailingThread: BlockingThread
        /// What new work must find room under.
        public var pressure: Pressure
        /// Where events are read.
        public var events: EventThread
        /// Where subscribers are told.
        public var subscriptions: SubscriptionThread
        /// Where events go into a stream.
        public var stream: StreamThread
        /// Hands out files that people sent.
        public var media: MediaFiles
        /// Finds documents.
        public var finder: DocumentFinder

        /// The parts of a running program.
        public init(
            engine: EngineThread, records: any RecordStore, recordsThread: BlockingThread, keys: KeyAuthority,
            acceptance: Acceptance, metrics: ServerMetrics, clock: any GatewayClock, readiness: Readiness,
            rooms: RoomService, mailings: MailingWorker, mailingThread: BlockingThread,
            pressure: Pressure, events: EventThread, subscriptions: SubscriptionThread, stream: StreamThread,
            media: MediaFiles, finder: DocumentFinder
        ) {
            self.engine = engine
            self.records = records
            self.recordsThread = recordsThread
            self.keys = keys
            self.acceptance = acceptance
            self.metrics = metrics
            self.clock = clock
            self.readiness = readiness
            self.rooms = rooms
            self.mailings = mailings
            self.mailingThread = mailingThread
            self.pressure = pressure
            self.events = events
            self.subscriptions = subscriptions
            self.stream = stream
            self.media = media
            self.finder = finder
        }
    }

    /// - Parameters:
    ///   - reload: reads the configuration file again, all or nothing.
    ///   - validate: checks a configuration without running it.
    public init(
        _ parts: Parts, directory: ConfigurationDirectory, reload: @escaping @Sendable () -> ReloadResult,
        validate: @escaping @Sendable ([UInt8]) -> [Diagnostic]
    ) {
        engine = parts.engine
        records = parts.records
        recordsThread = parts.recordsThread
        keys = parts.keys
        acceptance = parts.acceptance
        metrics = parts.metrics
        clock = parts.clock
        roomService = parts.rooms
        mailings = parts.mailings
        mailingThread = parts.mailingThread
        pressure = parts.pressure
        eventThread = parts.events
        subscriptionThread = parts.subscriptions
        streamThread = parts.stream
        mediaFiles = parts.media
        finder = parts.finder
        readiness = parts.readiness
        directoryBox = Mutex(directory)
        self.reload = reload
        self.validate = validate
        hosts = Mutex(["localhost"])
    }

    /// The directory of the running configuration.
    var directory: ConfigurationDirectory { directoryBox.withLock { $0 } }

    /// The directory of the running configuration.
    public var runningDirectory: ConfigurationDirectory { directory }

    /// A reload brought another configuration.
    public func replace(_ directory: ConfigurationDirectory) { directoryBox.withLock { $0 = directory } }

    /// Host names under which browsers may reach the listener, without ports.
    public func allow(hosts names: [String]) { hosts.withLock { $0.formUnion(names.map { $0.lowercased() }) } }

    // MARK: requests

    /// Handles a request.
    public func handle(_ request: HTTPRequest, _ respond: HTTPResponder) {
        if let answer = readiness.answer(to: request) {
            respond(answer)
            return
        }
        do throws(Problem) {
            try checkOrigin(request)
            guard request.method == "HEAD" else { return try dispatch(request, respond) }
            // The server leaves the body of the answer out (RFC 9110 §9.3.2).
            var routed = request
            routed.method = "GET"
            try dispatch(routed, respond)
        } catch {
            fail(error, respond)
        }
    }

    func fail(_ problem: Problem, _ respond: HTTPResponder) {
        metrics.answered(problem.status)
        respond(problem.response)
    }

    func answer(_ value: JSONValue, status: Int = 200, _ respond: HTTPResponder) {
        answer(value.bytes(), status: status, respond)
    }

    private static let headers = HTTPHeaders([("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    private static let problemHeaders = HTTPHeaders([
        ("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"),
    ])

    func answer(
        _ body: [UInt8], status: Int = 200, isProblem: Bool = false, replayed: Bool = false, warning: String? = nil,
        _ respond: HTTPResponder
    ) {
        metrics.answered(status)
        var headers = isProblem ? Self.problemHeaders : Self.headers
        if replayed { headers.add("Idempotent-Replayed", "true") }
        // 299 is 'miscellaneous, persistent' (RFC 7234, section 5.5.7).
        if let warning { headers.add("Warning", "299 gateway \"\(warning)\"") }
        respond(HTTPResponse(status: status, headers: headers, body: body))
    }

    /// A page in a browser must not reach the API through a name of its own (DNS rebinding) or from another origin.
    private func checkOrigin(_ request: HTTPRequest) throws(Problem) {
        if let host = request.headers[first: "Host"], !Self.isAddress(host) {
            let name = Self.name(host)
            guard hosts.withLock({ $0.contains(name) }) else {
                throw Problem(403, "bad_host", "The private listener does not answer to this Host.")
            }
        }
        if let origin = request.headers[first: "Origin"] {
            let host = origin.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? ""
            guard origin != "null", host == request.headers[first: "Host"] ?? "" else {
                throw Problem(403, "bad_origin", "Requests from other origins are refused.")
            }
        }
        let changes = request.method != "GET" && request.method != "HEAD"
        guard changes, !request.body.isEmpty else { return }
        if request.path == Self.importPath, request.method == "POST" {
            guard request.headers.hasMediaType("text/csv") else {
                throw Problem(415, "csv_needed", "Send the table as Content-Type: text/csv.")
            }
            return
        }
        let isJSON = request.headers.hasMediaType("application/json") || request.path == "/v1/config/validate"
        guard isJSON else {
            throw Problem(415, "json_needed", "Send the body as Content-Type: application/json.")
        }
    }

    private static func name(_ host: String) -> String {
        let end = host.lastIndex(of: ":").map { host[$0...].contains("]") ? host.endIndex : $0 } ?? host.endIndex
        return host[..<end].lowercased()
    }

    /// An address cannot be rebound.
    private static func isAddress(_ host: String) -> Bool {
        if host.utf8.first == UInt8(ascii: "[") { return true }
        for byte in host.utf8 {
            switch byte {
            case UInt8(ascii: ":"): return true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): continue
            default: return false
            }
        }
        return true
    }

    func authorize(_ request: HTTPRequest, _ scope: String) throws(Problem) -> KeyRecord {
        try keys.authorize(request.headers[first: "Authorization"], scope: scope, address: request.remoteAddress)
    }

    // MARK: routes

    private func dispatch(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        // What nearly every request is needs no taking apart.
        if request.target == "/v1/messages", request.method == "POST" { return try postMessage(request, respond) }
        let parts = request.path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        switch (request.method, parts.first ?? "", parts.count) {
        case ("GET", "metrics", 1):
            let headers = HTTPHeaders([("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
            respond(HTTPResponse(status: 200, headers: headers, body: metrics.registry.exposition()))
        case ("POST", "-", 2) where parts[1] == "reload":
            _ = try authorize(request, "config:write")
            runReload(respond)
        case ("POST", "api", 4) where parts[1] == "yacht-inspections" && parts[3] == "video-conference":
            try postInspection(request, parts[2], respond)
        case (_, "v1", 2...): try dispatchV1(request, Array(parts.dropFirst()), respond)
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    private func dispatchV1(_ request: HTTPRequest, _ parts: [String], _ respond: HTTPResponder) throws(Problem) {
        let id = parts.count > 1 ? parts[1] : ""
        let action = parts.count > 2 ? parts[2] : ""
        switch (request.method, parts[0], parts.count) {
        case ("POST", "messages", 1): try postMessage(request, respond)
        case ("GET", "messages", 1): try listMessages(request, respond)
        case ("GET", "messages", 2): try getMessage(request, id, respond)
        case ("GET", "messages", 3) where action == "timeline": try getTimeline(request, id, respond)
        case ("POST", "messages", 3) where action == "cancel": try act(.cancel, request, id, respond)
        case ("POST", "messages", 3) where action == "ack": try act(.acknowledge, request, id, respond)
        case ("POST", "explain", 1): try explain(request, respond)
        case ("POST", "config", 2) where id == "validate": try validateConfiguration(request, respond)
        case (_, "reviews", 1...3): try reviews(request, id, action, respond)
        case (_, "tasks", 1...3): try tasks(request, id, action, respond)
        case (_, "workers", 1...3): try workers(request, id, action, respond)
        case ("GET", "queues", 1): try listQueues(request, respond)
        case ("GET", "costs", 1): try getCosts(request, respond)
        case ("GET", "budgets", 1): try getBudgets(request, respond)
        case ("GET", "errors", 1): try listErrors(request, respond)
        case ("GET", "receipts", 1): try listReceipts(request, respond)
        case ("GET", "conversations", 1...2): try conversations(request, id, respond)
        case ("GET", "inbound", 1): try listInbound(request, respond)
        case ("GET", "inbound", 2): try getInbound(request, id, respond)
        case (_, "events", 1...2): try events(request, id, respond)
        case (_, "subscriptions", _): try subscriptions(request, Array(parts.dropFirst()), respond)
        case (_, "media", _): try media(request, Array(parts.dropFirst()), respond)
        case ("POST", "contacts", 2) where id == "import": try importContacts(request, respond)
        case (_, "contacts", 1...2): try contacts(request, id, respond)
        case (_, "contacts", 3) where action == "consents": try consents(request, id, respond)
        case (_, "contacts", 3) where action == "merge": try mergeContact(request, id, respond)
        case (_, "contacts", 3) where action == "preferences": try preferences(request, id, respond)
        case (_, "contacts", 3) where action == "pin": try pin(request, id, respond)
        case (_, "boats", 1...2): try boats(request, id, respond)
        case ("GET", "documents", 2) where id == "search": try searchDocuments(request, respond)
        case ("GET", "documents", 2) where id == "index": try showDocumentIndex(request, respond)
        case (_, "documents", 1...2) where !["search", "index"].contains(id): try documents(request, id, respond)
        case (_, "warranties", 1...2): try warranties(request, id, respond)
        case (_, "keys", 1...2): try manageKeys(request, id, respond)
        case (_, "batches", _): try batches(request, Array(parts.dropFirst()), respond)
        case (_, "rooms", _): try rooms(request, Array(parts.dropFirst()), respond)
        case (_, "conferences", _): try conferences(request, Array(parts.dropFirst()), respond)
        default:
            let last =
                parts.count == 3
                ? "/" + action : ["search", "index"].contains(id) && parts[0] == "documents" ? "/" + id : ""
            let shape = "\(parts[0])/\(parts.count)" + last
            guard let allow = Self.methods[shape] else {
                throw Problem(404, "not_found", "There is nothing at this address.")
            }
            throw Problem.methodNotAllowed(request.method, allow: allow)
        }
    }

    /// What addresses take: their first part, how many there are, and the third.
    private static let methods = [
        "messages/1": "GET, HEAD, POST", "messages/2": "GET, HEAD", "messages/3/timeline": "GET, HEAD",
        "messages/3/cancel": "POST", "messages/3/ack": "POST", "explain/1": "POST", "inbound/1": "GET, HEAD",
        "inbound/2": "GET, HEAD",
        "costs/1": "GET, HEAD", "budgets/1": "GET, HEAD", "errors/1": "GET, HEAD",
        "receipts/1": "GET, HEAD", "documents/2/search": "GET, HEAD",
        "documents/2/index": "GET, HEAD",
        "queues/1": "GET, HEAD", "conversations/1": "GET, HEAD", "conversations/2": "GET, HEAD",
    ]

    // MARK: configuration

    private func runReload(_ respond: HTTPResponder) {
        recordsThread.run { [self] in
            let result = reload()
            let findings = JSONValue.array(result.diagnostics.map { .string($0.text) })
            guard result.isAccepted else {
                answer(["reloaded": false, "findings": findings], status: 422, respond)
                return
            }
            answer(["reloaded": true, "hash": .string(result.hash), "findings": findings], respond)
        }
    }

    private func validateConfiguration(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "config:read")
        let body = request.body
        recordsThread.run { [self] in
            let findings = validate(body)
            let isValid = !findings.contains { $0.severity == .error }
            answer(
                ["valid": .bool(isValid), "findings": .array(findings.map { .string($0.text) })], respond)
        }
    }
}

/// What a reload came to.
public struct ReloadResult: Sendable {
    /// The new configuration runs.
    public var isAccepted: Bool
    /// Of the configuration that runs now.
    public var hash: String
    /// Errors and warnings with their places.
    public var diagnostics: [Diagnostic]

    /// A result with its findings.
    public init(isAccepted: Bool, hash: String, diagnostics: [Diagnostic]) {
        self.isAccepted = isAccepted
        self.hash = hash
        self.diagnostics = diagnostics
    }
}
