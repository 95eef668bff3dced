import JSON
import Testing

@testable import Assembly

@Suite("gateway send --file, gateway batch")
struct BatchCommandTests {
    private static func batch(_ state: String, waiting: Int64, rejected: Int64, open: Int64, delivered: Int64)
        -> JSONValue
    {
        [
            "id": "bat_1", "state": .string(state),
            "recipients": [
                "total": 3, "waiting": .integer(waiting), "accepted": .integer(3 - waiting - rejected),
                "rejected": .integer(rejected), "cancelled": 0,
            ],
            "rejections": rejected == 0 ? [:] : ["invalid_number": .integer(rejected)],
            "deliveries": ["open": .integer(open), "delivered": .integer(delivered), "failed": 0, "cancelled": 0],
        ]
    }

    private static let page: JSONValue = [
        "data": [
            [
                "index": 1, "to": "+0", "state": "rejected", "code": "invalid_number", "detail": "this is no number",
                "pointer": "/recipients/1/to",
            ]
        ], "next_cursor": .null,
    ]
    private static let empty: JSONValue = ["data": [], "next_cursor": .null]

    @Test("a file is sent as one batch; bad rows and refused recipients are told with their lines")
    func send() {
        let csv = "to,item\n+41791110001,Pump\n+0,Mast\nshort\n+41791110003,Sail\n"
        let run = TestRun.online(
            [
                (202, Self.batch("running", waiting: 2, rejected: 1, open: 0, delivered: 0)),
                (200, Self.batch("running", waiting: 2, rejected: 1, open: 0, delivered: 0)), (200, Self.page),
            ], files: ["people.csv": csv])
        let status = run.run("send", "--file", "people.csv", "--template", "alert", "--idempotency-key", "k")
        #expect(status == 1)
        let request = run.api.requests.first
        #expect(request?.path == "/v1/batches")
        #expect(request?.idempotencyKey == "k")
        #expect(request?.body?["template"] == "alert")
        #expect(request?.body?["recipients"]?.array?.count == 3)
        #expect(request?.body?["recipients"]?[2] == ["to": "+41791110003", "variables": ["item": "Sail"]])
        #expect(
            run.errors.text == """
                gateway: people.csv:4: has 1 fields, not 2
                gateway: people.csv:3: +0: this is no number [invalid_number]

                """)
        #expect(run.output.lines.first == "bat_1  running")
        #expect(run.output.lines.last == "  rejected, invalid_number: 1")
    }

    @Test("followed, a line is written for each change, until it is done")
    func follow() {
        let run = TestRun.online([
            (200, Self.batch("running", waiting: 3, rejected: 0, open: 0, delivered: 0)),
            (200, Self.batch("running", waiting: 3, rejected: 0, open: 0, delivered: 0)),
            (200, Self.batch("running", waiting: 0, rejected: 0, open: 2, delivered: 1)),
            (200, Self.batch("done", waiting: 0, rejected: 0, open: 0, delivered: 3)),
        ])
        #expect(run.run("batch", "bat_1", "--follow") == 0)
        #expect(run.paused == [.milliseconds(500), .milliseconds(500), .milliseconds(500)])
        #expect(
            run.output.lines == [
                "3 recipients: 0 accepted, 0 rejected, 3 waiting; deliveries: 0 open, 0 delivered, 0 failed, 0 cancelled",
                "3 recipients: 3 accepted, 0 rejected, 0 waiting; deliveries: 2 open, 1 delivered, 0 failed, 0 cancelled",
                "bat_1  done",
                "3 recipients: 3 accepted, 0 rejected, 0 waiting; deliveries: 0 open, 3 delivered, 0 failed, 0 cancelled",
            ])
    }

    @Test("it is cancelled, and its recipients are listed page by page")
    func cancelAndList() {
        let done = Self.batch("cancelled", waiting: 0, rejected: 0, open: 0, delivered: 1)
        let run = TestRun.online([(200, done), (200, done)])
        #expect(run.run("batch", "bat_1", "--cancel") == 0)
        #expect(run.api.requests.map(\.path) == ["/v1/batches/bat_1/cancel", "/v1/batches/bat_1"])
        var first = Self.page.object ?? JSONObject()
        first["next_cursor"] = "1"
        let list = TestRun.online([(200, .object(first)), (200, Self.empty)])
        #expect(list.run("batch", "bat_1", "--recipients", "--state", "rejected") == 0)
        #expect(
            list.api.requests.map(\.path) == [
                "/v1/batches/bat_1/recipients?limit=500&state=rejected",
                "/v1/batches/bat_1/recipients?limit=500&state=rejected&cursor=1",
            ])
        #expect(list.output.lines.count == 2)
    }

    @Test("--file and --to exclude each other, and the file needs something to say")
    func wrong() {
        let files = ["people.csv": "to\n+41791110001\n"]
        #expect(
            TestRun.online([], files: files).run("send", "--file", "people.csv", "--to", "+4179", "--text", "x") == 2)
        #expect(TestRun.online([], files: files).run("send", "--file", "people.csv") == 2)
    }
}
