import JSON
import SimulatedDisk
import Testing

@testable import Gateway
@testable import MemoryStore
@testable import Server

@Suite("Stories of many recipients under one message")
struct MailingStories {
    static let policy = """
          first:
            success: delivered
            expires: 24h
            fallback: [{ channel: sms, template: alert, deliver_within: 10m }]
        """

    static func gateway(
        rate: String = "1000/s", seed: UInt64 = 1, disk: StoryDisk? = nil, sections: String = ""
    ) throws -> VirtualGateway {
        var story = StoryConfiguration(policy)
        story.sections = sections
        story.smsRate = rate
        story.idleLimit = 20_000
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.world["senders"] = .object([StoryConfiguration.sender: ["type": "short_code", "rate": "1000/s"]])
        return try VirtualGateway(story, seed: seed, disk: disk)
    }

    static func number(_ index: Int) -> String { "+417911\(String(100_000 + index).dropFirst())" }

    /// A batch to so many numbers; each whose index is divisible by `bad` is no number.
    static func batch(_ count: Int, bad: Int = .max, _ change: (inout JSONObject) -> Void = { _ in }) -> JSONValue {
        let recipients = (0..<count).map { index -> JSONValue in
            let to = index % bad == bad - 1 ? "+0\(index)" : number(index)
            return ["to": .string(to), "variables": ["item": .string("Pump \(index)")]]
        }
        var body: JSONObject = ["template": "alert", "priority": "low", "recipients": .array(recipients)]
        change(&body)
        return .object(body)
    }

    static func progress(_ id: RecordID, _ gateway: VirtualGateway) throws -> MailingProgress {
        try MailingProgress(try #require(try gateway.records.progress(ofMailing: id)).blob)
    }

    private func texts(_ gateway: VirtualGateway) throws -> [String] {
        try gateway.texts("sms").compactMap { $0.form["To"] }
    }

    @Test("every good number gets its own text once, bad and repeated ones are told apart, and the counts agree")
    func life() throws {
        let gateway = try Self.gateway()
        var recipients = Self.batch(250, bad: 50)["recipients"]?.array ?? []
        // The same number in another way of writing.
        recipients.append(["to": "+41 79 110 00 07", "variables": ["item": "again"]])
        recipients.append(["to": .string(Self.number(300))])
        let (id, ticket) = try gateway.accept(batch: Self.batch(0) { $0["recipients"] = .array(recipients) })
        gateway.run(for: .milliseconds(1))
        guard case .accepted(let answer) = gateway.answers[ticket] else { throw StoryError(text: "not accepted") }
        #expect(try JSONValue(parsing: answer)["recipients"]?["rejected"] == 6)
        gateway.run(for: .seconds(60))
        let progress = try Self.progress(id, gateway)
        #expect(progress.rejections == ["invalid_number": 5, "duplicate_recipient": 1, "missing_variable": 1])
        #expect(progress.accepted == 245)
        #expect(progress[.satisfied] == 245)
        #expect(!progress.isOpen)
        #expect(gateway.core?.gauges.mailings == 0)
        let good = (0..<250).filter { $0 % 50 != 49 }.map(Self.number)
        #expect(try texts(gateway).sorted() == good.sorted())
        #expect(try gateway.texts("sms", to: Self.number(17)).first?.form["Body"]?.hasPrefix("Pump 17:") == true)
        #expect(gateway.violations().isEmpty)
        try views(id, gateway)
    }

    private func views(_ id: RecordID, _ gateway: VirtualGateway) throws {
        let views = MailingViews(records: gateway.records, tenant: "default")
        let whole = try #require(try views.mailing(id))
        #expect(whole["state"] == "done")
        #expect(whole["deliveries"]?["delivered"] == 245)
        #expect(try MailingViews(records: gateway.records, tenant: "other").mailing(id) == nil)
        let rejected = try #require(try views.recipients(id, state: "rejected", after: nil, limit: 500))
        let pointers = (rejected["data"]?.array ?? []).map { $0["pointer"]?.string ?? "" }
        #expect(
            pointers == [49, 99, 149, 199, 249, 250].map { "/recipients/\($0)/to" } + ["/recipients/251/variables/item"]
        )
        #expect(rejected["next_cursor"] == .null)
        let page = try #require(try views.recipients(id, state: nil, after: 99, limit: 3))
        #expect((page["data"]?.array ?? []).compactMap { $0["index"]?.int } == [100, 101, 102])
        #expect(page["data"]?[0]?["state"] == "satisfied")
        #expect(page["next_cursor"] == "102")
    }

    @Test("while its sender is slow, few recipients are in memory, and a critical alert goes next")
    func slow() throws {
        let gateway = try Self.gateway(rate: "10/s")
        let (id, _) = try gateway.accept(batch: Self.batch(3_000))
        gateway.run(for: .seconds(30))
        let progress = try Self.progress(id, gateway)
        // As many as may be busy, what was sent, and one part more.
        #expect((2_000...2_400).contains(progress.accepted), "\(progress)")
        #expect(gateway.core?.live.count ?? 0 < 2_500)
        #expect(gateway.core?.gauges.mailingRecipients == 3_000 - progress.accepted)
        let before = gateway.now
        let critical = try gateway.send(
            ["to": "+447700900142", "template": "alert", "variables": ["item": "x"], "priority": "critical"])
        gateway.run(for: .seconds(2))
        let sent = try gateway.time(critical) { if case .intent = $0 { true } else { false } }
        #expect(sent - before <= .milliseconds(100), gateway.told(critical))
        gateway.run(for: .seconds(360))
        #expect(try Self.progress(id, gateway)[.satisfied] == 3_000)
        #expect(try Set(texts(gateway)).count == 3_001)
        #expect(try texts(gateway).count == 3_001)
    }

    @Test("two batches are worked off in turns")
    func turns() throws {
        let gateway = try Self.gateway(rate: "100/s")
        let (first, _) = try gateway.accept(batch: Self.batch(1_500))
        gateway.run(for: .milliseconds(5))
        let (second, _) = try gateway.accept(batch: Self.batch(300))
        gateway.run(for: .milliseconds(20))
        #expect(try Self.progress(second, gateway).accepted == 300)
        #expect(try Self.progress(first, gateway).accepted < 1_400)
    }

    @Test("cancelled, nothing more is sent, and what was not sent is told apart from what was")
    func cancelled() throws {
        let gateway = try Self.gateway(rate: "10/s")
        let (id, _) = try gateway.accept(batch: Self.batch(3_000))
        gateway.run(for: .seconds(20))
        gateway.cancel(batch: id)
        gateway.run(for: .seconds(10))
        let sent = try texts(gateway).count
        #expect((190...230).contains(sent))
        let progress = try Self.progress(id, gateway)
        #expect(!progress.isOpen)
        #expect(progress.isCancelled)
        #expect(progress[.cancelled] + progress[.satisfied] == progress.accepted)
        #expect(progress[.satisfied] > 150)
        gateway.run(for: .seconds(3_600))
        #expect(try texts(gateway).count == sent)
        let views = MailingViews(records: gateway.records, tenant: "default")
        #expect(try views.mailing(id)?["state"] == "cancelled")
        #expect(try views.recipients(id, state: nil, after: 2_998, limit: 5)?["data"]?[0]?["state"] == "cancelled")
        #expect(try views.recipients(id, state: "satisfied", after: nil, limit: 1)?["data"]?[0]?["index"] == 0)
    }

    @Test("a cancellation that is cut off is finished after the restart")
    func cancelledAndKilled() throws {
        let gateway = try Self.gateway(rate: "1/s")
        let (id, _) = try gateway.accept(batch: Self.batch(1_000))
        gateway.run(for: .seconds(5))
        gateway.cancel(batch: id)
        gateway.run(for: .milliseconds(8))
        #expect(try Self.progress(id, gateway).hasWork)
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(30))
        let progress = try Self.progress(id, gateway)
        #expect(!progress.isOpen)
        #expect(progress[.cancelled] + progress[.satisfied] == 1_000)
        #expect(try texts(gateway).count < 10)
    }

    @Test("expires runs from when the batch was accepted, or from send_at, however late a part becomes messages")
    func expires() throws {
        let gateway = try Self.gateway(rate: "10/s")
        let (id, _) = try gateway.accept(batch: Self.batch(3_000) { $0["expires_in"] = "60s" })
        gateway.run(for: .seconds(400))
        let progress = try Self.progress(id, gateway)
        #expect(progress[.expired] + progress[.satisfied] == 3_000)
        #expect((580...620).contains(progress[.satisfied]), "\(progress)")
        let later = Timestamp(milliseconds: gateway.now.milliseconds + 3_600_000)
        let (planned, _) = try gateway.accept(
            batch: Self.batch(120) {
                $0["expires_in"] = "60s"
                $0["send_at"] = .string(MessageViews.time(later))
            })
        gateway.run(for: .seconds(3_500))
        #expect(try Self.progress(planned, gateway)[.scheduled] == 120)
        gateway.run(for: .seconds(200))
        #expect(try Self.progress(planned, gateway)[.satisfied] == 120)
    }

    @Test("under pressure no further part becomes messages; afterwards it goes on")
    func pressure() throws {
        let gateway = try Self.gateway()
        gateway.set(underPressure: true)
        let (id, _) = try gateway.accept(batch: Self.batch(300))
        gateway.run(for: .seconds(10))
        #expect(try Self.progress(id, gateway).accepted == 0)
        gateway.set(underPressure: false)
        gateway.run(for: .seconds(10))
        #expect(try Self.progress(id, gateway)[.satisfied] == 300)
    }

    @Test("a key's daily cap refuses those beyond it, one by one")
    func caps() throws {
        let gateway = try Self.gateway(sections: #"prices: { sms: { out: { per: segment, "*": 0.01 USD } } }"#)
        var key = KeyRecord(id: "k", name: "", hash: "", scopes: [], tenant: "default", created: gateway.now)
        key.dailySpend = 1_200_000
        try gateway.records.put(key)
        gateway.crash()
        try gateway.restart()
        let (id, _) = try gateway.accept(batch: Self.batch(150), key: key)
        gateway.run(for: .seconds(60))
        let progress = try Self.progress(id, gateway)
        #expect(progress.rejections == ["cap_reached": 30])
        #expect(progress[.satisfied] == 120)
        let spent = try gateway.store.spends(onDay: SpendRecord.day(of: gateway.now))
        #expect(spent.map(\.micros) == [1_200_000])
    }

    @Test("a repeated request is answered as before, and makes no second batch")
    func repeated() throws {
        let gateway = try Self.gateway()
        let key = IdempotencyKey(key: "k", fingerprint: "f")
        let (first, one) = try gateway.accept(batch: Self.batch(50), idempotency: key)
        let (second, two) = try gateway.accept(batch: Self.batch(50), idempotency: key)
        gateway.run(for: .seconds(30))
        guard case .accepted(let answer) = gateway.answers[one] else { throw StoryError(text: "not accepted") }
        #expect(gateway.answers[two] == .replayed(answer))
        #expect(try gateway.records.mailing(first) != nil)
        #expect(try gateway.records.mailing(second) == nil)
        #expect(try texts(gateway).count == 50)
    }

    @Test("more recipients than a batch takes are refused, and nothing of them stays")
    func tooMany() throws {
        let gateway = try Self.gateway()
        let text =
            #"{"text":"x","recipients":["# + Array(repeating: #"{"to":"+1"}"#, count: 100_001).joined(separator: ",")
        for (body, code) in [
            (text + "]}", "too_many_recipients"), (text, "too_many_recipients"), (text.prefix(5_000) + "", "bad_json"),
        ] {
            let key = KeyRecord(id: "", name: "", hash: "", scopes: [], tenant: "default", created: gateway.now)
            let problem = #expect(throws: Problem.self) {
                try gateway.mailings?.read(Array(body.utf8), key, gateway.directory)
            }
            #expect(problem?.code == code)
        }
        #expect(gateway.store.read { $0.mailings.parts.count } == 0)
    }

    @Test("a late receipt is counted although the batch was over")
    func late() throws {
        var story = StoryConfiguration(
            """
              first:
                expires: 5m
                fallback:
                  - { channel: sms, template: alert, submit_within: 10s, queue_within: 10s, deliver_within: 10s }
            """)
        story.phones = ["default": ["sms": ["deliver": "120s"]]]
        let gateway = try VirtualGateway(story)
        let (id, _) = try gateway.accept(batch: Self.batch(3))
        gateway.run(for: .seconds(90))
        #expect(try !Self.progress(id, gateway).isOpen)
        #expect(try Self.progress(id, gateway)[.satisfied] == 0)
        gateway.run(for: .seconds(120))
        #expect(try Self.progress(id, gateway)[.satisfied] == 3)
        #expect(gateway.core?.gauges.mailings == 0)
    }
}
