/// Connects calls: rings handsets, answers, detects machines, ends, and reports each step.
final class CallExchange {
    let world: World
    let recordings: RecordingDesk
    let conferences: ConferenceHall
    private let numbers: NumberDesk
    private var live: [String: [Call]] = [:]
    private var lineFree: Int64 = 0
    /// Remembers a call that the exchange made itself.
    var onCall: (Call) -> Void = { _ in }

    init(world: World, numbers: NumberDesk, recordings: RecordingDesk) {
        self.world = world
        self.numbers = numbers
        self.recordings = recordings
        conferences = ConferenceHall(world: world, recordings: recordings)
        conferences.hangUp = { [weak self] call in self?.hangUp(call) }
    }

    /// The number of calls under way.
    var liveCount: Int { live.values.reduce(0) { $0 + $1.count } }

    /// The youngest call under way with a handset.
    func liveCall(of handset: String) -> Call? {
        live[handset]?.last
    }

    /// Makes a call and remembers it.
    func make(to: String, from: String, direction: String, parentSID: String? = nil) -> Call {
        let call = Call(
            sid: world.sid("CA"), to: to, from: from, direction: direction, parentSID: parentSID, at: world.kernel.now)
        onCall(call)
        return call
    }

    /// Puts an outbound call of the API in the queue.
    func enqueue(_ call: Call, at start: Int64) {
        let turn = max(start, lineFree)
        lineFree = turn + Int64((1000 / world.script.callRate).rounded(.up))
        call.queueTime = turn - start
        live[call.handsetNumber, default: []].append(call)
        call.timers.append(world.kernel.at(turn) { self.initiate(call) })
    }

    /// Rings a leg of `<Dial>` at once.
    func dial(_ call: Call) {
        live[call.handsetNumber, default: []].append(call)
        call.timers.append(world.kernel.after(0) { self.initiate(call) })
    }

    private func initiate(_ call: Call) {
        report(call, "initiated", status: "initiated")
        let script = world.script.phone(call.to) { $0.voice } ?? .unanswered
        let kernel = world.kernel
        prepareHandset(call, script)
        switch script.outcome {
        case .busy: call.timers.append(kernel.after(script.ring) { self.end(call, .busy, sip: 486) })
        case .failed: call.timers.append(kernel.after(script.ring) { self.end(call, .failed, sip: 404) })
        default: call.timers.append(kernel.after(200) { self.ring(call, script) })
        }
    }

    private func ring(_ call: Call, _ script: VoiceScript) {
        call.status = .ringing
        call.updated = world.kernel.now
        report(call, "ringing", status: "ringing")
        let isTooLong = script.ring > call.timeout
        call.timers.append(
            world.kernel.after(min(script.ring, call.timeout)) {
                if script.outcome.isAnswered && !isTooLong { return self.answer(call, script) }
                let isDeclined = script.outcome == .declined && !isTooLong
                self.end(call, isDeclined ? .busy : .noAnswer, sip: isDeclined ? 603 : isTooLong ? 487 : 480)
            })
    }

    private func prepareHandset(_ call: Call, _ script: VoiceScript) {
        call.handset = Handset(call, steps: script.steps, exchange: self, kernel: world.kernel)
    }

    private func answer(_ call: Call, _ script: VoiceScript) {
        connect(call)
        if call.direction == "outbound-dial" {
            call.onChange?(call)
            call.handset?.begin()
            return
        }
        call.runner = TwiMLRunner(call, exchange: self)
        detect(call, script)
        call.handset?.begin()
    }

    /// The call is answered: the clock of its price runs.
    func connect(_ call: Call) {
        let kernel = world.kernel
        call.status = .inProgress
        call.started = kernel.now
        call.updated = kernel.now
        report(call, "answered", status: "in-progress")
        call.timers.append(kernel.after(call.timeLimit) { self.hangUp(call) })
        if let request = call.recording { recordings.begin(request, call: call, source: "OutboundAPI") }
    }

    private func detect(_ call: Call, _ script: VoiceScript) {
        guard let detection = call.detection else { return start(call, []) }
        let result = MachineDetector.result(script, detection)
        if let callback = detection.callback {
            start(call, [])
            call.timers.append(
                world.kernel.after(result.after) {
                    call.answeredBy = result.answeredBy
                    self.world.webhooks.notify(
                        WebhookCaller.Call(
                            resource: "Calls", url: callback.url, method: callback.method,
                            form: [
                                ("CallSid", call.sid), ("AccountSid", self.world.credentials.accountSID),
                                ("AnsweredBy", result.answeredBy), ("MachineDetectionDuration", String(result.after)),
                            ]))
                })
            return
        }
        call.timers.append(
            world.kernel.after(result.after) {
                call.answeredBy = result.answeredBy
                self.start(
                    call,
                    [("AnsweredBy", result.answeredBy), ("MachineDetectionDuration", String(result.after))])
            })
    }

    private func start(_ call: Call, _ extra: [(String, String)]) {
        if let twiml = call.twiml {
            call.runner?.run(twiml: twiml)
        } else if let url = call.url {
            call.runner?.fetch(url, method: call.method, extra)
        }
    }

    /// A handset calls a number of the account.
    func receive(from handset: String, to number: String, steps: [HandsetStep], verdict: String? = nil) -> Call {
        let call = make(to: number, from: handset, direction: "inbound")
        if let verdict { call.verdict = verdict }
        call.status = .ringing
        let entry = numbers.number(number)
        call.numberSID = entry.sid
        call.callback = entry["StatusCallback"].map {
            Call.Callback(url: $0, method: entry.method("StatusCallbackMethod"), events: ["completed"])
        }
        live[handset, default: []].append(call)
        guard let url = entry["VoiceUrl"] else {
            end(call, .failed, sip: 404)
            return call
        }
        call.url = url
        call.method = entry.method("VoiceMethod")
        call.fallback = entry["VoiceFallbackUrl"].map { ($0, entry.method("VoiceFallbackMethod")) }
        call.handset = Handset(call, steps: steps, exchange: self, kernel: world.kernel)
        let runner = TwiMLRunner(call, exchange: self)
        call.runner = runner
        runner.fetch(url, method: call.method, [])
        return call
    }

    /// The handset of a call calls back later.
    func callBack(_ call: Call, after delay: Int64, steps: [HandsetStep]) {
        let (handset, number) = (call.handsetNumber, call.accountNumber)
        world.kernel.after(delay) { _ = self.receive(from: handset, to: number, steps: steps) }
    }

    /// Ends a call that is under way, whoever ends it.
    func hangUp(_ call: Call) {
        if call.status == .inProgress { end(call, .completed, sip: 200) } else { end(call, .canceled, sip: 487) }
    }

    /// Ends a call.
    func end(_ call: Call, _ status: Call.Status, sip: Int?) {
        guard !call.status.isFinal else { return }
        for timer in call.timers { world.kernel.cancel(timer) }
        call.timers = []
        call.runner?.callEnds()
        recordings.finish(call)
        call.status = status
        call.ended = world.kernel.now
        call.updated = world.kernel.now
        call.sipCode = sip
        let minutes = call.started == nil ? 0 : max(1, ((call.duration ?? 0) + 59) / 60)
        if minutes > 0 {
            call.price = world.script.prices.price(
                of: .voice, isInbound: call.direction == "inbound", count: Int(minutes), at: world.kernel.now)
        }
        live[call.handsetNumber]?.removeAll { $0 === call }
        if live[call.handsetNumber]?.isEmpty == true { live[call.handsetNumber] = nil }
        report(call, "completed", status: status.rawValue)
        call.handset?.end()
        call.onChange?(call)
        call.letGo()
    }

    /// Forgets the calls under way: their runners and handsets hold them and this exchange.
    func clear() {
        for call in live.values.joined() { call.letGo() }
        live = [:]
    }

    private func report(_ call: Call, _ event: String, status: String) {
        guard let callback = call.callback, callback.events.contains(event) else { return }
        let form = VoiceForm.event(call, account: world.credentials.accountSID, status: status, now: world.kernel.now)
        world.webhooks.notify(
            WebhookCaller.Call(resource: "Calls", url: callback.url, method: callback.method, form: form))
    }
}
