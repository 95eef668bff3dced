import Forms
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Throughput")
struct ThroughputTests {
    @Test("two thousand messages go through the core with all callbacks, each once")
    func many() throws {
        let bench = try QueuedBench(["senders": ["12345": ["rate": "1000000/s"]], "log": 1000])
        let count = 2000
        for index in 0..<count { bench.create(to: "+4477\(10_000_000 + index)", at: Int64(index)) }
        bench.drain()
        #expect(bench.created == count)
        #expect(bench.statuses == ["queued": count, "sent": count, "delivered": count])
    }
}

/// A driver for many messages: timers in buckets by time, webhooks answered at once.
private final class QueuedBench {
    private let simulator: TwilioSimulator
    private var buckets: [Int64: [Int]] = [:]
    private var now: Int64 = 1_767_225_600_000
    private(set) var created = 0
    private(set) var statuses: [String: Int] = [:]

    init(_ script: JSONValue) throws {
        simulator = TwilioSimulator(
            script: try SimulatorScript(json: script), credentials: SimulatorBench.credentials, baseURL: "http://x")
    }

    func create(to: String, at offset: Int64) {
        let form = Form([("To", to), ("From", "12345"), ("Body", "Hi"), ("StatusCallback", "http://a.example/s")])
        let request = HTTPRequest(
            method: "POST", target: SimulatorBench.account + "/Messages.json",
            headers: HTTPHeaders([("Authorization", SimulatorBench.authorization)]), body: form.encode())
        run(simulator.handle(request, at: now, id: Int(offset)))
    }

    func drain() {
        while !buckets.isEmpty {
            for timer in buckets.removeValue(forKey: now) ?? [] { run(simulator.timerFired(timer, at: now)) }
            if buckets[now] == nil { now += 1 }
        }
    }

    private func run(_ effects: [SimulatorEffect]) {
        for effect in effects {
            switch effect {
            case .answer(_, let response): created += response.status == 201 ? 1 : 0
            case .schedule(let timer, let time):
                buckets[max(time, now), default: []].append(timer)
            case .callWebhook(let id, let request):
                statuses[Form(parsing: request.body)["MessageStatus"] ?? "", default: 0] += 1
                run(simulator.webhookAnswered(id, .success(HTTPResponse(status: 204)), at: now))
            }
        }
    }
}
