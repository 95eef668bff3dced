/// `<Dial>`: rings other numbers, all at once; the first that answers is connected.
final class DialVerb: ActiveVerb {
    private unowned let runner: TwiMLRunner
    private let verb: XMLElement
    private var legs: [Call] = []
    private var connected: Call?
    /// Both hear each other: what was said to the one who picked up has ended.
    private var isBridged = false
    private var recording: Recording?
    private var isFinished = false
    private var timers: [Int] = []

    /// How long somebody without a scripted end talks, in milliseconds.
    private static let talk: Int64 = 30_000

    init(_ verb: XMLElement, _ runner: TwiMLRunner) {
        self.verb = verb
        self.runner = runner
    }

    func begin() {
        var targets = verb.children.filter { ["Number", "Client", "Sip"].contains($0.name) }
        if targets.isEmpty, verb.children.isEmpty, !verb.trimmedText.isEmpty { targets = [verb] }
        // A queue without anybody else: the caller waits there until the call ends.
        if targets.isEmpty, !verb.children.isEmpty { return }
        for target in targets { dial(target) }
        if legs.isEmpty { return finish("failed") }
        let timeout = max(1, min(600, verb["timeout"].flatMap { Int64($0) } ?? 30)) * 1000
        timers.append(runner.kernel.after(timeout) { [weak self] in self?.timeIsOver() })
        for leg in legs { runner.exchange.dial(leg) }
    }

    private func dial(_ target: XMLElement) {
        let prefix = ["Client": "client:", "Sip": ""][target.name] ?? ""
        let identity = target.children.first { $0.name == "Identity" }?.trimmedText ?? target.trimmedText
        guard !identity.isEmpty else { return }
        let leg = runner.exchange.make(
            to: prefix + identity, from: verb["callerId"] ?? runner.call.from, direction: "outbound-dial",
            parentSID: runner.call.sid)
        if let url = target["statusCallback"] {
            let events = (target["statusCallbackEvent"] ?? "completed").split(separator: " ").map(String.init)
            leg.callback = Call.Callback(
                url: runner.resolve(url), method: target["statusCallbackMethod"] == "GET" ? "GET" : "POST",
                events: Set(events))
        }
        if target !== verb { leg.url = target["url"].map { runner.resolve($0) } }
        leg.method = TwiMLRunner.method(target)
        leg.timeout = 600_000
        leg.onChange = { [weak self] in self?.changed($0) }
        legs.append(leg)
    }

    private func changed(_ leg: Call) {
        guard !isFinished else { return }
        if leg.status == .inProgress, connected == nil { return connect(leg) }
        guard leg.status.isFinal else { return }
        if leg === connected { return finish("completed") }
        legs.removeAll { $0 === leg }
        if legs.isEmpty { finish(leg.status == .canceled ? "no-answer" : leg.status.rawValue, leg) }
    }

    private func connect(_ leg: Call) {
        connected = leg
        for timer in timers { runner.kernel.cancel(timer) }
        for other in legs where other !== leg { runner.exchange.hangUp(other) }
        legs = [leg]
        guard let url = leg.url else { return bridge(leg) }
        let whisper = TwiMLRunner(leg, exchange: runner.exchange)
        whisper.onEnd = { [weak self] in self?.bridge(leg) }
        leg.runner = whisper
        whisper.fetch(url, method: leg.method, [])
    }

    private func bridge(_ leg: Call) {
        isBridged = true
        let record = verb["record"] ?? "do-not-record"
        if record.hasPrefix("record-from") {
            recording = runner.exchange.recordings.begin(
                RecordingRequest(verb, base: runner.documentURL), call: runner.call, source: "DialVerb")
        }
        let limit = verb["timeLimit"].flatMap { Int64($0) }.map { max(1, min(86_400, $0)) * 1000 }
        let end = min(limit ?? .max, Self.talk)
        timers.append(runner.kernel.after(end) { [weak self] in self?.runner.exchange.hangUp(leg) })
    }

    private func timeIsOver() {
        guard connected == nil, !isFinished else { return }
        let waiting = legs
        finish("no-answer", waiting.first)
    }

    private func finish(_ status: String, _ last: Call? = nil) {
        guard !isFinished else { return }
        let leg = connected ?? last
        cancel()
        var extra = [("DialCallStatus", status), ("DialBridged", isBridged ? "true" : "false")]
        if let leg { extra.append(("DialCallSid", leg.sid)) }
        if connected != nil { extra.append(("DialCallDuration", String(leg?.duration ?? 0))) }
        if let recording { extra.append(("RecordingUrl", runner.exchange.recordings.url(recording))) }
        runner.leave(action: verb["action"], method: TwiMLRunner.method(verb), extra)
    }

    /// A key of the caller ends the other leg where `hangupOnStar` says so.
    func key(_ key: String) {
        if key == "*", verb["hangupOnStar"] == "true", let connected { runner.exchange.hangUp(connected) }
    }

    func heard(_ text: String) {}

    func cancel() {
        guard !isFinished else { return }
        isFinished = true
        for timer in timers { runner.kernel.cancel(timer) }
        if let recording { runner.exchange.recordings.finish(recording) }
        for leg in legs where !leg.status.isFinal {
            leg.onChange = nil
            runner.exchange.hangUp(leg)
        }
    }

    func callEnds() {}
}
