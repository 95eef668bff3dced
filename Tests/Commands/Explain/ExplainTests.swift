import JSON
import Testing

@testable import Assembly

@Suite("explain")
struct ExplainTests {
    static let config = TestFolder.fixture("good.yaml")

    static func run(_ arguments: [String], now: Int64 = TestRun.noon) -> (run: TestRun, status: Int32) {
        let run = TestRun(now: now)
        return (run, run.run(["explain", "--config", config] + arguments))
    }

    @Test("rules, plan and clocks are told in the recipient's local time")
    func text() {
        let (run, status) = Self.run(["--envelope", TestFolder.fixture("message.json")])
        #expect(status == 0)
        #expect(run.errors.text.isEmpty)
        #expect(
            run.output.text == """
                To +41791234567: CH, Europe/Zurich, locale en

                Rules, in the order in which they were tried
                  no card numbers  no: text: { contains: card_number } does not hold
                  alerts           matches

                Policy 'urgent', by the rule 'alerts'
                  starts   Mon 2026-11-23 12:00:00 CET
                  expires  Mon 2026-11-23 18:00:00 CET
                  costs    at most 0.05 USD

                Plan, while nobody answers
                  1. sms        at 12:00:00
                     submit_within 2m, queue_within 10m, deliver_within 2m, ack_within 10m
                     1 segment, GSM-7
                     | Pump is due
                  2. voice      between 12:02:00 and 12:12:00
                     submit_within 2m, ring_timeout 30s, max_duration 3m
                     | Pump is due

                A step that fails moves on at once. Waiting in line, holds and quiet hours move the times back.

                """)
    }

    @Test("options describe the message as well as a file does")
    func options() throws {
        let arguments = [
            "--to", "+41791234567", "--topic", "warranty.expiring", "--priority", "high", "--template", "due",
            "--variable", "item=Pump",
        ]
        let file = Self.run(["--envelope", TestFolder.fixture("message.json"), "-o", "json"])
        let options = Self.run(arguments + ["-o", "json"])
        #expect(try options.run.json() == file.run.json())
        #expect(try options.run.json()["recipients"]?[0]?["policy"] == "urgent")
    }

    @Test("quiet hours that hold now are shown with their end")
    func quiet() {
        // 23:00 in Zurich.
        let (run, status) = Self.run(
            ["--envelope", TestFolder.fixture("message.json")], now: TestRun.noon + 11 * 3_600_000)
        #expect(status == 0)
        #expect(run.output.text.contains("quiet hours now: waits until Tue 2026-11-24 07:00:00 CET"))
    }

    @Test("a message that a rule rejects is explained, with the rule")
    func rejected() {
        let (run, status) = Self.run(["--to", "+41791234567", "--text", "4111 1111 1111 1111"])
        #expect(status == 0)
        #expect(run.output.lines.last == "Rejected by the rule 'no card numbers': card numbers are never sent")
    }

    @Test(
        "who cannot be reached is refused with the reason",
        arguments: [
            ("contact:anna", "Without a running gateway, name a number."),
            ("boat:b1", "Without a running gateway, name a number."), ("+12025550123", "numbers of US are not allowed"),
            ("+4179", "fewer than 7 digits"),
        ])
    func recipients(to: String, message: String) {
        let (run, status) = Self.run(["--to", to, "--text", "x"])
        #expect(status == 1)
        #expect(run.errors.text.contains(message))
    }

    @Test("a configuration with errors is named with all of them")
    func broken() {
        let run = TestRun()
        #expect(run.run("explain", "-c", TestFolder.fixture("broken.yaml"), "--to", "+41791234567", "--text", "x") == 1)
        #expect(run.errors.lines.count == 3)
        #expect(run.errors.lines.first == "gateway: the configuration has errors")
    }

    @Test("warnings of the configuration go to standard error and stop nothing")
    func warned() {
        let run = TestRun()
        #expect(
            run.run("explain", "-c", TestFolder.fixture("warning.yaml"), "--to", "+41791234567", "--text", "x") == 0)
        #expect(run.errors.text.contains("[no_approved_template]"))
        #expect(run.output.text.contains("Policy 'plain'"))
    }

    @Test("a review that a rule or the policy asks for is told")
    func review() {
        let file = TestFolder.fixture("review.yaml")
        for topic in ["offer.new", "other"] {
            let run = TestRun(now: TestRun.noon)
            let status = run.run(["explain", "--config", file, "--to", "+41791234567", "--topic", topic, "--text", "x"])
            #expect(status == 0)
            let expected = "review   somebody must approve it within 8h"
            #expect(run.output.text.contains(expected) == (topic == "offer.new"))
        }
    }
}
