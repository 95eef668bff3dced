import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("events and those who are told of them", .serialized)
    struct EventTests {
        private func setup() -> Setup {
            var setup = Setup(chain: "[{ channel: sms }]")
            setup.gatewayKeys = "subscriptions: { allow_private: true }"
            return setup
        }

        private static let message: JSONValue = ["to": "+41791112233", "text": "hello"]

        @Test("a page, a wait that ends with the next event, and a consumer that goes on after a restart")
        func pages() throws {
            let first = try RunningGateway(setup().yaml)
            let id = try first.accept(Self.message)
            try first.wait(for: id, ["satisfied"])
            let page = try first.call("GET", "/v1/events?consumer=crm&types=message.*").json
            let events = page["data"]?.array ?? []
            let types = events.compactMap { $0["type"]?.string }
            #expect(types.first == "com.gateway.message.accepted.v1")
            #expect(types.last == "com.gateway.message.satisfied.v1")
            #expect(events.allSatisfy { $0["subject"]?.string == id })
            let cursor = try #require(page["next_cursor"]?.string)
            let done: JSONValue = ["consumer": "crm", "cursor": .string(cursor)]
            #expect(try first.call("POST", "/v1/events/ack", done).json == done)
            #expect(try first.call("POST", "/v1/events/ack", ["consumer": "crm"]).status == 400)
            #expect(
                try first.call("POST", "/v1/events/ack", ["consumer": "crm", "cursor": "zzzzzzzzzz000"]).status == 400)
            #expect(
                try first.call("POST", "/v1/events/ack", ["consumer": "crm", "cursor": "0zzzzzzzzz000"]).status == 422)
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)

            let second = try RunningGateway(setup().yaml, in: first.folder)
            let waiting = try second.request("GET", "/v1/events?consumer=crm&types=message.accepted&wait=30s")
            let text = try second.request("POST", "/v1/messages", Self.message)
            let answers = Web.sendAll([waiting, text])
            let next = try answers[1].get().json["id"]?.string
            let told = try answers[0].get().json["data"]?.array ?? []
            #expect(told.map { $0["subject"]?.string } == [next])
            #expect(try second.call("GET", "/v1/events?after=nonsense").json["code"]?.string == "bad_cursor")
            #expect(try second.call("DELETE", "/v1/events").status == 405)
        }

        @Test("a subscriber is told what happens, signed, and what it refused can be sent again")
        func subscriber() throws {
            let receiver = try HookReceiver()
            let gateway = try RunningGateway(setup().yaml)
            let wish: JSONValue = ["url": .string(receiver.url), "types": ["message.delivered"]]
            let made = try gateway.call("POST", "/v1/subscriptions", wish, headers: [("Idempotency-Key", "a")])
            #expect(made.status == 201)
            #expect(made.json["secret"]?.string?.hasPrefix("whsec_") == true)
            let again = try gateway.call("POST", "/v1/subscriptions", wish, headers: [("Idempotency-Key", "a")])
            #expect(again.json["id"] == made.json["id"] && again.json["secret"] == nil)
            let path = "/v1/subscriptions/" + (made.json["id"]?.string ?? "")
            let id = try gateway.accept(Self.message)
            let told = try eventually("the event") { receiver.requests.first }
            let event = try JSONValue(parsing: told.body)
            #expect(event["subject"]?.string == id)
            #expect(event["type"]?.string == "com.gateway.message.delivered.v1")
            #expect(told.headers[first: "webhook-id"] == event["id"]?.string)
            #expect(told.headers[first: "webhook-signature"]?.hasPrefix("v1,") == true)
            try eventually("the count") {
                try gateway.call("GET", path).json["told"]?.int == 1 ? true : nil
            }
            #expect(try gateway.call("POST", path + "/replay", ["after": "0000000000000"]).status == 200)
            try eventually("the event again") {
                receiver.requests.count == 2 && receiver.requests[1].body == told.body ? true : nil
            }
            #expect(try gateway.call("GET", path + "/deliveries").json["data"]?.array?.isEmpty == true)
            #expect(try gateway.call("GET", "/v1/subscriptions").json["data"]?.array?.count == 1)
            let other = try gateway.call(
                "POST", "/v1/keys", ["name": "o", "tenant": "other", "scopes": ["subscriptions:read"]])
            let fields = [("Authorization", "Bearer " + (other.json["key"]?.string ?? ""))]
            #expect(try Web.send(try Web.request("GET", gateway.privateURL + path, headers: fields)).status == 404)
            #expect(try gateway.call("DELETE", path).json["deleted"]?.bool == true)
            #expect(try gateway.call("GET", path).status == 404)
        }

        @Test("a private address is refused where it is not allowed")
        func refused() throws {
            var closed = setup()
            closed.gatewayKeys = ""
            let gateway = try RunningGateway(closed.yaml)
            let answer = try gateway.call("POST", "/v1/subscriptions", ["url": "http://127.0.0.1:9/"])
            #expect(answer.status == 400)
            #expect(answer.json["errors"]?.array?.first?["pointer"]?.string == "/url")
        }

        @Test("a stream has everything from the beginning, and resumes where the last one ended")
        func stream() throws {
            let gateway = try RunningGateway(setup().yaml)
            let id = try gateway.accept(Self.message)
            try gateway.wait(for: id, ["satisfied"])
            let all = try StreamReader(gateway).read(events: 4)
            let ids = all.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
            #expect(ids.count >= 4 && ids == ids.sorted())
            #expect(all.contains("Content-Type: text/event-stream\r\n"))
            #expect(all.contains("event: com.gateway.message.accepted.v1\ndata: {\"specversion\":\"1.0\""))
            let reader = try StreamReader(gateway, [("Last-Event-ID", ids[1])])
            let rest = try reader.read(events: 1)
            #expect(rest.contains("\r\n\r\nid: \(ids[2])\n"))
            // What comes while it is read.
            let next = try gateway.accept(Self.message)
            #expect(try reader.read(events: 3).contains(next))
        }
    }
}
