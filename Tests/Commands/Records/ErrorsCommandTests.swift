import JSON
import Testing

@testable import Assembly

@Suite("errors and receipts")
struct ErrorsCommandTests {
    private static let error: JSONValue = [
        "id": "err_1", "code": "provider_auth", "severity": "error", "message": "Wrong credentials.", "count": 3,
        "first_at": "2026-11-23T10:00:00.000Z", "last_at": "2026-11-23T10:59:00.000Z",
        "context": ["delivery": "dlv_1", "channel": "sms", "provider": "twilio", "provider_code": 20003],
    ]

    @Test("every filter goes to the API; spans are counted back from now")
    func filters() {
        let run = TestRun.online([(200, ["data": [], "next_cursor": .null])])
        let status = run.run(
            "errors", "--severity", "error,critical", "--code", "provider_auth", "--channel", "sms é", "--provider",
            "twilio", "--q", "20003", "--since", "2h", "--until", "2026-11-23T10:30:00Z", "--limit", "7", "--cursor",
            "x")
        #expect(status == 0)
        #expect(
            run.api.requests == [
                APIRequest(
                    "GET",
                    "/v1/errors?limit=7&severity=error%2Ccritical&code=provider_auth&channel=sms%20%C3%A9"
                        + "&provider=twilio&q=20003&since=2026-11-23T09%3A00%3A00.000Z"
                        + "&until=2026-11-23T10%3A30%3A00Z&cursor=x")
            ])
    }

    @Test("they are a table, or JSON by either option")
    func forms() throws {
        let answer: JSONValue = ["data": [Self.error], "next_cursor": "9"]
        let table = TestRun.online([(200, answer)])
        #expect(table.run("errors") == 0)
        #expect(table.api.requests.first?.path == "/v1/errors?limit=50")
        #expect(
            table.output.text == """
                LAST                      COUNT  SEVERITY  CODE           WHERE  PROVIDER CODE  DELIVERY  MESSAGE
                2026-11-23T10:59:00.000Z  3      error     provider_auth  sms    20003          dlv_1     Wrong credentials.

                """)
        #expect(table.errors.text == "gateway: there are more; go on with --cursor 9\n")
        for option in [["--json"], ["-o", "json"]] {
            let run = TestRun.online([(200, answer)])
            #expect(run.run(["errors"] + option) == 0)
            #expect(try run.json() == answer)
        }
    }

    @Test("a time that is none is a usage error", arguments: ["yesterday", "2026-11-23", "-2h", ""])
    func badTime(text: String) {
        let run = TestRun.online([(200, .null)])
        #expect(run.run("errors", "--since=\(text)") == 2)
        #expect(run.api.requests.isEmpty)
    }

    @Test("receipts are shown with their bounds, and with what the file says")
    func receipts() {
        let learned: JSONValue = [
            "channel": "sms", "country": "CH", "sent": 412, "reported": 401, "share": 0.9733, "least": 0.9438,
            "most": 0.9875, "quality": "reliable", "in_use": "weak", "configured": "weak",
        ]
        let run = TestRun.online([(200, ["data": [learned], "next_cursor": .null])])
        #expect(run.run("receipts", "--channel", "sms", "--country", "CH") == 0)
        #expect(run.api.requests.first?.path == "/v1/receipts?limit=50&channel=sms&country=CH")
        #expect(
            run.output.text == """
                CHANNEL  COUNTRY  SENT  REPORTED  SHARE  BETWEEN       LEARNED   IN USE
                sms      CH       412   401       97 %   94 % to 99 %  reliable  weak (configured)

                """)
        #expect(run.errors.text.isEmpty)
    }
}
