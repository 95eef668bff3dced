/// The person or machine on the other side of a call: does the steps of its script.
final class Handset {
    private let kernel: Kernel
    private weak var call: Call?
    private var steps: [HandsetStep]
    private let exchange: CallExchange
    private var isOver = false

    init(_ call: Call, steps: [HandsetStep], exchange: CallExchange, kernel: Kernel) {
        self.call = call
        self.steps = steps
        self.exchange = exchange
        self.kernel = kernel
    }

    /// Begins with the first step.
    func begin() {
        next()
    }

    /// The call is over: only calling back remains.
    func end() {
        guard !isOver, let call else { return }
        isOver = true
        for case .callBack(let after, let steps) in steps { exchange.callBack(call, after: after, steps: steps) }
    }

    private func next() {
        while !isOver, let call, !steps.isEmpty {
            switch steps.removeFirst() {
            case .hear(let time):
                guard let runner = call.runner else { return wait(time) }
                return runner.whenRunning { [weak self] in self?.wait(time) }
            case .wait(let time): return wait(time)
            case .press(let digits): call.runner?.press(digits)
            case .say(let text): call.runner?.hear(text)
            case .hangup: return exchange.hangUp(call)
            case .callBack(let after, let steps): exchange.callBack(call, after: after, steps: steps)
            }
        }
    }

    private func wait(_ time: Int64) {
        guard let call, !isOver else { return }
        call.timers.append(kernel.after(time) { [weak self] in self?.next() })
    }
}
