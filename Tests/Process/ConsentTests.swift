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
