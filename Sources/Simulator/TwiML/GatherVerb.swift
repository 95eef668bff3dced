/// `<Gather>`: plays prompts and waits for keys or speech.
final class GatherVerb: ActiveVerb {
    private unowned let runner: TwiMLRunner
    private let verb: XMLElement
    private let inputs: [Substring]
    private let digitLimit: Int?
    private let finishKey: String
    private let timeout: Int64
    private let canInterrupt: Bool
    private var digits = ""
    private var prompt = 0
    private var isPrompting = true
    private var isFinished = false
    private var timer: Int?

    init(_ verb: XMLElement, _ runner: TwiMLRunner) {
        self.verb = verb
        self.runner = runner
        inputs = (verb["input"] ?? "dtmf").split(separator: " ")
        digitLimit = verb["numDigits"].flatMap { Int($0) }
        finishKey = verb.attributes["finishOnKey"] ?? "#"
        timeout = max(1, min(3600, verb["timeout"].flatMap { Int64($0) } ?? 5)) * 1000
        canInterrupt = verb["bargeIn"] != "false"
    }

    func begin() {
        play()
    }

    private func play() {
        guard prompt < verb.children.count else {
            isPrompting = false
            return listen()
        }
        prompt += 1
        let time = runner.speakingTime(verb.children[prompt - 1])
        timer = runner.kernel.after(time) { [weak self] in self?.play() }
    }

    private func listen() {
        runner.kernel.cancel(timer)
        timer = runner.kernel.after(timeout) { [weak self] in self?.finish(key: "") }
    }

    func key(_ key: String) {
        guard !isFinished, inputs.contains("dtmf"), !isPrompting || canInterrupt else { return }
        isPrompting = false
        if key == finishKey { return finish(key: key) }
        digits += key
        if let digitLimit, digits.utf8.count >= digitLimit { return finish(key: "") }
        listen()
    }

    func heard(_ text: String) {
        guard !isFinished, inputs.contains("speech"), !isPrompting || canInterrupt else { return }
        isFinished = true
        runner.kernel.cancel(timer)
        runner.leave(
            action: runner.action(verb), method: TwiMLRunner.method(verb),
            [("SpeechResult", text), ("Confidence", "0.92"), ("Language", verb["language"] ?? "en-US")])
    }

    private func finish(key: String) {
        guard !isFinished else { return }
        isFinished = true
        runner.kernel.cancel(timer)
        if digits.isEmpty && verb["actionOnEmptyResult"] != "true" { return runner.advance() }
        var extra = [("Digits", digits)]
        if !key.isEmpty { extra.append(("FinishedOnKey", key)) }
        runner.leave(action: runner.action(verb), method: TwiMLRunner.method(verb), extra)
    }

    func cancel() {
        isFinished = true
        runner.kernel.cancel(timer)
    }

    func callEnds() {}
}
