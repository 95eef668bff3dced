import Crypto
import HTTP

/// Time, chance, timers and effects of one simulator: everything in it that could vary from run to run passes here.
/// One owner thread, like all of the core.
final class Kernel {
    /// Unix milliseconds of the call being handled.
    private(set) var now: Int64 = 0
    /// When the answer to the request in hand will leave; what a request starts is timed from here.
    var answerTime: Int64 = 0
    private var random: SeededRandom
    private var effects: [SimulatorEffect] = []
    private var timers: [Int: () -> Void] = [:]
    private var webhooks: [Int: (Result<HTTPResponse, WebhookFailure>) -> Void] = [:]
    private var lastID = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Runs `work` at a time and returns what it asked for. Time never goes backwards.
    func run(at time: Int64, _ work: () -> Void) -> [SimulatorEffect] {
        now = max(now, time)
        answerTime = now
        work()
        defer { effects = [] }
        return effects
    }

    /// Starts chance anew.
    func reseed(_ seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Asks for an effect.
    func emit(_ effect: SimulatorEffect) {
        effects.append(effect)
    }

    /// Runs `work` at a time (Unix milliseconds), at once when it has passed. The number cancels it.
    @discardableResult
    func at(_ time: Int64, _ work: @escaping () -> Void) -> Int {
        lastID += 1
        timers[lastID] = work
        emit(.schedule(timer: lastID, at: max(time, now)))
        return lastID
    }

    /// Runs `work` so many milliseconds from now.
    @discardableResult
    func after(_ delay: Int64, _ work: @escaping () -> Void) -> Int {
        at(Clock.sum(now, delay), work)
    }

    /// Forgets a timer; firing it later does nothing.
    func cancel(_ timer: Int?) {
        if let timer { timers[timer] = nil }
    }

    /// A timer came due.
    func fire(_ timer: Int) {
        timers.removeValue(forKey: timer)?()
    }

    /// Sends a request out and hands its result to `completion`.
    func call(_ request: WebhookRequest, _ completion: @escaping (Result<HTTPResponse, WebhookFailure>) -> Void) {
        lastID += 1
        webhooks[lastID] = completion
        emit(.callWebhook(id: lastID, request))
    }

    /// The result of a webhook came.
    func answered(_ webhook: Int, _ result: Result<HTTPResponse, WebhookFailure>) {
        webhooks.removeValue(forKey: webhook)?(result)
    }

    /// Forgets all timers and webhooks.
    func clear() {
        timers = [:]
        webhooks = [:]
    }

    /// True with this probability (0 to 1). Certain outcomes use up no chance.
    func chance(_ probability: Double) -> Bool {
        if probability >= 1 { return true }
        if probability <= 0 { return false }
        return random.unit() < probability
    }

    /// A number of the range, each as likely.
    func number(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound == range.upperBound ? range.lowerBound : Int64.random(in: range, using: &random)
    }
}
