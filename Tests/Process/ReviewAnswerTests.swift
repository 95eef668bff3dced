import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("who wrote and is unknown is answered and linked by a person", .serialized)
    struct ReviewAnswerTests {
        private static let stranger = "+41791112233"

        private func gateway() throws -> RunningGateway {
            let gateway = try RunningGateway(Setup.shipped())
            for (path, body) in [
                ("boats/aurora", ["name": "Aurora", "contacts": []]),
                ("documents/w1", ["boat": "aurora", "type": "warranty", "title": "Engine Warranty - Yanmar"]),
            ] as [(String, JSONValue)] {
                #expect(try gateway.call("PUT", "/v1/" + path, body).status == 200)
            }
            return gateway
        }

        private func write(_ text: String, _ gateway: RunningGateway) throws {
            let answer = try gateway.simulator.send(
                "POST", "phones/\(Self.stranger)/text", ["to": "+41791234567", "body": .string(text)])
            #expect(answer.status == 201)
        }

        private func review(_ gateway: RunningGateway) throws -> JSONValue {
            try eventually("the review") { try gateway.call("GET", "/v1/reviews").json["data"]?.array?.first }
        }

        @Test("a reply goes out once, from the number that was written to, and closes the review")
        func reply() throws {
            let gateway = try gateway()
            try write("Is the Aurora still for sale?", gateway)
            let open = try review(gateway)
            #expect(open["reason"] == "unknown_sender")
            #expect(open["about"]?["text"] == "Is the Aurora still for sale?")
            #expect(open["inbound"] == open["about"]?["id"])
            let path = "/v1/reviews/" + (open["id"]?.string ?? "")

            #expect(try gateway.call("POST", path + "/approve").json["code"] == "nothing_to_approve")
            let faulty = try gateway.call("POST", path + "/reply", ["to": "+41791112233", "media": "x"])
            #expect(faulty.json["errors"]?.array?.map { $0["pointer"] } == ["/to", "/text", "/media"])
            let refused = try gateway.call("POST", path + "/reply", ["text": "x", "policy": "channel:fax"])
            #expect(refused.json["code"] == "unknown_policy")

            let card = try gateway.call("POST", path + "/reply", ["text": "Pay with 4111 1111 1111 1111"])
            #expect(card.status == 422 && card.json["code"] == "rejected_by_rule", "\(card.json)")
            #expect(try gateway.call("GET", path).json["state"] == "open", "another reply may follow")

            let answer: JSONValue = ["text": "Yes, come and see her on Monday."]
            let closed = try gateway.call("POST", path + "/reply", answer)
            #expect(closed.status == 200, "\(closed.json)")
            #expect(closed.json["verdict"] == "replied")
            let id = try #require(closed.json["reply"]?.string)
            try gateway.wait(for: id, ["satisfied"])
            let message = try gateway.call("GET", "/v1/messages/" + id).json
            #expect(message["to"]?.string == Self.stranger || message["deliveries"] != nil)
            let sent = try gateway.simulator.told()
            #expect(sent.count { $0 == "sms \(Self.stranger)" } == 1, "\(sent)")

            #expect(
                try gateway.call("POST", path + "/reply", answer).json == closed.json, "a repeat sends nothing more")
            #expect(try gateway.call("POST", path + "/reply", ["text": "No."]).json["code"] == "already_replied")
            #expect(try gateway.call("POST", path + "/dismiss").json["code"] == "review_closed")
            let link = try gateway.call("POST", path + "/link", ["contact": "eve", "name": "Eve"])
            #expect(link.json["code"] == "review_closed")
            #expect(try gateway.call("GET", "/v1/contacts/eve").status == 404, "what is closed changes nothing")
            #expect(try gateway.simulator.told() == sent)
            let history = try gateway.call("GET", "/v1/conversations/" + Self.stranger).json["data"]?.array ?? []
            #expect(history.map { $0["direction"] } == ["out", "in"])
        }

        @Test("who is linked is known from then on, and told of the boat where the number is verified")
        func link() throws {
            let gateway = try gateway()
            try write("Find my warranty", gateway)
            let path = "/v1/reviews/" + (try review(gateway)["id"]?.string ?? "")
            let faulty = try gateway.call("POST", path + "/link", ["name": "", "role": "captain", "verified": "yes"])
            #expect(faulty.status == 400)
            #expect(
                faulty.json["errors"]?.array?.map { $0["pointer"] }
                    == ["/contact", "/name", "/role", "/verified", "/role"])
            #expect(try gateway.call("POST", path + "/link", ["contact": "ana"]).json["code"] == "unknown_contact")
            let body: JSONValue = [
                "contact": "ana", "name": "Ana", "verified": true, "boat": "boreas", "role": "broker",
            ]
            #expect(try gateway.call("POST", path + "/link", body).json["code"] == "unknown_boat")
            #expect(try gateway.call("GET", "/v1/contacts/ana").status == 404, "nothing is done by halves")

            var known = body.object ?? [:]
            known["boat"] = "aurora"
            let closed = try gateway.call("POST", path + "/link", .object(known))
            #expect(closed.json["verdict"] == "linked" && closed.json["contact"] == "ana", "\(closed.json)")
            #expect(closed.json["closed_by"] != nil && closed.json["closed"] != nil)
            #expect(try gateway.call("POST", path + "/link", .object(known)).json == closed.json)
            let sent = try gateway.simulator.told()
            for (action, other) in [("link", ["contact": "eve", "name": "Eve"]), ("reply", ["text": "Hello"])]
                as [(String, JSONValue)]
            {
                #expect(try gateway.call("POST", path + "/" + action, other).json["code"] == "review_closed")
            }
            #expect(try gateway.call("GET", "/v1/contacts/eve").status == 404)
            #expect(try gateway.simulator.told() == sent, "nothing is sent for a review that is closed")
            let inbound = try gateway.call("GET", "/v1/inbound").json["data"]?.array?.first
            #expect(inbound?["contact"] == "ana")
            let boat = try gateway.call("GET", "/v1/boats/aurora").json
            #expect(boat["contacts"]?.array?.map { $0["role"] } == ["broker"])

            try write("Find my warranty", gateway)
            _ = try eventually("the answer") {
                try gateway.call("GET", "/v1/inbound").json["data"]?.array?.first {
                    $0["replies"]?.array?.first?.string?.contains("Engine Warranty - Yanmar") == true
                }
            }
        }
    }
}
