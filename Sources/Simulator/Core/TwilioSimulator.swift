import Crypto
import HTTP

/// A Twilio look-alike without I/O: requests go in, answers, timers and webhooks come out as effects. The same inputs at
/// the same times give the same effects. It has one owner thread; nothing in it locks, waits or reads a clock.
///
/// Paths: `/2010-04-01/…`, `/video/v1/…` and `/content/v1/…` as at the provider, its control API below `/simulator/v1`,
/// and below `/media` the files that the provider keeps elsewhere.
public final class TwilioSimulator {
    private let world: World
    let parts: SimulatorParts
    private let control: ControlDesk

    /// Makes a simulator.
    /// - Parameters:
    ///   - script: how the world behaves; every random choice comes from its seed.
    ///   - credentials: the one account there is.
    ///   - baseURL: where it is reached, for absolute URLs in answers, for example `http://127.0.0.1:8082`.
    ///   - incarnation: a number that differs from start to start where identifiers of earlier starts are kept somewhere.
    public init(
        script: SimulatorScript, credentials: SimulatorCredentials, baseURL: String, incarnation: UInt64 = 0
    ) {
        world = World(script: script, credentials: credentials, baseURL: baseURL, incarnation: incarnation)
        parts = SimulatorParts(world: world)
        control = ControlDesk(world: world, parts: parts)
    }

    deinit {
        world.kernel.clear()
        parts.exchange.clear()
    }

    /// A request came in at a time (Unix milliseconds). Its answer comes under `id`, at once or after a timer.
    public func handle(_ request: HTTPRequest, at now: Int64, id: Int) -> [SimulatorEffect] {
        world.kernel.run(at: now) { accept(request, id: id) }
    }

    /// A timer that was asked for came due.
    public func timerFired(_ id: Int, at now: Int64) -> [SimulatorEffect] {
        world.kernel.run(at: now) { world.kernel.fire(id) }
    }

    /// The result of a webhook that was asked for.
    public func webhookAnswered(
        _ id: Int, _ result: Result<HTTPResponse, WebhookFailure>, at now: Int64
    ) -> [SimulatorEffect] {
        world.kernel.run(at: now) { world.kernel.answered(id, result) }
    }

    /// Puts another script in force; what has begun goes on by the old one.
    public func apply(_ script: SimulatorScript, at now: Int64) {
        _ = world.kernel.run(at: now) { control.apply(script) }
    }

    private func accept(_ request: HTTPRequest, id: Int) {
        let kernel = world.kernel
        let api = APIRequest(request)
        if api.segments.first == "simulator" {
            let isKnown = api.segments.count > 1 && api.segments[1] == "v1"
            let path = isKnown ? Array(api.segments.dropFirst(2)) : []
            return kernel.emit(.answer(requestID: id, control.handle(api, path: path)))
        }
        control.requests.append(request, at: kernel.now)
        let verdict = world.faults.judge(method: api.method, path: api.path)
        kernel.answerTime = kernel.now + kernel.number(in: world.script.latency) + verdict.delay
        var response: HTTPResponse
        if let failure = verdict.failure {
            if failure.isAfterAccepting { _ = respond(api) }
            response = failure.response
        } else {
            response = respond(api)
        }
        if verdict.closesConnection, response.disposition == .normal { response.disposition = .closeAfter }
        if kernel.answerTime <= kernel.now { return kernel.emit(.answer(requestID: id, response)) }
        kernel.at(kernel.answerTime) { kernel.emit(.answer(requestID: id, response)) }
    }

    private func respond(_ request: APIRequest) -> HTTPResponse {
        if request.segments.first == "media" {
            return parts.messages.mediaContent(request, path: Array(request.segments.dropFirst()))
        }
        do throws(TwilioError) {
            try authenticate(request)
            return try route(request)
        } catch {
            return error.response
        }
    }

    private func authenticate(_ request: APIRequest) throws(TwilioError) {
        guard let given = request.basicCredentials(decode: { Base64.decode($0) }) else { throw TwilioError(20003) }
        let credentials = world.credentials
        let pairs = [(credentials.accountSID, credentials.authToken), (credentials.keySID, credentials.keySecret)]
        let isKnown = pairs.contains { user, password in
            given.user == user && constantTimeEquals(Array(given.password.utf8), Array(password.utf8))
        }
        if !isKnown { throw TwilioError(20003) }
    }

    private func route(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let segments = request.segments
        switch segments.first {
        case "2010-04-01": return try routeAccount(request, Array(segments.dropFirst()))
        case "content" where segments.starts(with: ["content", "v1", "Content"]):
            return try parts.content.handle(request, path: Array(segments.dropFirst(3)))
        case "video" where segments.starts(with: ["video", "v1", "Rooms"]):
            return try parts.rooms.handle(request, path: Array(segments.dropFirst(3)))
        default: throw TwilioError.notFound(request.path)
        }
    }

    /// The 2010 API: `Accounts/{sid}/{resource}/….json`.
    private func routeAccount(_ request: APIRequest, _ segments: [String]) throws(TwilioError) -> HTTPResponse {
        if segments.count == 4, segments[0] == "Accounts", segments[2] == "Recordings", !segments[3].hasSuffix(".json")
        {
            return try parts.recordings.sound(segments[3], request)
        }
        if segments.count == 6, segments[0] == "Accounts", segments[1] == world.credentials.accountSID,
            segments[2] == "Messages", segments[4] == "Media", !segments[5].hasSuffix(".json")
        {
            return try parts.messages.leadToMedia(segments[3], segments[5], request)
        }
        guard segments.count >= 2, segments[0] == "Accounts", let last = segments.last, last.hasSuffix(".json") else {
            throw TwilioError.notFound(request.path)
        }
        var path = Array(segments.dropFirst())
        path[path.count - 1] = String(last.dropLast(5))
        guard path[0] == world.credentials.accountSID else { throw TwilioError.notFound(request.path) }
        let rest = Array(path.dropFirst(2))
        switch path.count > 1 ? path[1] : "" {
        case "": return AccountResource.account(world)
        case "Balance": return AccountResource.balance(world)
        case "Messages": return try parts.messages.handle(request, path: rest)
        case "Calls": return try parts.calls.handle(request, path: rest)
        case "Conferences": return try parts.conferences.handle(request, path: rest)
        case "Recordings": return try parts.recordings.handle(request, path: rest)
        case "IncomingPhoneNumbers": return try parts.numbers.handle(request, path: rest)
        default: throw TwilioError.notFound(request.path)
        }
    }
}

extension FaultRule {
    /// What a failing request gets instead of its answer.
    var response: HTTPResponse {
        if kind == .cut { return HTTPResponse(status: 500, disposition: .cut) }
        let usual = [429: 20429, 500: 20500, 503: 20503, 401: 20003, 404: 20404]
        let error = TwilioError(code ?? usual[status] ?? 20500)
        var response = error.response
        response.status = status
        if let retryAfter { response.headers.add("Retry-After", String((retryAfter + 999) / 1000)) }
        return response
    }
}
