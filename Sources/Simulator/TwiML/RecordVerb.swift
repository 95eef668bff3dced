/// `<Record>`: records what the handset says until it is silent, presses a key, hangs up, or time is over.
final class RecordVerb: ActiveVerb {
    private unowned let runner: TwiMLRunner
    private let verb: XMLElement
    private let recording: Recording
    private let silence: Int64
    private let finishKeys: String
    private var texts: [String] = []
    private var isFinished = false
    private var silenceTimer: Int?
    private var limitTimer: Int?

    init(_ verb: XMLElement, _ runner: TwiMLRunner) {
        self.verb = verb
        self.runner = runner
        silence = max(1, min(3600, verb["timeout"].flatMap { Int64($0) } ?? 5)) * 1000
        finishKeys = verb.attributes["finishOnKey"] ?? "1234567890*#"
        recording = runner.exchange.recordings.begin(
            RecordingRequest(verb, base: runner.documentURL), call: runner.call, source: "RecordVerb")
    }

    func begin() {
        let limit = max(1, min(14_400, verb["maxLength"].flatMap { Int64($0) } ?? 3600)) * 1000
        limitTimer = runner.kernel.after(limit) { [weak self] in self?.finish(digits: "") }
        waitForSilence(after: 0)
    }

    private func waitForSilence(after speech: Int64) {
        runner.kernel.cancel(silenceTimer)
        silenceTimer = runner.kernel.after(speech + silence) { [weak self] in self?.finish(digits: "") }
    }

    func key(_ key: String) {
        if finishKeys.contains(key) { finish(digits: key) }
    }

    func heard(_ text: String) {
        guard !isFinished else { return }
        texts.append(text)
        waitForSilence(after: Int64(text.split(separator: " ").count) * runner.exchange.world.script.speech)
    }

    private func finish(digits: String) {
        guard !isFinished else { return }
        cancel()
        transcribe()
        if texts.isEmpty && digits.isEmpty { return runner.advance() }
        runner.leave(action: runner.action(verb), method: TwiMLRunner.method(verb), result(digits: digits))
    }

    private func result(digits: String) -> [(String, String)] {
        [
            ("RecordingUrl", runner.exchange.recordings.url(recording)), ("RecordingSid", recording.sid),
            ("RecordingDuration", String(recording.seconds)), ("Digits", digits),
        ]
    }

    private func transcribe() {
        guard verb["transcribe"] == "true", let callback = verb["transcribeCallback"], !texts.isEmpty else { return }
        let world = runner.exchange.world
        let sid = world.sid("TR")
        let form =
            VoiceForm.basic(runner.call, account: world.credentials.accountSID) + [
                ("TranscriptionSid", sid), ("TranscriptionText", texts.joined(separator: " ")),
                ("TranscriptionStatus", "completed"), ("TranscriptionType", "fast"),
                ("TranscriptionUrl", "\(world.baseURL)\(world.accountPath)/Transcriptions/\(sid)"),
                ("RecordingSid", recording.sid), ("RecordingUrl", runner.exchange.recordings.url(recording)),
            ]
        let url = runner.resolve(callback)
        world.kernel.after(2000) {
            world.webhooks.notify(WebhookCaller.Call(resource: "Recordings", url: url, form: form))
        }
    }

    func cancel() {
        isFinished = true
        runner.kernel.cancel(silenceTimer)
        runner.kernel.cancel(limitTimer)
        runner.exchange.recordings.finish(recording)
    }

    /// The handset hung up: what was recorded is announced to the action all the same.
    func callEnds() {
        guard !isFinished, let action = runner.action(verb) else { return }
        cancel()
        transcribe()
        let world = runner.exchange.world
        let form =
            VoiceForm.basic(runner.call, account: world.credentials.accountSID, status: "completed")
            + result(digits: "hangup")
        let call = WebhookCaller.Call(
            resource: "Calls", url: runner.resolve(action), method: TwiMLRunner.method(verb), form: form)
        world.webhooks.send(call) { _ in }
    }
}
