import JSON
import Testing

@testable import Assembly

@Suite("Timeline printer")
struct TimelinePrinterTests {
    static func entry(_ second: String, _ event: String, _ rest: JSONObject = [:], of delivery: String = "dlv_1a2b")
        -> JSONValue
    {
        var entry: JSONObject = [
            "at": .string("2026-11-23T18:\(second)Z"), "delivery": .string(delivery), "event": .string(event),
        ]
        for member in rest.members { entry[member.key] = member.value }
        return .object(entry)
    }

    static func timeline(_ entries: [JSONValue]) -> JSONValue { ["id": "msg_1", "events": .array(entries)] }

    static let story = [
        entry("31:00.250", "accepted"),
        entry("31:00.250", "started", ["step": 1, "channel": "whatsapp"]),
        entry("31:00.250", "queued", ["step": 1, "channel": "whatsapp"]),
        entry("31:00.260", "intent", ["attempt": 1]),
        entry("31:00.500", "evidence", ["attempt": 1, "level": "sent", "status": "sent"]),
        entry("34:00.500", "clock", ["step": 1, "clock": "deliver_within"]),
        entry("34:00.500", "started", ["step": 2, "channel": "sms"]),
        entry("34:00.510", "intent", ["attempt": 2]),
        entry("34:01.000", "evidence", ["attempt": 1, "level": "delivered", "status": "delivered"]),
        entry("34:02.000", "evidence", ["attempt": 2, "level": "delivered", "status": "delivered"]),
        entry("34:05.000", "acknowledged", ["attempt": 2]),
        entry("34:05.000", "ended", ["state": "acked", "late": false]),
    ]

    @Test("a delivery reads from top to bottom, every attempt under the channel of its step")
    func story() {
        var printer = TimelinePrinter(paint: .off)
        #expect(
            printer.lines(Self.timeline(Self.story)).joined(separator: "\n") == """
                msg_1 began at 2026-11-23T18:31:00.250Z
                    +0.000s              stored
                    +0.000s  whatsapp    step 1 starts
                    +0.000s  whatsapp    waits in line
                    +0.010s  whatsapp    attempt 1 is committed and goes out
                    +0.250s  whatsapp    sent
                 +3m00.250s  whatsapp    clock deliver_within ran out
                 +3m00.250s  sms         step 2 starts
                 +3m00.260s  sms         attempt 2 is committed and goes out
                 +3m00.750s  whatsapp    delivered
                 +3m01.750s  sms         delivered
                 +3m04.750s  sms         acknowledged by the person
                 +3m04.750s              done: acked
                """)
        #expect(printer.isDone)
    }

    @Test("only what is new is written")
    func onlyNew() {
        var printer = TimelinePrinter(paint: .off)
        #expect(printer.lines(Self.timeline([])).isEmpty)
        #expect(printer.lines(Self.timeline(Array(Self.story[..<4]))).count == 5)
        #expect(printer.lines(Self.timeline(Array(Self.story[..<4]))).isEmpty)
        #expect(!printer.isDone)
        let rest = printer.lines(Self.timeline(Self.story))
        #expect(rest.count == 8)
        #expect(rest.first?.contains("whatsapp    sent") == true)
    }

    @Test("several deliveries are told apart and mixed by time")
    func severalDeliveries() {
        var printer = TimelinePrinter(paint: .off)
        let entries = [
            Self.entry("31:00.000", "accepted", of: "dlv_0aaaa"),
            Self.entry("31:09.000", "ended", ["state": "satisfied"], of: "dlv_0aaaa"),
            Self.entry("31:00.000", "accepted", of: "dlv_0bbbb"), Self.entry("31:04.000", "rejected", of: "dlv_0bbbb"),
        ]
        let lines = printer.lines(Self.timeline(entries)).dropFirst()
        #expect(lines.map { String($0.dropFirst(13).prefix(5)) } == ["…aaaa", "…bbbb", "…bbbb", "…aaaa"])
        #expect(!printer.isDone)
        _ = printer.lines(
            Self.timeline(entries + [Self.entry("31:10.000", "ended", ["state": "rejected"], of: "dlv_0bbbb")]))
        #expect(printer.isDone)
    }

    @Test("a second attempt of a step that waited again belongs to that step")
    func retry() {
        var printer = TimelinePrinter(paint: .off)
        let lines = printer.lines(
            Self.timeline([
                Self.entry("31:00.000", "started", ["step": 1, "channel": "sms"]),
                Self.entry("31:00.000", "intent", ["attempt": 1]),
                Self.entry("31:01.000", "held", ["step": 1, "channel": "sms", "reason": "back_off"]),
                Self.entry("31:02.000", "queued", ["step": 1, "channel": "sms"]),
                Self.entry("31:02.000", "intent", ["attempt": 2]),
                Self.entry("31:03.000", "outcome", ["attempt": 2, "outcome": "undelivered", "code": 30003]),
            ]))
        #expect(lines.last == "    +3.000s  sms         ended: undelivered, code 30003")
    }

    @Test("what comes from outside cannot command the terminal")
    func hostile() {
        var printer = TimelinePrinter(paint: Paint(isOn: true))
        let lines = printer.lines(
            [
                "id": "msg\u{1B}[2J",
                "events": [Self.entry("31:00.000", "held\u{1B}]0;x", ["step": 1, "channel": "\u{1B}c"])],
            ])
        #expect(lines.count == 2)
        for line in lines {
            #expect(!line.contains("\u{1B}[2J") && !line.contains("\u{1B}]") && !line.contains("\u{1B}c"))
        }
    }

    @Test(
        "spans are short",
        arguments: [
            (-5, "+0.000s"), (0, "+0.000s"), (59_999, "+59.999s"), (60_000, "+1m00.000s"), (3_599_001, "+59m59.001s"),
            (3_600_000, "+1h00m00s"), (90_061_000, "+1d01h01m"),
        ] as [(Int64, String)])
    func spans(milliseconds: Int64, text: String) {
        #expect(TimelinePrinter.span(milliseconds) == text)
    }
}
