import Gateway
import HTTP
import PhoneNumbers
import Synchronization
import Telemetry

/// What the internet may reach: providers' webhooks, acknowledgement links, health.
public final class PublicEndpoint: Sendable {
    private let engine: EngineThread
    private let records: any RecordStore
    private let recordsThread: BlockingThread
    private let contactNumbers: ContactNumbers
    private let metrics: ServerMetrics
    private let clock: any GatewayClock
    private let mediaFiles: MediaFiles?
    private let finder: DocumentFinder
    private let routes: Mutex<Routes>
    private let readiness: Readiness

    /// What a reload replaces.
    struct Routes {
        var webhooks: [String: any Provider] = [:]
        var links: AcknowledgementLinks?
        var preparation: InboundPreparation?
    }

    /// An endpoint in front of an engine.
    /// - Parameters:
    ///   - contactNumbers: which numbers belong to somebody who is known.
    ///   - finder: finds what people search for.
    ///   - media: hands out files that people sent; `nil` where there are none.
    public init(
        engine: EngineThread, records: any RecordStore, recordsThread: BlockingThread,
        contactNumbers: ContactNumbers, metrics: ServerMetrics, readiness: Readiness, clock: any GatewayClock,
        finder: DocumentFinder, media: MediaFiles? = nil
    ) {
        self.engine = engine
        self.records = records
        self.recordsThread = recordsThread
        self.contactNumbers = contactNumbers
        self.metrics = metrics
        self.readiness = readiness
        self.clock = clock
        mediaFiles = media
        self.finder = finder
        routes = Mutex(Routes())
    }

    /// What runs from now on.
    public func configure(_ directory: ConfigurationDirectory, links: AcknowledgementLinks) {
        let providers = directory.allProviders
        var webhooks: [String: any Provider] = [:]
        for provider in providers { for path in provider.webhooks.paths { webhooks[path] = provider } }
        let table = Routes(
            webhooks: webhooks, links: links, preparation: InboundPreparation(directory, records))
        routes.withLock { $0 = table }
    }

    /// Handles a request; answers once the effect is durable.
    public func handle(_ request: HTTPRequest, _ respond: HTTPResponder) {
        let path = request.path
        if let provider = routes.withLock({ $0.webhooks[path] }) {
            webhook(request, provider, respond)
        } else if path.hasPrefix("/a/") {
            link(request, respond)
        } else if path.hasPrefix("/media/") {
            media(request, respond)
        } else if path.hasPrefix("/rooms/") {
            respond(RoomEntrance.answer(request))
        } else if let answer = readiness.answer(to: request) {
            respond(answer)
        } else {
            respond(Problem(404, "not_found", "There is nothing at this address.").response)
        }
    }

    // MARK: webhooks

    private func webhook(_ request: HTTPRequest, _ provider: any Provider, _ respond: HTTPResponder) {
        guard readiness.pressure.admitsWebhooks else { return respond(readiness.pressure.problem.response) }
        let webhooks = provider.webhooks
        var webhook = WebhookRequest(
            method: request.method, target: request.target, headers: fields(webhooks.fields, of: request),
            body: request.body)
        let event = webhooks.receive(webhook)
        metrics.webhook(event)
        // The engine answers by the target; the rest would only be freed on its thread.
        webhook.headers = []
        webhook.body = []
        switch event {
        case .refused:
            note(.webhookBadSignature, provider)
            respond(Problem(403, "bad_signature", "The webhook's signature is missing or wrong.").response)
        case .malformed(let detail):
            note(.webhookMalformed, provider)
            respond(Problem(400, "bad_webhook", detail).response)
        case .message, .call, .recorded: person(WebhookInput(event, webhook, provider), respond)
        case .report, .turn, .stayed, .conference, .ignored: submit(WebhookInput(event, webhook, provider), respond)
        }
    }

    private func fields(_ names: [String], of request: HTTPRequest) -> [ProviderField] {
        var fields: [ProviderField] = []
        fields.reserveCapacity(names.count)
        for name in names {
            if let value = request.headers[first: name] { fields.append(ProviderField(name, value)) }
        }
        return fields
    }

    private func note(_ code: ErrorCode, _ provider: any Provider) {
        var context = ErrorContext()
        context.provider = provider.name
        engine.note(ErrorOccurrence(code, context))
    }

    /// Who it is, and what they look for, decides about rules; look-ups may wait for the disk, so they leave the loop. Of a
    /// number that no contact has there is nothing to look up.
    private func person(_ input: WebhookInput, _ respond: HTTPResponder) {
        let preparation = routes.withLock { $0.preparation }
        guard preparation?.looksUpStrangers == true || !isStranger(input.event) else { return submit(input, respond) }
        recordsThread.run { [self] in
            var input = input
            guard let preparation, let searches = preparation.begin(&input, now: clock.now) else {
                return submit(input, respond)
            }
            let known = input
            finder.find(searches.queries, on: recordsThread) { [self] answers in
                var input = known
                preparation.finish(&input, searches, answers, now: clock.now)
                submit(input, respond)
            }
        }
    }

    private func isStranger(_ event: WebhookEvent) -> Bool {
        let number: String
        switch event {
        case .message(let message) where message.userID == nil: number = message.from
        case .call(let call): number = call.from
        default: return false
        }
        return (try? E164(parsing: number)).map { !contactNumbers.mayContain($0) } ?? false
    }

    /// The header of nearly every answer.
    private static let plain = HTTPHeaders([("Content-Type", "text/plain")])

    private func submit(_ input: WebhookInput, _ respond: HTTPResponder) {
        engine.ask({ .webhook(input, ticket: $0) }) { [self] answer in
            switch answer {
            case .webhook(let status, let type, let body):
                if let filed = input.recording?.filed { fileText(of: filed.id) }
                let headers = type == "text/plain" ? Self.plain : HTTPHeaders([("Content-Type", type)])
                respond(HTTPResponse(status: status, headers: headers, body: body))
            default: respond(Problem.cannotWrite.response)
            }
        }
    }

    /// The sound of a recording may be a document before it is known what was said.
    private func fileText(of recording: RecordID) {
        recordsThread.run { [self] in
            try? MediaFiling(records: records).fileText(ofInbound: recording, at: clock.now)
        }
    }

    // MARK: files that people sent

    /// A link leads to the file until its end; nothing else tells whether there is one.
    private func media(_ request: HTTPRequest, _ respond: HTTPResponder) {
        guard request.method == "GET" || request.method == "HEAD" else {
            return respond(Problem.methodNotAllowed(request.method, allow: "GET, HEAD").response)
        }
        let token = request.path.dropFirst("/media/".count)
        switch routes.withLock({ $0.links })?.media.read(token, at: clock.now) {
        case .valid(let id):
            recordsThread.run { [self] in
                do throws(StoreError) {
                    let answer = try records.media(id).flatMap { mediaFiles?.answer($0, to: request) }
                    respond(answer ?? AcknowledgementPage.unknown)
                } catch {
                    respond(AcknowledgementPage.again)
                }
            }
        case .expired: respond(AcknowledgementPage.ended)
        case .forged, nil: respond(AcknowledgementPage.unknown)
        }
    }

    // MARK: acknowledgement links

    /// GET shows a page, because previews and scanners fetch links; only its POST acknowledges.
    private func link(_ request: HTTPRequest, _ respond: HTTPResponder) {
        let token = request.path.dropFirst(3)
        guard let links = routes.withLock({ $0.links }), let delivery = links.delivery(ofToken: token) else {
            respond(AcknowledgementPage.unknown)
            return
        }
        switch request.method {
        case "GET", "HEAD": respond(AcknowledgementPage.question)
        case "POST":
            engine.ask({ .act(.acknowledge, delivery: delivery, ticket: $0) }) { answer in
                switch answer {
                case .acted: respond(AcknowledgementPage.thanks)
                case .notFound: respond(AcknowledgementPage.unknown)
                default: respond(AcknowledgementPage.again)
                }
            }
        default:
            respond(Problem.methodNotAllowed(request.method, allow: "GET, HEAD, POST").response)
        }
    }
}

extension WebhookInput {
    init(_ event: WebhookEvent, _ request: WebhookRequest, _ provider: any Provider) {
        self.init(event: event, request: request, provider: provider.name)
    }
}
