import HTTP
import JSON

/// The Calls resource of the 2010 API.
final class CallDesk {
    private let world: World
    private let exchange: CallExchange
    private let numbers: NumberDesk
    private var store: ResourceStore<Call>

    init(world: World, exchange: CallExchange, numbers: NumberDesk) {
        self.world = world
        self.exchange = exchange
        self.numbers = numbers
        store = ResourceStore(limit: world.script.resourceLimit) { ($0.sid, $0.to) }
        exchange.onCall = { [weak self] call in self?.store.append(call) }
    }

    /// The number of calls that are remembered.
    var count: Int { store.count }

    /// Handles what lies below `…/Calls`.
    func handle(_ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        switch (path.count, request.method) {
        case (0, "POST"): return try create(request)
        case (0, "GET"): return try list(request)
        case (1, "GET"): return answer(200, try find(path[0], request))
        case (1, "POST"): return try update(try find(path[0], request), request)
        case (1, "DELETE"):
            let call = try find(path[0], request)
            guard call.status.isFinal else { throw TwilioError(20009, "Cannot delete a call in progress") }
            store.remove(call.sid)
            return HTTPResponse(status: 204)
        case (2, _) where path[1] == "Recordings":
            return try exchange.recordings.handle(request, path: [], call: try find(path[0], request).sid)
        case (3, _) where path[1] == "Recordings":
            return try exchange.recordings.handle(request, path: [path[2]], call: try find(path[0], request).sid)
        case (0...1, _): throw TwilioError(20004)
        default: throw TwilioError.notFound(request.path)
        }
    }

    private func find(_ sid: String, _ request: APIRequest) throws(TwilioError) -> Call {
        guard let call = store[sid] else { throw TwilioError.notFound(request.path) }
        return call
    }

    private func answer(_ status: Int, _ call: Call) -> HTTPResponse {
        .json(
            status, call.json(account: world.credentials.accountSID, path: world.accountPath, now: world.kernel.now))
    }

    private func create(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let draft = try CallDraft(request)
        if ChannelAddress(draft.from).isNumber { numbers.number(draft.from) }
        let call = exchange.make(to: draft.to, from: draft.from, direction: "outbound-api")
        call.url = draft.url
        call.method = draft.method
        call.twiml = draft.twiml
        call.fallback = draft.fallback
        call.callback = draft.callback
        call.timeout = draft.timeout
        call.timeLimit = draft.timeLimit
        call.detection = draft.detection
        call.recording = draft.recording
        let response = answer(201, call)
        let isEarly = world.faults.isEarly("Calls")
        if isEarly { world.kernel.answerTime += 250 }
        exchange.enqueue(call, at: isEarly ? world.kernel.now : world.kernel.answerTime)
        return response
    }

    private func list(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let page = try ListPage(request)
        let started = try DateFilter("StartTime", request.query)
        let ended = try DateFilter("EndTime", request.query)
        func filter(_ name: String) -> String? { request.query[name].flatMap { $0.isEmpty ? nil : $0 } }
        let (from, status, parent) = (filter("From"), filter("Status"), filter("ParentCallSid"))
        let now = world.kernel.now
        let youngest = now - world.faults.lag(path: request.path)
        let value = page.answer(
            store, key: "calls", target: filter("To"),
            matches: { call in
                call.created <= youngest && (from == nil || call.from == from)
                    && (status == nil || call.status.rawValue == status) && (parent == nil || call.parentSID == parent)
                    && started.contains(call.started ?? call.created) && ended.contains(call.ended)
            },
            json: { $0.json(account: world.credentials.accountSID, path: world.accountPath, now: now) })
        return .json(200, value)
    }

    private func update(_ call: Call, _ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        if let status = request.parameter("Status") {
            switch (status, call.status) {
            case ("canceled", .queued), ("canceled", .ringing), ("completed", .queued), ("completed", .ringing),
                ("completed", .inProgress):
                exchange.hangUp(call)
            case ("completed", _), ("canceled", _):
                throw TwilioError(21220, "Call is not in-progress. Cannot redirect.")
            default: throw TwilioError(20001, "Status must be canceled or completed")
            }
            return answer(200, call)
        }
        if let callback = CallDraft.callback(request) { call.callback = callback }
        let url = request.parameter("Url")
        let twiml = request.parameter("Twiml")
        guard url != nil || twiml != nil else { return answer(200, call) }
        guard call.status == .inProgress, let runner = call.runner else {
            throw TwilioError(21220, "Call is not in-progress. Cannot redirect.")
        }
        if let url {
            guard WebhookTarget.isURL(url) else { throw TwilioError(21205) }
            runner.fetch(url, method: CallDraft.method(request, "Method"), [])
        } else if let twiml {
            runner.run(twiml: twiml)
        }
        return answer(200, call)
    }
}
