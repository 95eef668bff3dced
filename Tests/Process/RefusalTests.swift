import Forms
import Foundation
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("what is wrong is refused", .serialized)
    struct RefusalTests {
        private func run(_ arguments: [String], yaml: String, environment: [String: String] = [:]) throws -> (
            Int32, Program
        ) {
            let folder = try Folder()
            let config = try folder.write(yaml, to: "channels.yaml")
            let words = arguments.map { $0 == "FILE" ? config : $0 == "DATA" ? folder.path + "/data" : $0 }
            let program = try Program(Repository.program, words, environment: environment, in: folder)
            return (try program.wait(), program)
        }

        @Test("a wrong file ends the program with 1 and every error, none of them twice")
        func wrongFile() throws {
            let yaml = Setup(chain: "[{ channel: smss, deliver_withn: 5m }]", policy: "success: maybe").yaml
            for arguments in [["serve", "--config", "FILE", "--data", "DATA"], ["check", "FILE"]] {
                let (status, program) = try run(arguments, yaml: yaml)
                #expect(status == 1)
                let text = program.errorOutput + program.output
                #expect(text.contains("smss"))
                #expect(text.contains("deliver_withn"))
                #expect(text.contains("maybe"))
                let errors = text.split(separator: "\n").filter { $0.contains(": error: ") }
                #expect(errors.count >= 3)
                #expect(Set(errors).count == errors.count)
                #expect(errors.allSatisfy { $0.contains(#/channels\.yaml:\d+:\d+: error: /#) })
            }
        }

        @Test("a real provider without credentials does not start, and the message names them")
        func missingCredentials() throws {
            let yaml = Setup(api: "https://api.twilio.com", simulator: "").yaml
            let (status, program) = try run(["serve", "--config", "FILE", "--data", "DATA"], yaml: yaml)
            #expect(status == 1)
            #expect(program.errorOutput.contains("account_sid"))
            #expect(program.errorOutput.contains("auth_token"))
            #expect(program.errorOutput.contains("public_url"))
        }

        @Test("a key of another tenant finds neither message nor timeline, and cannot end it")
        func otherTenant() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "for the first tenant"])
            let made = try gateway.call(
                "POST", "/v1/keys",
                ["name": "other", "tenant": "other", "scopes": ["messages:read", "messages:write"]])
            let key = try #require(made.json["key"]?.string)
            let places = [("GET", ""), ("GET", "/timeline"), ("POST", "/cancel"), ("POST", "/ack")]
            for (method, place) in places {
                let request = try Web.request(
                    method, gateway.privateURL + "/v1/messages/" + id + place,
                    headers: [("Authorization", "Bearer " + key)])
                #expect(try Web.send(request).status == 404)
            }
            #expect(try gateway.call("GET", "/v1/messages/" + id).status == 200)
        }

        @Test("a key is made once for each Idempotency-Key; a repeat is told which, without its text")
        func keyOnce() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let body: JSONValue = ["name": "once", "scopes": ["messages:read"]]
            let fields = [("Idempotency-Key", "key-1")]
            let made = try gateway.call("POST", "/v1/keys", body, headers: fields)
            #expect(made.status == 201 && made.json["key"]?.string?.hasPrefix("gw_") == true)
            let again = try gateway.call("POST", "/v1/keys", body, headers: fields)
            #expect(again.status == 201 && again.headers[first: "Idempotent-Replayed"] == "true")
            #expect(again.json["id"] == made.json["id"] && again.json["key"] == nil)
            let changed: JSONValue = ["name": "x", "scopes": ["messages:read"]]
            let other = try gateway.call("POST", "/v1/keys", changed, headers: fields)
            #expect(other.status == 422)
            #expect(other.json["code"]?.string == "idempotency_mismatch", "\(other.text)")
            let names = try gateway.call("GET", "/v1/keys").json["data"]?.array?.compactMap { $0["name"]?.string }
            #expect(names?.count { $0 == "once" } == 1)
            // Its id is in the store, its secret is not.
            let parts = try #require(made.json["key"]?.string?.split(separator: "_"))
            let stored = ["", "-wal"].compactMap { gateway.folder.read("data/gateway.db" + $0) }.joined()
            #expect(parts.count == 3 && stored.contains(parts[1]) && !stored.contains(parts[2]))
        }

        @Test("a wrong request is a problem with every fault and its place")
        func wrongRequest() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let answer = try gateway.call(
                "POST", "/v1/messages",
                ["to": "+41791112233", "texts": "hello", "priority": "urgent", "expires_in": "soon"])
            #expect(answer.status == 400)
            #expect(answer.headers[first: "Content-Type"] == "application/problem+json")
            #expect(answer.json["code"]?.string == "invalid_request")
            let pointers = Set((answer.json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string })
            #expect(pointers == ["/texts", "/text", "/priority", "/expires_in"])
            let broken = try Web.send(
                try Web.request(
                    "POST", gateway.privateURL + "/v1/messages",
                    headers: [("Authorization", "Bearer " + gateway.key), ("Content-Type", "application/json")],
                    body: Array("{\"to\":".utf8)))
            #expect(broken.status == 400)
            #expect(broken.json["code"]?.string == "bad_json")
            #expect(try gateway.allMessages().isEmpty)
        }

        @Test("a number that is not allowed is refused before the provider is asked")
        func refusedNumbers() throws {
            let gateway = try RunningGateway(Setup().yaml)
            for number in ["+34600000000", "+41900123456", "+870773111632"] {
                let answer = try gateway.call("POST", "/v1/messages", ["to": .string(number), "text": "hello"])
                #expect(answer.status == 422, "\(number): \(answer.text)")
                #expect(answer.json["errors"]?[0]?["pointer"]?.string == "/to", "\(answer.text)")
            }
            let card = try gateway.call(
                "POST", "/v1/messages", ["to": "+41791112233", "text": "my card is 4111 1111 1111 1111"])
            #expect(card.status == 422)
            #expect(card.json["rule"]?.string == "no card numbers")
            #expect(try gateway.simulator.requests().isEmpty)
            #expect(try gateway.allMessages().map { $0["state"]?.string } == ["rejected"])
        }

        @Test("a method that an address does not take is refused with those that it takes; HEAD is GET without a body")
        func methods() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            for (method, path, allow) in [
                ("DELETE", "/v1/messages", "GET, HEAD, POST"), ("PUT", "/v1/messages/\(id)", "GET, HEAD"),
                ("GET", "/v1/messages/\(id)/cancel", "POST"), ("GET", "/v1/explain", "POST"),
                ("POST", "/v1/reviews", "GET, HEAD"), ("POST", "/v1/contacts/ana", "GET, HEAD, PUT, DELETE"),
                ("PATCH", "/v1/keys/x", "DELETE"),
            ] {
                let answer = try gateway.call(method, path, method == "POST" ? [:] : nil)
                #expect(answer.status == 405, "\(method) \(path): \(answer.text)")
                #expect(answer.headers[first: "Allow"] == allow, "\(method) \(path)")
            }
            #expect(try gateway.call("GET", "/v1/messages/\(id)/nonsense").status == 404)
            let head = try gateway.call("HEAD", "/v1/messages/\(id)")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }

        @Test("a webhook that is not signed is refused and leaves nothing")
        func unsignedWebhooks() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let form = [
                ("MessageSid", "SM" + String(repeating: "1", count: 32)), ("From", "+41791112233"),
                ("To", "+41791234567"), ("Body", "hello"), ("AccountSid", "AC1"),
            ]
            for signature in [nil, "", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "not base64"] as [String?] {
                for path in ["sms", "whatsapp", "sms/status", "voice/inbound", "voice/status?t=1"] {
                    let answer = try gateway.webhook("/webhooks/twilio/" + path, form, signature: signature)
                    #expect(answer.status == 403, "\(path)")
                }
            }
            #expect(try gateway.call("GET", "/v1/inbound").json["data"]?.array?.isEmpty == true)
        }

        @Test("a replayed key answers the same, another body under it is refused")
        func idempotency() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let message: JSONValue = ["to": "+41791112233", "text": "once"]
            let header = [("Idempotency-Key", "order-1")]
            let answers = Web.sendAll(
                try (0..<8).map { _ in try gateway.request("POST", "/v1/messages", message, headers: header) })
            let bodies = try answers.map { try $0.get() }
            #expect(bodies.allSatisfy { $0.status == 202 })
            #expect(Set(bodies.map(\.text)).count == 1)
            #expect(bodies.count { $0.headers[first: "Idempotent-Replayed"] == "true" } == 7)
            let other = try gateway.call(
                "POST", "/v1/messages", ["to": "+41791112233", "text": "twice"], headers: header)
            #expect(other.status == 422)
            #expect(other.json["code"]?.string == "idempotency_mismatch")
            let id = bodies[0].json["id"]?.string ?? ""
            try gateway.wait(for: id, ["satisfied"])
            #expect(try gateway.simulator.requests("Messages").count == 1)
        }

        @Test("a replayed key of a message that a rule refused is refused with the same answer")
        func refusedAgain() throws {
            let gateway = try RunningGateway(try Setup.shipped())
            let message: JSONValue = ["to": "+41791112233", "text": "my card is 4111 1111 1111 1111"]
            let answers = try (0..<2).map { _ in
                try gateway.call("POST", "/v1/messages", message, headers: [("Idempotency-Key", "card")])
            }
            #expect(answers.map(\.status) == [422, 422])
            #expect(answers[0].json["id"]?.string != nil)
            #expect(answers[0].text == answers[1].text)
            #expect(
                answers.map { $0.headers[first: "Content-Type"] }
                    == Array(repeating: "application/problem+json", count: 2))
            #expect(answers.map { $0.headers[first: "Idempotent-Replayed"] } == [nil, "true"])
        }

        @Test("a dedupe_key gives the open message, and a new one when it is done")
        func dedupe() throws {
            let gateway = try RunningGateway(Setup().yaml)
            try gateway.simulator.send("PUT", "phones/+41791112233", ["sms": ["deliver": "1s"]])
            let message: JSONValue = ["to": "+41791112233", "text": "bilge", "dedupe_key": "bilge-7"]
            let first = try gateway.accept(message)
            let second = try gateway.call("POST", "/v1/messages", message)
            #expect(second.status == 200)
            #expect(second.json["id"]?.string == first)
            try gateway.wait(for: first, ["satisfied"])
            let third = try gateway.accept(message)
            #expect(third != first)
            try gateway.wait(for: third, ["satisfied"])
            #expect(try gateway.simulator.requests("Messages").count == 2)
        }

        @Test("other hosts and origins are refused on the private listener")
        func hostsAndOrigins() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let body: JSONValue = ["to": "+41791112233", "text": "hello"]
            let foreign = try gateway.call(
                "POST", "/v1/messages", body, headers: [("Origin", "https://evil.example")])
            #expect(foreign.status == 403)
            #expect(foreign.json["code"]?.string == "bad_origin")
            let port = gateway.privateURL.split(separator: ":").last.map(String.init) ?? ""
            let folder = try Folder()
            let curl = try Program(
                "/usr/bin/curl",
                [
                    "-s", "-H", "Host: rebound.example", "-H", "Authorization: Bearer " + gateway.key,
                    "http://127.0.0.1:\(port)/v1/messages",
                ], in: folder)
            #expect(try curl.wait() == 0)
            #expect(curl.output.contains("bad_host"))
            let form = try Web.send(
                try Web.request(
                    "POST", gateway.privateURL + "/v1/messages",
                    headers: [
                        ("Authorization", "Bearer " + gateway.key),
                        ("Content-Type", "application/x-www-form-urlencoded"),
                    ], body: body.bytes()))
            #expect(form.status == 415)
            #expect(try gateway.allMessages().isEmpty)
        }

        @Test("after ten wrong keys an address must wait")
        func wrongKeys() throws {
            let gateway = try RunningGateway(Setup().yaml)
            #expect(try Web.send(try Web.request("GET", gateway.privateURL + "/v1/messages")).status == 401)
            let statuses = try (0..<12).map { _ in
                try Web.send(
                    try Web.request(
                        "GET", gateway.privateURL + "/v1/messages", headers: [("Authorization", "Bearer gw_ab_cd")])
                ).status
            }
            #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
            let right = try gateway.call("GET", "/v1/messages")
            #expect(right.status == 429)
            #expect(right.headers[first: "Retry-After"] != nil)
        }
    }
}
