import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("consent", .serialized)
    struct ConsentTests {
        private static let path = "/v1/contacts/ana/consents"

        private func pointers(_ gateway: RunningGateway, _ body: JSONValue) throws -> [String] {
            let answer = try gateway.call("PUT", Self.path, body)
            #expect(answer.status == 400)
            return (answer.json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string }
        }

        @Test("a consent that was put through the API opens a channel that requires it, and survives kill -9")
        func put() throws {
            var setup = Setup(chain: "[{ channel: sms }]")
            setup.smsRate = "1000/s, consent: required"
            let first = try RunningGateway(setup.yaml)
            let early = try first.call("PUT", Self.path, ["consents": [["sender": "*", "state": "granted"]]])
            #expect(early.status == 404)
            _ = try first.call("PUT", "/v1/contacts/ana", ["name": "Ana", "phone": "+41791112233"])
            let refused = try first.accept(["to": "contact:ana", "text": "hello"])
            let message = try first.wait(for: refused, ["exhausted"])
            #expect(message.text.contains("no_consent"), "\(message.text)")
            let put = try first.call(
                "PUT", Self.path,
                ["consents": [["sender": "+41 79 123 45 67", "state": "granted", "since": "2026-01-02T03:04:05Z"]]])
            #expect(put.status == 200)
            let kept: JSONValue = [
                [
                    "address": "+41791112233", "sender": "+41791234567", "state": "granted",
                    "since": "2026-01-02T03:04:05.000Z",
                ]
            ]
            #expect(put.json["data"] == kept, "\(put.text)")
            try first.wait(for: first.accept(["to": "contact:ana", "text": "hello"]), ["satisfied"])
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(setup.yaml, in: first.folder)
            #expect(try second.call("GET", Self.path).json["data"] == kept)
            try second.wait(for: second.accept(["to": "contact:ana", "text": "hello"]), ["satisfied"])
            _ = try second.call("PUT", Self.path, ["consents": [["sender": "+41791234567", "state": "withdrawn"]]])
            try second.wait(for: second.accept(["to": "contact:ana", "text": "hello"]), ["suppressed"])
        }

        @Test("the history has every statement with where it came from, in pages")
        func history() throws {
            let gateway = try RunningGateway(Setup().yaml)
            _ = try gateway.call("PUT", "/v1/contacts/ana", ["name": "Ana", "phone": "+41791112233"])
            try gateway.simulator.write("STOP", from: "+41791112233")
            let stopped = try eventually("STOP") {
                try gateway.call("GET", Self.path).json["data"]?.array?.first?["state"]?.string
            }
            #expect(stopped == "withdrawn")
            for since in ["2026-01-02T03:04:05Z", nil] {
                var consent: JSONObject = ["sender": "+41791234567", "state": "granted"]
                consent["since"] = since.map(JSONValue.string)
                #expect(try gateway.call("PUT", Self.path, ["consents": [.object(consent)]]).status == 200)
            }
            let first = try gateway.call("GET", Self.path + "?history=true&limit=2").json
            let cursor = try #require(first["next_cursor"]?.string)
            let second = try gateway.call("GET", Self.path + "?history=true&limit=2&cursor=" + cursor).json
            let data = (first["data"]?.array ?? []) + (second["data"]?.array ?? [])
            #expect(data.map { $0["state"]?.string } == ["withdrawn", "granted", "granted"])
            #expect(data.map { $0["source"]?.string } == ["message", "api", "api"])
            #expect(data.map { $0["ignored"]?.bool } == [false, true, false])
            #expect(data.first?["provider_id"]?.string?.hasPrefix("SM") == true)
            #expect(data.last?["key"]?.string == String(gateway.key.split(separator: "_")[1]))
            #expect(data[1]["since"]?.string == "2026-01-02T03:04:05.000Z")
            #expect(data.allSatisfy { $0["address"]?.string == "+41791112233" && $0["at"]?.string != nil })
            #expect(second["next_cursor"] == .null)
            #expect(try gateway.call("GET", Self.path + "?history=1").status == 400)
            #expect(try gateway.call("GET", "/v1/contacts/ben/consents?history=true").status == 404)
        }

        @Test("every fault of the request is named with its place")
        func faults() throws {
            let gateway = try RunningGateway(Setup().yaml)
            _ = try gateway.call("PUT", "/v1/contacts/ana", ["name": "Ana", "phone": "+41791112233"])
            #expect(try pointers(gateway, ["consents": []]) == ["/consents"])
            #expect(try pointers(gateway, ["consent": [1]]) == ["/consent", "/consents"])
            let body: JSONValue = [
                "consents": [
                    ["sender": "+41791234568", "state": "granted"], ["sender": "*", "state": "yes"],
                    ["sender": "*", "state": "granted", "address": "+41791112234"],
                    ["sender": "*", "state": "granted", "since": "2999-01-01T00:00:00Z"],
                    ["sender": "*", "state": "granted", "until": "x"], 7,
                ]
            ]
            #expect(
                try pointers(gateway, body) == [
                    "/consents/0/sender", "/consents/1/state", "/consents/2/address", "/consents/3/since",
                    "/consents/4/until", "/consents/5",
                ])
            #expect(try gateway.call("GET", Self.path).json["data"]?.array?.isEmpty == true)
            #expect(try gateway.call("DELETE", Self.path).status == 405)
        }
    }
}
