import Forms
import HTTP
import JSON

/// The control API below `/simulator/v1`: the script, the handsets, the faults, and what was sent and received.
final class ControlDesk {
    private let world: World
    private let parts: SimulatorParts
    /// The requests of the account's application.
    var requests: RequestLog

    init(world: World, parts: SimulatorParts) {
        self.world = world
        self.parts = parts
        requests = RequestLog(limit: world.script.logLimit)
    }

    /// Answers a control request; `path` are the pieces after `/simulator/v1`.
    func handle(_ request: APIRequest, path: [String]) -> HTTPResponse {
        do throws(ControlProblem) {
            return try route(request, path)
        } catch {
            return error.response
        }
    }

    private func route(_ request: APIRequest, _ path: [String]) throws(ControlProblem) -> HTTPResponse {
        switch (path.first ?? "", path.count) {
        case ("script", 1): return try script(request)
        case ("faults", 1): return try faults(request)
        case ("requests", 1): return try readRequests(request)
        case ("webhooks", 1): return try readWebhooks(request)
        case ("state", 1): return state()
        case ("rooms", 3): return try room(path[1], path[2], request)
        case ("phones", 2): return try phone(Self.number(path[1]), request)
        case ("phones", 3): return try act(path[2], of: Self.number(path[1]), request)
        default: throw .notFound("there is no \(request.path)")
        }
    }

    private static func number(_ text: String) -> String {
        let isBare = text.utf8.first.map { (0x30...0x39).contains($0) } ?? false
        return isBare ? "+" + text : text
    }

    private func script(_ request: APIRequest) throws(ControlProblem) -> HTTPResponse {
        switch request.method {
        case "GET": return .json(200, world.script.document)
        case "PUT":
            let document = try json(request)
            do throws(SimulatorScriptError) {
                apply(try SimulatorScript(json: document))
            } catch {
                throw ControlProblem(error)
            }
            return .json(200, world.script.document)
        default: throw Self.method
        }
    }

    /// Puts another script in force.
    func apply(_ script: SimulatorScript) {
        world.apply(script)
        parts.numbers.apply(script)
        parts.faultDocument = ["faults": script.document["faults"] ?? []]
    }

    private func phone(_ number: String, _ request: APIRequest) throws(ControlProblem) -> HTTPResponse {
        switch request.method {
        case "GET":
            guard let entry = world.script.entry(number) else {
                throw .notFound("\(number) has no entry of its own")
            }
            return .json(200, entry)
        case "PUT":
            let script = world.script
            let entry = try json(request)
            do throws(SimulatorScriptError) {
                // The faults in force stay: only the phone changes.
                world.script = try script.replacing(number, with: entry)
            } catch {
                throw ControlProblem(error)
            }
            return .json(200, entry)
        default: throw Self.method
        }
    }

    private func faults(_ request: APIRequest) throws(ControlProblem) -> HTTPResponse {
        switch request.method {
        case "GET": return .json(200, parts.faultDocument)
        case "DELETE":
            world.faults.replace([])
            parts.faultDocument = ["faults": []]
            return HTTPResponse(status: 204)
        case "PUT":
            let document = try json(request)
            var reader = ScriptReader()
            let members = reader.members(ScriptNode(document), of: "the document", keys: ["faults"])
            let rules = members["faults"].map { FaultRule.list($0, &reader) } ?? []
            do throws(SimulatorScriptError) {
                try reader.finish()
            } catch {
                throw ControlProblem(error)
            }
            world.faults.replace(rules)
            parts.faultDocument = document
            return .json(200, document)
        default: throw Self.method
        }
    }

    private func readRequests(_ request: APIRequest) throws(ControlProblem) -> HTTPResponse {
        if request.method == "DELETE" {
            requests = RequestLog(limit: world.script.logLimit)
            return HTTPResponse(status: 204)
        }
        guard request.method == "GET" else { throw Self.method }
        let (from, limit) = window(request)
        return .json(200, requests.page(path: request.query["path"] ?? "", from: from, limit: limit))
    }

    private func readWebhooks(_ request: APIRequest) throws(ControlProblem) -> HTTPResponse {
        guard request.method == "GET" else { throw Self.method }
        let (from, limit) = window(request)
        let resource = request.query["resource"] ?? ""
        return .json(200, world.webhooks.log.page(resource: resource, from: from, limit: limit))
    }

    private func window(_ request: APIRequest) -> (from: Int, limit: Int) {
        let from = request.query["from"].flatMap { Int($0) } ?? 0
        let limit = request.query["limit"].flatMap { Int($0) } ?? 10_000
        return (max(0, from), max(1, min(100_000, limit)))
    }

    private func state() -> HTTPResponse {
        .json(
            200,
            [
                "time": .integer(world.kernel.now), "account_sid": .string(world.credentials.accountSID),
                "messages": .integer(Int64(parts.messages.store.count)), "calls": .integer(Int64(parts.calls.count)),
                "live_calls": .integer(Int64(parts.exchange.liveCount)),
                "requests": .integer(Int64(requests.count)), "webhooks": .integer(Int64(world.webhooks.log.count)),
                "faults": .integer(Int64(world.faults.count)), "seed": .integer(Int64(clamping: world.script.seed)),
            ])
    }

    private func act(_ action: String, of number: String, _ request: APIRequest) throws(ControlProblem) -> HTTPResponse
    {
        guard request.method == "POST" else { throw Self.method }
        let body = request.body.isEmpty ? [:] : try json(request)
        switch action {
        case "text": return try text(from: number, body)
        case "call": return try call(from: number, body)
        case "press":
            guard let digits = body["digits"]?.string ?? body["digits"]?.int.map({ String($0) }),
                HandsetStep.isDigits(digits)
            else { throw .invalid("'digits' is one or more of 0-9 * # A-D") }
            try live(number).runner?.press(digits)
            return HTTPResponse(status: 204)
        case "say":
            guard let text = body["text"]?.string else { throw .invalid("'text' is missing") }
            try live(number).runner?.hear(text)
            return HTTPResponse(status: 204)
        case "hangup":
            parts.exchange.hangUp(try live(number))
            return HTTPResponse(status: 204)
        default: throw .notFound("a phone has no '\(action)'")
        }
    }

    private func text(from number: String, _ body: JSONValue) throws(ControlProblem) -> HTTPResponse {
        let text = try HandsetText(body, from: number) { [world] in world.sid("ME") }
        return .json(201, ["sid": .string(parts.inbound.receive(text.text))])
    }

    /// What networks say of a caller's number, in Twilio's words.
    private static let verdicts = [
        "TN-Validation-Passed-A", "TN-Validation-Passed-B", "TN-Validation-Passed-C", "TN-Validation-Failed-A",
        "TN-Validation-Failed-B", "TN-Validation-Failed-C", "No-TN-Validation",
    ]

    private func call(from number: String, _ body: JSONValue) throws(ControlProblem) -> HTTPResponse {
        guard let to = body["to"]?.string, !to.isEmpty else { throw .invalid("'to' is missing") }
        var reader = ScriptReader()
        let steps = body["do"].map { HandsetStep.list(ScriptNode($0, pointer: "/do"), &reader) } ?? []
        do throws(SimulatorScriptError) {
            try reader.finish()
        } catch {
            throw ControlProblem(error)
        }
        let verdict = body["stir"]?.string
        guard verdict == nil || Self.verdicts.contains(verdict ?? "") else {
            throw .invalid("'stir' is one of " + Self.verdicts.joined(separator: ", "))
        }
        let call = parts.exchange.receive(from: number, to: to, steps: steps, verdict: verdict)
        return .json(201, ["sid": .string(call.sid)])
    }

    private func room(_ name: String, _ action: String, _ request: APIRequest) throws(ControlProblem) -> HTTPResponse {
        guard request.method == "POST" else { throw Self.method }
        guard let room = parts.rooms.find(name) else { throw .notFound("there is no room \(name)") }
        let body = try json(request)
        switch action {
        case "join":
            guard let token = body["token"]?.string else { throw .invalid("'token' is missing") }
            do throws(AccessToken.Failure) {
                return .json(201, ["sid": .string(try parts.rooms.join(room, token: token))])
            } catch {
                throw ControlProblem(status: 403, code: String(error.code), detail: error.reason)
            }
        case "leave":
            let participant = room.connected.first { $0.identity == body["identity"]?.string }
            guard let participant else { throw .notFound("nobody of this identity is in the room") }
            parts.rooms.leave(room, participant)
            return HTTPResponse(status: 204)
        default: throw .notFound("a room has no '\(action)'")
        }
    }

    private func live(_ number: String) throws(ControlProblem) -> Call {
        guard let call = parts.exchange.liveCall(of: number) else {
            throw ControlProblem(status: 409, code: "no_call", detail: "\(number) is in no call")
        }
        return call
    }

    private func json(_ request: APIRequest) throws(ControlProblem) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: request.body)
        } catch {
            throw ControlProblem(status: 400, code: error.code, detail: error.message)
        }
    }

    private static let method = ControlProblem(status: 405, code: "method", detail: "the method is not allowed here")
}
