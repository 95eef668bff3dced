import Crypto
import Forms
import HTTP
import JSON

@testable import Simulator

/// A simulator on a virtual clock with an application that answers its webhooks.
final class SimulatorBench {
    static let credentials = SimulatorCredentials(
        accountSID: "AC" + String(repeating: "a", count: 32), authToken: "token",
        keySID: "SK" + String(repeating: "b", count: 32), keySecret: "secret")
    static let account = "/2010-04-01/Accounts/" + credentials.accountSID

    static let authorization = "Basic " + Base64.encode(Array((credentials.accountSID + ":token").utf8))

    /// A webhook that was sent.
    struct Hook {
        let time: Int64
        let request: WebhookRequest
        let form: Form
    }

    let simulator: TwilioSimulator
    private(set) var now: Int64 = 1_767_225_600_000
    private(set) var hooks: [Hook] = []
    private(set) var answers: [Int: (time: Int64, response: HTTPResponse)] = [:]
    /// What the application answers, and after how many milliseconds.
    var application: (Hook) -> (Int64, Result<HTTPResponse, WebhookFailure>) = { _ in
        (0, .success(HTTPResponse(status: 204)))
    }
    private var due: [(time: Int64, order: Int, work: (SimulatorBench) -> [SimulatorEffect])] = []
    private var order = 0

    init(_ script: JSONValue = [:]) throws {
        simulator = TwilioSimulator(
            script: try SimulatorScript(json: script), credentials: Self.credentials, baseURL: "http://127.0.0.1:8082")
    }

    /// Sends a request without letting time pass; answers its number.
    func begin(
        _ method: String, _ target: String, _ body: [UInt8] = [], type: String = "application/x-www-form-urlencoded",
        user: String? = nil, password: String = "token"
    ) -> Int {
        order += 1
        let credentials = (user ?? Self.credentials.accountSID) + ":" + password
        let headers = HTTPHeaders([
            ("Authorization", "Basic " + Base64.encode(Array(credentials.utf8))), ("Content-Type", type),
            ("X-Probe", "1"),
        ])
        let id = order
        run(
            simulator.handle(HTTPRequest(method: method, target: target, headers: headers, body: body), at: now, id: id)
        )
        return id
    }

    /// Sends a form and lets time pass until the answer is there.
    @discardableResult
    func send(
        _ method: String, _ target: String, _ form: [(String, String)] = [], user: String? = nil,
        password: String = "token"
    )
        -> HTTPResponse
    {
        finish(begin(method, target, form.isEmpty ? [] : Form(form).encode(), user: user, password: password))
    }

    /// Sends a JSON document to the control API.
    @discardableResult
    func control(_ method: String, _ path: String, _ body: JSONValue? = nil) -> HTTPResponse {
        finish(begin(method, "/simulator/v1/" + path, body?.bytes() ?? [], type: "application/json"))
    }

    /// Creates a message.
    @discardableResult
    func message(_ form: [(String, String)]) -> HTTPResponse {
        send("POST", Self.account + "/Messages.json", form)
    }

    /// Lets time pass until a request is answered.
    func finish(_ id: Int) -> HTTPResponse {
        while answers[id] == nil, step(until: .max) {}
        return answers[id]?.response ?? HTTPResponse(status: 0)
    }

    /// Lets so many milliseconds pass.
    func pass(_ milliseconds: Int64) {
        let end = now + milliseconds
        while step(until: end) {}
        now = end
    }

    /// Lets time pass until nothing more would happen.
    func settle() {
        while step(until: .max) {}
    }

    private func step(until end: Int64) -> Bool {
        guard let next = due.indices.min(by: { (due[$0].time, due[$0].order) < (due[$1].time, due[$1].order) }),
            due[next].time <= end
        else { return false }
        let event = due.remove(at: next)
        now = max(now, event.time)
        run(event.work(self))
        return true
    }

    private func later(_ time: Int64, _ work: @escaping (SimulatorBench) -> [SimulatorEffect]) {
        order += 1
        due.append((time, order, work))
    }

    private func run(_ effects: [SimulatorEffect]) {
        for effect in effects {
            switch effect {
            case .answer(let id, let response): answers[id] = (now, response)
            case .schedule(let timer, let time): later(time) { $0.simulator.timerFired(timer, at: $0.now) }
            case .callWebhook(let id, let request):
                let form = request.method == "GET" ? Form() : Form(parsing: request.body)
                let hook = Hook(time: now, request: request, form: form)
                hooks.append(hook)
                let (delay, result) = application(hook)
                later(now + delay) { $0.simulator.webhookAnswered(id, result, at: $0.now) }
            }
        }
    }

    /// The values of one parameter over all webhooks to a URL, in order.
    func values(_ name: String, to url: String) -> [String] {
        hooks.filter { $0.request.url == url }.map { $0.form[name] ?? "-" }
    }
}

extension HTTPResponse {
    /// The body as JSON, null when it is none.
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

    /// Instructions.
    static func twiml(_ verbs: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: HTTPHeaders([("Content-Type", "text/xml")]),
            body: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>\(verbs)</Response>".utf8))
    }
}
