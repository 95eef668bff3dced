import JSON
import Testing

@testable import Assembly

@Suite("send and timeline")
struct SendTests {
    static let accepted: JSONValue = [
        "id": "msg_1", "state": "accepted",
        "deliveries": [
            [
                "id": "dlv_1", "to": "+41791234567", "policy": "urgent", "rule": "alerts", "plan": ["whatsapp", "sms"],
                "cost_bound": ["amount": "0.13", "currency": "USD"],
            ]
        ],
    ]

    @Test("the answer is shown with its id, state and plan")
    func send() {
        let run = TestRun.online([(202, Self.accepted)])
        #expect(run.run("send", "--to", "+41791234567", "--text", "x", "--idempotency-key", "k1") == 0)
        #expect(
            run.output.text == """
                msg_1  accepted
                TO            RULE    POLICY  PLAN           COSTS AT MOST
                +41791234567  alerts  urgent  whatsapp, sms  0.13 USD

                """)
        #expect(run.api.requests.map(\.method) == ["POST"])
        #expect(run.api.requests.first?.path == "/v1/messages")
        #expect(run.api.requests.first?.idempotencyKey == "k1")
    }

    @Test("-o json gives the answer as it is")
    func sendJSON() throws {
        let run = TestRun.online([(202, Self.accepted)])
        #expect(run.run("send", "--to", "+41791234567", "--text", "x", "-o", "json") == 0)
        #expect(try run.json() == Self.accepted)
    }

    @Test("a refusal is told with the rule and every fault, and exits with 1")
    func refused() {
        let problem: JSONValue = [
            "code": "rejected_by_rule", "detail": "card numbers are never sent", "rule": "no card numbers",
            "errors": [["pointer": "/text", "detail": "holds a card number"]],
        ]
        let run = TestRun.online([(422, problem)])
        #expect(run.run("send", "--to", "+41791234567", "--text", "x") == 1)
        #expect(run.output.text.isEmpty)
        #expect(
            run.errors.text == """
                gateway: card numbers are never sent
                  rule: no card numbers
                  /text: holds a card number

                """)
    }

    @Test("an error without a problem still says its status")
    func bareError() {
        let run = TestRun.online([(502, .null)])
        #expect(run.run("send", "--to", "+41791234567", "--text", "x") == 1)
        #expect(run.errors.text == "gateway: the gateway answered with status 502\n")
    }

    @Test("--follow asks every 300 ms until the message is done")
    func follow() {
        let story = TimelinePrinterTests.story
        let run = TestRun.online([
            (202, Self.accepted), (200, TimelinePrinterTests.timeline(Array(story[..<1]))),
            (200, TimelinePrinterTests.timeline(Array(story[..<1]))), (200, TimelinePrinterTests.timeline(story)),
        ])
        #expect(run.run("send", "--to", "+41791234567", "--text", "x", "--follow") == 0)
        #expect(run.paused == [.milliseconds(300), .milliseconds(300)])
        #expect(run.output.lines.count == 3 + 1 + story.count)
        #expect(run.output.lines.last?.hasSuffix("done: acked") == true)
        #expect(run.api.requests.last?.path == "/v1/messages/msg_1/timeline")
    }

    @Test("a timeline is shown once without --follow, also of an open message")
    func timeline() {
        let run = TestRun.online([(200, TimelinePrinterTests.timeline(Array(TimelinePrinterTests.story[..<3])))])
        #expect(run.run("timeline", "msg_1") == 0)
        #expect(run.output.lines.count == 4)
        #expect(run.paused.isEmpty)
    }

    @Test("a followed timeline in JSON is one entry a line")
    func followJSON() throws {
        let story = TimelinePrinterTests.story
        let run = TestRun.online([
            (200, TimelinePrinterTests.timeline(Array(story[..<5]))), (200, TimelinePrinterTests.timeline(story)),
        ])
        #expect(run.run("timeline", "msg_1", "-f", "-o", "json") == 0)
        #expect(try run.output.lines.map { try JSONValue(parsing: $0) } == story)
    }

    @Test("an id cannot leave its place in the path")
    func hostileID() {
        let run = TestRun.online([(404, ["detail": "There is nothing with this id."])])
        #expect(run.run("timeline", "../keys?x=#") == 1)
        #expect(run.api.requests.first?.path == "/v1/messages/..%2Fkeys%3Fx%3D%23/timeline")
    }

    @Test("colours are written on a terminal alone")
    func colours() {
        let answers = [APIAnswer(status: 202, value: Self.accepted)]
        let plain = TestRun(files: TestRun.dataFolder, answers: answers)
        #expect(plain.run("send", "--to", "+1", "--text", "x") == 0)
        #expect(!plain.output.text.contains("\u{1B}"))
        let coloured = TestRun(files: TestRun.dataFolder, answers: answers, paint: Paint(isOn: true))
        #expect(coloured.run("send", "--to", "+1", "--text", "x") == 0)
        #expect(coloured.output.text.contains("\u{1B}[1mmsg_1\u{1B}[0m"))
    }
}
