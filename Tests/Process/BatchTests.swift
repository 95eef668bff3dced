import Foundation
import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("batches over sockets", .serialized)
    struct BatchTests {
        private static func number(_ index: Int) -> String { "+4179\(1_000_000 + index)" }

        private static func body(_ count: Int, bad: Set<Int> = [], priority: String = "low") -> JSONValue {
            let recipients = (0..<count).map { index -> JSONValue in
                ["to": .string(bad.contains(index) ? "+41 none" : number(index))]
            }
            return ["text": "hello", "priority": .string(priority), "recipients": .array(recipients)]
        }

        private func wait(_ id: String, _ gateway: RunningGateway) throws -> JSONValue {
            var last = JSONValue.null
            return try eventually("the end of \(id), last: \(last)", within: 60) {
                last = try gateway.call("GET", "/v1/batches/" + id).json
                return last["state"]?.string == "running" ? .none : .some(last)
            }
        }

        @Test("a thousand recipients with a few bad ones: each good one gets one text, each bad one its reason")
        func thousand() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let bad: Set<Int> = [0, 17, 500, 999]
            let request = Self.body(1_000, bad: bad)
            let key = [("Idempotency-Key", "spring")]
            let made = try gateway.call("POST", "/v1/batches", request, headers: key)
            #expect(made.status == 202)
            #expect(made.json["recipients"]?["rejected"] == 4)
            let id = try #require(made.json["id"]?.string)
            let alert = try gateway.accept(["to": "+447700900142", "text": "fire", "priority": "critical"])
            try gateway.wait(for: alert, ["satisfied"])
            let end = try wait(id, gateway)
            #expect(end["state"] == "done")
            #expect(end["deliveries"]?["delivered"] == 996)
            #expect(end["rejections"] == ["invalid_number": 4])
            let again = try gateway.call("POST", "/v1/batches", request, headers: key)
            #expect(again.status == 202)
            #expect(again.headers[first: "Idempotent-Replayed"] == "true")
            #expect(again.json["id"]?.string == id)
            #expect(try gateway.call("POST", "/v1/batches", Self.body(2), headers: key).status == 422)
            let sent = try gateway.simulator.requests("Messages.json").compactMap { $0["To"] }
            let wanted = (0..<1_000).filter { !bad.contains($0) }.map(Self.number) + ["+447700900142"]
            #expect(sent.sorted() == wanted.sorted())
            let rejected = try gateway.call("GET", "/v1/batches/\(id)/recipients?state=rejected").json
            #expect((rejected["data"]?.array ?? []).compactMap { $0["index"]?.int } == [0, 17, 500, 999])
            #expect(rejected["data"]?[1]?["pointer"] == "/recipients/17/to")
            let first = try gateway.call("GET", "/v1/batches/\(id)/recipients?limit=2&cursor=17").json
            let message = try #require(first["data"]?[0]?["message"]?.string)
            #expect(try gateway.message(message)["to"]?.string == Self.number(18))
            #expect(first["next_cursor"] == "19")
            #expect(try gateway.call("GET", "/v1/batches").json["data"]?[0]?["id"]?.string == id)
        }

        @Test("killed while it is worked off, it goes on after the restart: nobody twice, nobody left out")
        func killed() throws {
            let simulator = try RunningSimulator(
                """
                  latency: 20ms..60ms
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  phones: { default: { sms: { deliver: 50ms } } }
                """, in: try Folder())
            var setup = Setup(api: simulator.control.url, smsRate: "300/s")
            // Callbacks that are lost with the process are asked for soon.
            setup.chain = "[{ channel: sms, queue_within: 5s, deliver_within: 100s }]"
            var gateway = try RunningGateway(setup.yaml, environment: simulator.credentials)
            setup.publicPort = Int(gateway.publicURL.split(separator: ":").last ?? "") ?? 0
            let made = try gateway.call("POST", "/v1/batches", Self.body(1_000))
            let id = try #require(made.json["id"]?.string)
            for round in 1...3 {
                try eventually("\(round * 150) requests", within: 60) {
                    try simulator.control.requests("Messages.json").count >= round * 150 ? true : nil
                }
                gateway.program.send(SIGKILL)
                #expect(try gateway.program.wait() == -SIGKILL)
                gateway = try RunningGateway(setup.yaml, environment: simulator.credentials, in: gateway.folder)
            }
            // What was about to leave at a kill leaves when two look-ups have proved that it had not, after 75 s.
            let sent = try eventually("a text for each", within: 150, every: 500) {
                let sent = try simulator.control.requests("Messages.json").compactMap { $0["To"] }
                return sent.count >= 1_000 ? sent : nil
            }
            #expect(sent.sorted() == (0..<1_000).map(Self.number))
            let batch = try gateway.call("GET", "/v1/batches/" + id).json
            #expect(batch["recipients"]?["accepted"] == 1_000)
            #expect(batch["deliveries"]?["failed"] == 0)
            #expect(try gateway.allMessages().count == 1_000)
        }

        @Test("faults of what is shared refuse the batch, with their places")
        func faults() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let cases: [(JSONValue, Int, String, String)] = [
                (["text": "x"], 400, "invalid_request", "/recipients"),
                (["text": "x", "recipients": []], 400, "invalid_request", "/recipients"),
                (["text": "x", "recipients": "all"], 400, "invalid_request", "/recipients"),
                (["recipients": [["to": "+41791112233"]]], 400, "invalid_request", "/text"),
                (
                    ["text": "x", "to": "+41791112233", "recipients": [["to": "+41791112233"]]], 400, "invalid_request",
                    "/to"
                ),
                (
                    ["text": "x", "policy": "none", "recipients": [["to": "+41791112233"]]], 422, "unknown_policy",
                    "/policy"
                ),
                (["template": "none", "recipients": [["to": "+41791112233"]]], 422, "unknown_template", "/template"),
            ]
            for (body, status, code, pointer) in cases {
                let answer = try gateway.call("POST", "/v1/batches", body)
                #expect(answer.status == status, "\(body.text): \(answer.text)")
                #expect(answer.json["code"]?.string == code)
                #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
            }
            #expect(try gateway.call("GET", "/v1/batches").json["data"] == [])
            #expect(try gateway.call("GET", "/v1/batches/bat_0000000000001").status == 404)
            #expect(try gateway.call("DELETE", "/v1/batches").status == 405)
            #expect(try gateway.call("GET", "/v1/batches/bat_0000000000001/cancel").status == 405)
            #expect(try gateway.call("POST", "/v1/messages", ["to": "+41791112233", "text": "hello"]).status == 202)
        }

        @Test("only a batch may have a long body, and not without end")
        func longBodies() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let padding = String(repeating: " ", count: 2 << 20)
            let long = Array(#"{"text": "x", "recipients": [{"to": "+41791112233"}]\#(padding)}"#.utf8)
            let headers = [("Authorization", "Bearer " + gateway.key), ("Content-Type", "application/json")]
            func post(_ path: String, _ body: [UInt8]) throws -> Int {
                try Web.send(try Web.request("POST", gateway.privateURL + path, headers: headers, body: body)).status
            }
            #expect(try post("/v1/batches", long) == 202)
            #expect(try post("/v1/messages", long) == 413)
            #expect(try post("/v1/batches", Array(repeating: 0x20, count: (16 << 20) + 1)) == 413)
        }
    }
}
