import JSON
import Patterns
import Testing

@testable import Gateway

@Suite("events of a delivery's notes")
struct EventProjectionTests {
    private static let number = "+447700900142"

    private static func id(_ raw: Int64) throws -> RecordID { try #require(RecordID(rawValue: raw)) }

    private static func job() throws -> DeliveryJob {
        var envelope = Envelope(to: .number(number), topic: "engine.hot", text: "Engine at 96 °C", template: nil)
        envelope.tenant = "shop"
        return DeliveryJob(
            delivery: try id(8), message: try id(7), created: Timestamp(milliseconds: 1), envelope: envelope,
            recipient: ResolvedRecipient(number: number, country: "GB", locale: "en", timeZone: "UTC"),
            policy: "first", snapshot: "s", rule: "r")
    }

    private static func projection() throws -> DeliveryEvents {
        let plan = DeliveryPlan(
            policy: "first", steps: [PlanStep(channel: "text", kind: .sms), PlanStep(channel: "phone", kind: .voice)])
        var text = AttemptState(step: 0)
        text.providerID = "SM1"
        return DeliveryEvents(
            try job(), plan: plan, attempts: [text, AttemptState(step: 1)], provider: { $0 == "gone" ? nil : "twilio" })
    }

    private static func events(_ notes: [DeliveryNote]) throws -> [GatewayEvent] {
        try projection().events(notes, row: 5, at: Timestamp(milliseconds: 1_795_000_000_000))
    }

    @Test("a row tells what others ask for, in the order of its notes, and keeps the rest")
    func told() throws {
        let notes: [DeliveryNote] = [
            .accepted, .started(step: 0), .queued(step: 0), .intent(attempt: 0), .submitted(attempt: 0),
            .evidence(attempt: 0, .accepted, .queued), .evidence(attempt: 0, .sent, .sent),
            .evidence(attempt: 0, .delivered, .delivered), .evidence(attempt: 0, .read, .read),
            .outcome(attempt: 0, .unacknowledged, code: 0), .progress(attempt: 1, .ringing),
            .progress(attempt: 1, .answered), .acknowledged(attempt: 1), .ended(.acked, late: false),
            .progress(attempt: 1, .ended),
        ]
        let events = try Self.events(notes)
        #expect(
            events.map(\.type) == [
                "message.accepted", "message.submitted", "message.sent", "message.delivered", "message.read",
                "message.failed", "call.ringing", "call.answered", "message.acknowledged", "call.ended",
            ])
        #expect(events.map(\.position) == events.map(\.position).sorted())
        #expect(Set(events.map(\.position.id)).count == events.count)
        #expect(events.allSatisfy { $0.position.sequence == 5 && $0.tenant == "shop" })
        #expect(
            events.map(\.alias) == [
                nil, nil, "twilio.sms.status", "twilio.sms.status", "twilio.sms.status", "twilio.sms.status",
                "twilio.voice.status", "twilio.voice.status", nil, "twilio.voice.status",
            ])
    }

    @Test("the end of an acknowledged delivery is an acknowledgement where the row has none of its own")
    func ended() throws {
        #expect(try Self.events([.ended(.acked, late: false)]).map(\.type) == ["message.acknowledged"])
        let ends = DeliveryPhase.allCases.filter(\.isTerminal)
        #expect(try ends.allSatisfy { try Self.events([.ended($0, late: false)]).count == 1 })
        #expect(!DeliveryEvents.tell([.started(step: 0), .staleTimer, .priced(attempt: 0, micros: 3)]))
    }

    @Test("an event names ids, codes and times in the form of CloudEvents 1.0, and neither text nor number")
    func form() throws {
        let event = try #require(try Self.events([.refused(attempt: 0, .invalidRecipient, code: 21211)]).first)
        let value = event.cloudEvent
        #expect(value["specversion"]?.string == "1.0")
        #expect(value["type"]?.string == "com.gateway.message.failed.v1")
        #expect(value["source"]?.string == "/gateway")
        #expect(value["id"]?.string == event.position.id)
        #expect(value["subject"]?.string == (try Self.id(7)).text(.message))
        #expect(value["time"]?.string == "2026-11-18T11:06:40.000Z")
        #expect(value["datacontenttype"]?.string == "application/json")
        #expect(value["data"]?["code"]?.int == 21211)
        #expect(value["data"]?["channel"]?.string == "text")
        #expect(value["data"]?["provider_id"]?.string == "SM1")
        #expect(value["data"]?["attempt"]?.int == 1)
        let text = String(decoding: value.bytes(), as: UTF8.self)
        #expect(!text.contains("900142") && !text.contains("96"))
        // Attribute names of CloudEvents are lower-case letters and digits.
        #expect((value.object?.keys ?? []).allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber } })
    }

    @Test("attempts that the state does not have are told without their channel, and make a reading stale")
    func unknownAttempt() throws {
        let event = try #require(try Self.events([.submitted(attempt: 2)]).first)
        #expect(event.data["channel"] == nil)
        #expect(event.data["attempt"]?.int == 3)
        let projection = try Self.projection()
        #expect(!projection.knows([.submitted(attempt: 2)]))
        #expect(projection.knows([.submitted(attempt: 1), .accepted, .acknowledged(attempt: nil)]))
    }

    @Test(
        "a filter takes whole types, short ones, aliases and globs of them",
        arguments: [
            ("com.gateway.message.delivered.v1", true), ("message.delivered", true), ("message.*", true),
            ("twilio.sms.status", true), ("twilio.*", true), ("com.gateway.*", true), ("message", false),
            ("message.sent", false), ("twilio.voice.*", false), ("*.inbound", false),
        ])
    func types(_ pattern: String, _ isWanted: Bool) throws {
        let event = try #require(try Self.events([.evidence(attempt: 0, .delivered, .delivered)]).first)
        #expect(EventFilter(types: [Glob(pattern)], tenant: nil).admits(event) == isWanted)
        #expect(EventFilter(types: [Glob("x"), Glob(pattern)], tenant: "shop").admits(event) == isWanted)
    }

    @Test("a filter takes a message or a delivery as the subject, and keeps tenants apart")
    func subjects() throws {
        var event = try #require(try Self.events([.accepted]).first)
        let (message, delivery) = (try Self.id(7).text(.message), try Self.id(8).text(.delivery))
        #expect(EventFilter(subject: message, tenant: nil).admits(event))
        #expect(EventFilter(subject: delivery, tenant: "shop").admits(event))
        #expect(!EventFilter(subject: try Self.id(9).text(.message), tenant: nil).admits(event))
        #expect(!EventFilter(tenant: "other").admits(event))
        event.tenant = nil
        #expect(EventFilter(tenant: "other").admits(event))
    }

    @Test("a damaged row of what is published tells nothing; one of a later version keeps its type")
    func published() {
        var record = PublishedRecord(
            sequence: 9, at: Timestamp(milliseconds: 0), type: "later.thing", subject: "x", tenant: nil,
            body: Array(#"{"a":1}"#.utf8))
        #expect(PublishedEvents.event(record)?.fullType == "com.gateway.later.thing.v1")
        record.body = Array("[".utf8)
        #expect(PublishedEvents.event(record) == nil)
    }
}
