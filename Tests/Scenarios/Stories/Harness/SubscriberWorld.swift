import Crypto
import JSON

@testable import Gateway

/// Subscribers beside a virtual gateway: what its commits leave is told them in virtual time.
final class SubscriberWorld {
    let gateway: VirtualGateway
    private var desk: SubscriptionDesk
    private var wake: Timestamp?
    private var random = SeededRandom(seed: 7)
    /// How receivers answer.
    var receiver: (ProviderRequest) -> ProviderAnswer = { _ in .answered(status: 204, headers: [], body: []) }
    /// Every request, and whether it was taken.
    private(set) var received: [Received] = []
    var age: Duration?

    struct Received {
        var time: Timestamp
        var request: ProviderRequest
        var isTaken: Bool
        var event: JSONValue { (try? JSONValue(parsing: request.body)) ?? .null }
        func field(_ name: String) -> String? { request.headers.first { $0.isNamed(name) }?.value }
    }

    init(_ gateway: VirtualGateway) {
        self.gateway = gateway
        desk = SubscriptionDesk(
            [], replays: [], feed: EventFeed(records: gateway.records, directory: gateway.directory))
    }

    /// How far the wall clock of the subscribers' thread is set ahead.
    var shift = Duration.zero
    private var now: Timestamp { gateway.now + shift }

    private var feed: EventFeed { EventFeed(records: gateway.records, directory: gateway.directory) }

    static let secret = [UInt8](repeating: 7, count: 32)

    /// Somebody subscribes to what happens from now on.
    @discardableResult
    func subscribe(
        _ url: String = "https://hooks.test/a", types: [String] = [], after: EventPosition = .start,
        _ change: (inout SubscriptionRecord) -> Void = { _ in }
    ) throws -> RecordID {
        let raw = Int64(received.count + desk.progress.count + 1)
        guard let id = RecordID(rawValue: raw) else { throw StoryError(text: "no id") }
        var record = SubscriptionRecord(
            id: id, tenant: "default", url: url, secret: Self.secret, created: gateway.now)
        record.types = types
        change(&record)
        let progress = SubscriptionProgress(after: after)
        try gateway.records.put(record, progress)
        desk.add(record, progress)
        return record.id
    }

    func progress(_ id: RecordID) -> SubscriptionProgress? { desk.progress[id] }

    func replay(_ id: RecordID, after position: EventPosition) { desk.replay(id, after: position) }

    func replay(_ id: RecordID) throws {
        desk.replay(id, try gateway.records.deadLetters(of: id, after: .start, limit: 100))
    }

    func remove(_ id: RecordID) { desk.remove(id) }

    /// Writes what the thread would write, and starts again from it.
    func restart() throws {
        try save()
        desk = SubscriptionDesk(
            try gateway.records.subscriptions(), replays: try gateway.records.replayedLetters(), feed: feed)
        desk.noteNews()
    }

    func save() throws {
        let changes = desk.changes(all: true)
        try gateway.records.save(changes)
        desk.noteSaved(changes)
    }

    /// Gateway and subscribers run for so long.
    func run(for span: Duration) {
        let end = gateway.now + span
        while gateway.now < end {
            gateway.run(until: min(end, min(wake ?? end, gateway.now + .seconds(10))))
            desk.noteNews()
            work()
        }
    }

    private func work() {
        while true {
            let (requests, next) = desk.pass(feed, now: now, age: age)
            wake = next.map { max($0 + (.zero - shift), gateway.now + .milliseconds(1)) }
            guard !requests.isEmpty else { return }
            for request in requests {
                let answer = receiver(request.request)
                let isTaken = (200..<300).contains(answer.status ?? 0)
                received.append(Received(time: gateway.now, request: request.request, isTaken: isTaken))
                desk.cameBack(request.subscription, answer, now: now, jitter: random.unit())
            }
        }
    }

    /// The ids of the events that were taken, in order.
    var taken: [String] { received.filter(\.isTaken).compactMap { $0.event["id"]?.string } }
}
