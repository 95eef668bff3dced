import JSON
import Testing

@testable import Assembly

@Suite("events and subscriptions on the command line")
struct EventsCommandTests {
    private static let event: JSONValue = [
        "id": "evt_00000000ag006", "type": "com.gateway.message.delivered.v1", "subject": "msg_1",
        "time": "2026-11-23T10:00:00.000Z", "alias": "twilio.sms.status",
        "data": ["delivery": "dlv_1", "channel": "sms", "status": "delivered"],
    ]
    private static let subscription: JSONValue = [
        "id": "sub_1", "url": "https://x.test/", "types": ["message.*"], "state": "away", "told": 4, "tries": 2,
        "status": 503, "secret": "whsec_abc",
    ]

    @Test("a page is asked for with its filters and shown as a table")
    func page() {
        let run = TestRun.online([(200, ["data": [Self.event], "next_cursor": "00000000agzzz"])])
        #expect(run.run("events", "--types", "message.*", "--subject", "msg_1", "--cursor", "x", "--limit", "7") == 0)
        #expect(
            run.api.requests.map(\.path) == ["/v1/events?limit=7&types=message.%2A&subject=msg_1&cursor=x"])
        #expect(
            run.output.text == """
                TIME                      TYPE               SUBJECT  ALIAS              DATA
                2026-11-23T10:00:00.000Z  message.delivered  msg_1    twilio.sms.status  channel=sms status=delivered

                """)
    }

    @Test("following begins with what happens from now on, and asks on behind each answer")
    func follow() {
        let run = TestRun.online([
            (200, ["data": [], "next_cursor": "a"]), (200, ["data": [Self.event], "next_cursor": "b"]),
            (200, ["data": []]),
        ])
        #expect(run.run("events", "-f", "--types", "message.*", "-o", "json") == 0)
        #expect(
            run.api.requests.map(\.path) == [
                "/v1/events?limit=50&types=message.%2A&after=latest&wait=20s",
                "/v1/events?limit=500&after=a&types=message.%2A&wait=20s",
                "/v1/events?limit=500&after=b&types=message.%2A&wait=20s",
            ])
        #expect(run.output.text == Self.event.text + "\n")
        let behind = TestRun.online([(200, ["data": [Self.event]])])
        #expect(behind.run("events", "--follow", "--cursor", "c") == 0)
        #expect(behind.api.requests.map(\.path) == ["/v1/events?limit=50&cursor=c&wait=20s"])
        #expect(behind.output.text.contains("message.delivered  msg_1"))
    }

    @Test("a subscription is made with what the options say, and its secret alone is the output")
    func create() {
        let run = TestRun.online([(201, Self.subscription)])
        let status = run.run(
            "subscriptions", "create", "https://x.test/", "--type", "message.*", "--type", "call.*", "--subject", "s",
            "--after", "0000000000000", "--max-age", "7d", "--all-tenants")
        #expect(status == 0)
        #expect(
            run.api.requests == [
                APIRequest(
                    "POST", "/v1/subscriptions",
                    body: [
                        "url": "https://x.test/", "types": ["message.*", "call.*"], "subject": "s",
                        "after": "0000000000000", "max_age": "7d", "all_tenants": true,
                    ])
            ])
        #expect(run.output.text == "whsec_abc\n")
    }

    @Test("subscriptions are listed, shown, sent again and ended")
    func rest() {
        let list = TestRun.online([(200, ["data": [Self.subscription], "next_cursor": .null])])
        #expect(list.run("subscriptions", "list") == 0)
        #expect(list.api.requests.map(\.path) == ["/v1/subscriptions?limit=50"])
        #expect(list.output.text.contains("sub_1  away   4     2      503     message.*  https://x.test/"))
        let letters = TestRun.online([(200, ["data": [], "next_cursor": .null])])
        #expect(letters.run("subscriptions", "deliveries", "sub_1", "--limit", "3") == 0)
        #expect(letters.api.requests.map(\.path) == ["/v1/subscriptions/sub_1/deliveries?limit=3"])
        let again = TestRun.online([(200, ["events": 3])])
        #expect(again.run("subscriptions", "replay", "sub_1") == 0)
        #expect(again.api.requests == [APIRequest("POST", "/v1/subscriptions/sub_1/replay", body: [:])])
        let behind = TestRun.online([(200, ["after": "a"])])
        #expect(behind.run("subscriptions", "replay", "sub_1", "--after", "a") == 0)
        #expect(behind.api.requests.first?.body == ["after": "a"])
        let ended = TestRun.online([(200, ["deleted": true])])
        #expect(ended.run("subscriptions", "delete", "sub_1") == 0)
        #expect(ended.api.requests == [APIRequest("DELETE", "/v1/subscriptions/sub_1")])
    }

    @Test("how events go into a stream is shown with what stands in the way")
    func stream() {
        let state: JSONValue = [
            "url": "redis://h:6379/0", "stream": "gateway:events", "state": "away", "told": 7, "last_id": "4097-1",
            "away_since": "2026-11-27T09:00:00Z", "reason": "OOM command not allowed",
        ]
        let run = TestRun.online([(200, state)])
        #expect(run.run("subscriptions", "stream") == 0)
        #expect(run.api.requests.map(\.path) == ["/v1/events/stream"])
        for text in ["gateway:events", "away", "7", "4097-1", "OOM command not allowed"] {
            #expect(run.output.text.contains(text))
        }
    }
}
