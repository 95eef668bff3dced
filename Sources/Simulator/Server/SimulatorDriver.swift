import EventLoop
import Glibc
import HTTP

/// Runs a simulator on one event loop: real time, real timers, real requests.
final class SimulatorDriver: @unchecked Sendable {
    // Unchecked: everything but the loop, the client and the log is touched on the loop alone.
    private let loop: EventLoop
    private let client: HTTPClient
    private let log: @Sendable (String) -> Void
    private var simulator: TwilioSimulator?
    private var waiting: [Int: HTTPResponder] = [:]
    private var lastRequest = 0
    /// Webhooks whose turn has not come, from `nextWebhook` on.
    private var webhooks: [(id: Int, request: WebhookRequest)] = []
    private var nextWebhook = 0
    private var webhooksInFlight = 0
    private var isCallingWebhooks = false
    /// At most so many webhooks at a time: a burst of messages makes three times as many, and none is lost for it.
    private let webhookWindow: Int

    init(loop: EventLoop, client: HTTPClient, webhookWindow: Int, log: @escaping @Sendable (String) -> Void) {
        self.loop = loop
        self.client = client
        self.webhookWindow = webhookWindow
        self.log = log
    }

    /// Puts a simulator in or, with nil, ends the one that runs; any thread.
    func install(_ make: @escaping @Sendable () -> TwilioSimulator?) {
        loop.execute { [self] in
            simulator = make()
            guard simulator == nil else { return }
            waiting = [:]
            webhooks = []
            nextWebhook = 0
        }
    }

    /// Puts another script in force; any thread.
    func apply(_ script: SimulatorScript) {
        loop.execute { [self] in simulator?.apply(script, at: Self.now()) }
    }

    /// Hands a request in; any thread.
    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        onLoop { [self] in
            guard let simulator else { return responder(HTTPResponse(status: 503)) }
            lastRequest += 1
            waiting[lastRequest] = responder
            run(simulator.handle(request, at: Self.now(), id: lastRequest))
        }
    }

    private func onLoop(_ work: @escaping @Sendable () -> Void) {
        if loop.isOnLoop { work() } else { loop.execute(work) }
    }

    private func run(_ effects: [SimulatorEffect]) {
        for effect in effects {
            switch effect {
            case .answer(let id, let response): waiting.removeValue(forKey: id)?(response)
            case .schedule(let timer, let time):
                loop.schedule(after: .milliseconds(max(0, time - Self.now()))) { [weak self] in
                    guard let self, let simulator = self.simulator else { return }
                    self.run(simulator.timerFired(timer, at: Self.now()))
                }
            case .callWebhook(let id, let request): webhooks.append((id, request))
            }
        }
        callWebhooks()
    }

    private func callWebhooks() {
        // One that fails at once comes back here, and each of those behind it.
        guard !isCallingWebhooks else { return }
        isCallingWebhooks = true
        defer { isCallingWebhooks = false }
        while webhooksInFlight < webhookWindow, nextWebhook < webhooks.count {
            let (id, request) = webhooks[nextWebhook]
            nextWebhook += 1
            webhooksInFlight += 1
            call(request, id: id)
        }
        guard nextWebhook > webhooks.count / 2 else { return }
        webhooks.removeFirst(nextWebhook)
        nextWebhook = 0
    }

    private func call(_ request: WebhookRequest, id: Int) {
        guard let url = HTTPURL(request.url) else { return finish(id, .failure(.connect)) }
        let outgoing = HTTPClientRequest(
            method: request.method, url: url, headers: request.headers, body: request.body,
            timeout: .milliseconds(request.timeout))
        client.execute(outgoing) { [weak self] result in
            guard let self else { return }
            self.onLoop { self.finish(id, result.mapError { self.failure($0, url) }) }
        }
    }

    private func failure(_ error: HTTPClientError, _ url: HTTPURL) -> WebhookFailure {
        log("webhook to \(url.origin.host):\(url.origin.port) failed: \(error.code.rawValue)")
        switch error.code {
        case .dns, .connect, .notPublic, .tls: return .connect
        case .timeout: return .timeout
        case .connectionClosed, .writeFailed: return error.requestBytesWritten ? .broken : .connect
        case .invalidRequest, .badResponse, .tooLarge, .cancelled: return .broken
        }
    }

    private func finish(_ id: Int, _ result: Result<HTTPResponse, WebhookFailure>) {
        webhooksInFlight -= 1
        guard let simulator else { return }
        run(simulator.webhookAnswered(id, result, at: Self.now()))
    }

    /// Unix milliseconds.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
