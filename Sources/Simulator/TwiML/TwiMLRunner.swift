/// Executes the instructions of one call, verb by verb.
final class TwiMLRunner {
    let call: Call
    let exchange: CallExchange
    /// The URL of the document in hand; relative URLs are relative to it.
    private(set) var documentURL = ""
    /// What happens at the end of the document; nil: the call ends.
    var onEnd: (() -> Void)?
    private var verbs: [XMLElement] = []
    private var index = 0
    private var active: (any ActiveVerb)?
    private var timer: Int?
    private var turn = 0
    private var isRunning = false
    private var waiters: [() -> Void] = []

    init(_ call: Call, exchange: CallExchange) {
        self.call = call
        self.exchange = exchange
    }

    var kernel: Kernel { exchange.world.kernel }

    /// Calls `work` as soon as instructions run, at once when they do.
    func whenRunning(_ work: @escaping () -> Void) {
        if isRunning { work() } else { waiters.append(work) }
    }

    /// Gets instructions from a URL and runs them instead of the present ones.
    func fetch(_ url: String, method: String, _ extra: [(String, String)]) {
        interrupt()
        isRunning = false
        let turn = turn
        let form = VoiceForm.basic(call, account: exchange.world.credentials.accountSID) + extra
        let request = WebhookCaller.Call(
            resource: "Calls", url: url, method: method, form: form, fallback: call.fallback)
        exchange.world.webhooks.send(request) { [weak self] outcome in
            guard let self, self.turn == turn, !self.call.status.isFinal else { return }
            self.received(outcome)
        }
    }

    /// Runs instructions that came with the API request.
    func run(twiml: String) {
        do throws(TwiMLDocument.Failure) {
            run(try TwiMLDocument(twiml: twiml))
        } catch {
            fail(error.code)
        }
    }

    private func received(_ outcome: WebhookCaller.Outcome) {
        switch outcome {
        case .failure(let code, _): fail(code)
        case .answer(let response, let url):
            do throws(TwiMLDocument.Failure) {
                run(try TwiMLDocument(response, url: url, textVerb: "Say"))
            } catch {
                fail(error.code)
            }
        }
    }

    private func run(_ document: TwiMLDocument) {
        interrupt()
        documentURL = document.url
        verbs = document.verbs
        index = 0
        isRunning = true
        if call.status == .ringing {
            if let first = verbs.first, first.name == "Reject" {
                let isBusy = first["reason"] == "busy"
                return exchange.end(call, isBusy ? .busy : .noAnswer, sip: isBusy ? 486 : 603)
            }
            exchange.connect(call)
            call.handset?.begin()
        }
        let waiting = waiters
        waiters = []
        for work in waiting { work() }
        if !call.status.isFinal { advance() }
    }

    private func fail(_ code: Int) {
        call.errorCode = code
        exchange.end(call, call.status == .inProgress ? .completed : .failed, sip: nil)
    }

    /// Goes on with the next verb.
    func advance() {
        active = nil
        let turn = turn
        while turn == self.turn, index < verbs.count {
            index += 1
            if !execute(verbs[index - 1]) { return }
        }
        guard turn == self.turn else { return }
        isRunning = false
        if let onEnd { onEnd() } else { exchange.hangUp(call) }
    }

    /// Executes a verb; true when the next one can follow at once. Verbs that are not simulated are passed over.
    private func execute(_ verb: XMLElement) -> Bool {
        switch verb.name {
        case "Say", "Play", "Pause": wait(speakingTime(verb)) { $0.advance() }
        case "Gather": activate(GatherVerb(verb, self))
        case "Record": activate(RecordVerb(verb, self))
        case "Dial":
            if let noun = verb.children.first(where: { $0.name == "Conference" }) {
                activate(ConferenceVerb(verb, noun, self))
            } else {
                activate(DialVerb(verb, self))
            }
        case "Redirect":
            fetch(resolve(verb.trimmedText), method: Self.method(verb), [])
        case "Hangup", "Reject": exchange.hangUp(call)
        default: return true
        }
        return false
    }

    private func activate(_ verb: any ActiveVerb) {
        active = verb
        verb.begin()
    }

    /// Leaves the active verb: asks its action for instructions, or goes on in the document.
    func leave(action: String?, method: String, _ extra: [(String, String)]) {
        if let action { fetch(resolve(action), method: method, extra) } else { advance() }
    }

    /// The action of a verb that asks the present document's URL when it names none; nil when there is no such URL.
    func action(_ verb: XMLElement) -> String? {
        verb["action"] ?? (documentURL.isEmpty ? nil : documentURL)
    }

    /// A URL of the document, made absolute.
    func resolve(_ reference: String) -> String {
        WebhookTarget.resolve(reference, against: documentURL)
    }

    /// The method that a verb asks for.
    static func method(_ verb: XMLElement) -> String {
        verb["method"]?.uppercased() == "GET" ? "GET" : "POST"
    }

    /// Runs `work` later unless something else has come between.
    @discardableResult
    func wait(_ time: Int64, _ work: @escaping (TwiMLRunner) -> Void) -> Int {
        let turn = turn
        let made = kernel.after(time) { [weak self] in
            if let self, self.turn == turn { work(self) }
        }
        timer = made
        return made
    }

    /// How long a verb is heard, in milliseconds.
    func speakingTime(_ verb: XMLElement) -> Int64 {
        let script = exchange.world.script
        switch verb.name {
        case "Say":
            let words = verb.text.split { " \t\r\n".contains($0) }.count
            return times(verb) * max(words > 0 ? 200 : 0, Int64(words) * script.speech)
        case "Play":
            if let digits = verb["digits"] { return Int64(digits.utf8.count) * 500 }
            return times(verb) * script.play
        case "Pause": return max(0, min(86_400, verb["length"].flatMap { Int64($0) } ?? 1)) * 1000
        default: return 0
        }
    }

    /// `loop`; 0 stands for endless, which here are a thousand times.
    private func times(_ verb: XMLElement) -> Int64 {
        let loop = verb["loop"].flatMap { Int64($0) } ?? 1
        return loop == 0 ? 1000 : max(1, min(1000, loop))
    }

    /// The handset presses keys.
    func press(_ keys: String) {
        for key in keys.utf8 { active?.key(String(decoding: [key], as: UTF8.self)) }
    }

    /// The handset says something.
    func hear(_ text: String) {
        active?.heard(text)
    }

    /// The call is over.
    func callEnds() {
        active?.callEnds()
        interrupt()
        waiters = []
    }

    private func interrupt() {
        turn += 1
        kernel.cancel(timer)
        active?.cancel()
        active = nil
    }
}

/// A verb that goes on for some time and takes what the handset does.
protocol ActiveVerb: AnyObject {
    func begin()
    /// A key was pressed.
    func key(_ key: String)
    /// Something was said.
    func heard(_ text: String)
    /// The verb is over without a result; its timers go.
    func cancel()
    /// The call is over while the verb was active; `cancel` follows.
    func callEnds()
}
