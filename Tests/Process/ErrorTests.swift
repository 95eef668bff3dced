import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("errors that are stored")
    struct ErrorTests {
        private static let owner = "+41791112233"

        private func setup() -> Setup {
            var setup = Setup()
            setup.simulator = """
                  phones: { default: { sms: { deliver: 50ms } }, "\(Self.owner)": { sms: { undelivered: 30003 } } }
                """
            return setup
        }

        private func errors(_ gateway: RunningGateway, _ query: String = "") throws -> [JSONValue] {
            try gateway.call("GET", "/v1/errors" + query).json["data"]?.array ?? []
        }

        private func codes(_ gateway: RunningGateway, _ query: String = "") throws -> [String] {
            try errors(gateway, query).compactMap { $0["code"]?.string }
        }

        private func key(_ gateway: RunningGateway, _ tenant: String, _ scopes: JSONValue) throws -> String {
            let made = try gateway.call(
                "POST", "/v1/keys", ["name": "k", "tenant": .string(tenant), "scopes": scopes])
            return try #require(made.json["key"]?.string, "\(made.text)")
        }

        private func call(
            _ gateway: RunningGateway, _ method: String, _ path: String, _ body: JSONValue? = nil, key: String
        ) throws -> HTTPResponse {
            let fields = [("Authorization", "Bearer " + key), ("Content-Type", "application/json")]
            return try Web.send(
                try Web.request(method, gateway.privateURL + path, headers: fields, body: body?.bytes() ?? []))
        }

        @Test("a failed message leaves errors that can be searched, and that a kill -9 does not take away")
        func searched() throws {
            let first = try RunningGateway(setup().yaml)
            let id = try first.accept(["to": .string(Self.owner), "text": "bilge"])
            try first.wait(for: id, ["exhausted"])
            let all = try errors(first)
            #expect(all.compactMap { $0["code"]?.string } == ["delivery_exhausted", "attempt_undelivered"])
            let report = try #require(all.last)
            #expect(report["severity"]?.string == "warning")
            #expect(report["message"]?.string?.isEmpty == false)
            #expect(report["count"]?.int == 1)
            #expect(report["id"]?.string?.hasPrefix("err_") == true)
            let context = report["context"]
            #expect(context?["message"]?.string == id)
            #expect(context?["delivery"]?.string?.hasPrefix("dlv_") == true)
            let names = ["channel", "provider", "tenant", "country"].map { context?[$0]?.string }
            #expect(names == ["sms", "twilio", "default", "CH"])
            #expect(["step", "attempt", "provider_code"].map { context?[$0]?.int } == [1, 1, 30003])
            for query in [
                "?q=30003", "?code=attempt_undelivered", "?severity=warning,info", "?channel=sms",
            ] {
                #expect(try errors(first, query) == [report], "\(query)")
            }
            #expect(try errors(first, "?q=\(id)") == all)
            #expect(try codes(first, "?severity=error").count == 1)
            #expect(try codes(first, "?provider=none").isEmpty)
            #expect(try errors(first, "?since=\(report["first_at"]?.string ?? "")").count == 2)
            #expect(try errors(first, "?until=2020-01-01T00:00:00Z").isEmpty)
            let page = try first.call("GET", "/v1/errors?limit=1").json
            let next = try #require(page["next_cursor"]?.string)
            #expect(try errors(first, "?limit=1&cursor=" + next) == [report])
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(setup().yaml, in: first.folder)
            #expect(try errors(second) == all)
        }

        @Test("a key sees its tenant's errors, one for everything also those of the gateway")
        func tenants() throws {
            let gateway = try RunningGateway(setup().yaml)
            let scopes: JSONValue = ["messages:write", "messages:read", "errors:read"]
            let shop = try key(gateway, "shop", scopes)
            let other = try key(gateway, "other", scopes)
            let operating = try key(gateway, "other", ["errors:read", "errors:all"])
            let message: JSONValue = ["to": .string(Self.owner), "text": "bilge"]
            let sent = try call(gateway, "POST", "/v1/messages", message, key: shop)
            let id = try #require(sent.json["id"]?.string)
            try eventually("the errors") {
                try self.codes(gateway, "?q=" + id).count == 2 ? true : nil
            }
            #expect(try gateway.webhook("/webhooks/twilio/sms/status", [("a", "b")], signature: "x").status == 403)
            try eventually("the webhook's error") {
                try self.codes(gateway, "?code=webhook_bad_signature").count == 1 ? true : nil
            }
            func seen(_ key: String) throws -> Int {
                try call(gateway, "GET", "/v1/errors", key: key).json["data"]?.array?.count ?? -1
            }
            #expect(try seen(shop) == 2)
            #expect(try seen(other) == 0)
            #expect(try seen(operating) == 3)
            #expect(try call(gateway, "GET", "/v1/receipts", key: shop).status == 403)
            let blind = try key(gateway, "shop", ["messages:read"])
            #expect(try call(gateway, "GET", "/v1/errors", key: blind).status == 403)
        }

        @Test("a flood of webhooks that nobody signed is one entry with a count")
        func flood() throws {
            let gateway = try RunningGateway(setup().yaml)
            let (before, start) = (try commits(gateway), ContinuousClock.now)
            for _ in 0..<25 {
                #expect(try gateway.webhook("/webhooks/twilio/sms", [("Body", "x")], signature: nil).status == 403)
            }
            // Two where the hour ends meanwhile.
            try eventually("the count") {
                let found = try self.errors(gateway, "?code=webhook_bad_signature")
                return found.count <= 2 && found.reduce(0) { $0 + ($1["count"]?.int ?? 0) } == 25 ? true : nil
            }
            // One at once, and then one in each second.
            let seconds = (ContinuousClock.now - start).components.seconds
            #expect(try commits(gateway) - before <= Int(seconds) + 2)
            let found = try #require(try errors(gateway).first)
            #expect(found["context"]?["provider"]?.string == "twilio")
            #expect(found["context"]?["tenant"] == nil)
        }

        private func commits(_ gateway: RunningGateway) throws -> Int {
            let lines = try gateway.call("GET", "/metrics").text.split(separator: "\n")
            let line = lines.first { $0.hasPrefix("gateway_commit_seconds_count") }
            return try #require(line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) })
        }

        @Test("wrong filters and methods are refused with what would be right")
        func refused() throws {
            let gateway = try RunningGateway(setup().yaml)
            let wrong = [
                "severity=bad": "bad_severity", "severity=": "bad_severity", "since=now": "bad_time",
                "until=1": "bad_time", "x=1": "unknown_parameter", "limit=0": "bad_limit",
            ]
            for (query, code) in wrong {
                let answer = try gateway.call("GET", "/v1/errors?" + query)
                #expect(answer.status == 400)
                #expect(answer.json["code"]?.string == code, "\(query)")
            }
            #expect(try gateway.call("POST", "/v1/errors", [:]).headers[first: "Allow"] == "GET, HEAD")
            #expect(try gateway.call("POST", "/v1/receipts", [:]).headers[first: "Allow"] == "GET, HEAD")
        }

        @Test("what was learned of receipts is shown with its bounds, and with what the file says")
        func receipts() throws {
            var setup = setup()
            setup.countries = "{ allow: [CH, GB, US], receipts: { sms: { GB: weak } } }"
            let gateway = try RunningGateway(setup.yaml)
            for to in ["+41791112244", "+447700900142"] {
                let id = try gateway.accept(["to": .string(to), "text": "bilge"])
                try gateway.wait(for: id, ["satisfied"])
            }
            // They are written with a commit a minute later at most; the first comes at once.
            let rows = try eventually("receipts") {
                let rows = try gateway.call("GET", "/v1/receipts").json["data"]?.array ?? []
                return rows.isEmpty ? nil : rows
            }
            let row = try #require(rows.first)
            #expect(row["channel"]?.string == "sms")
            #expect(row["is_enough"]?.bool == false)
            #expect(row["quality"]?.string == "reliable")
            let least = row["least"]?.double ?? 2
            let most = row["most"]?.double ?? -1
            #expect(least <= row["share"]?.double ?? -1 && most >= row["share"]?.double ?? 2)
            #expect(try gateway.call("GET", "/v1/receipts?channel=none").json["data"]?.array?.isEmpty == true)
        }
    }
}
