import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("reviews before sending")
    struct ReviewTests {
        private static let owner = "+41791112233"

        private func gateway() throws -> RunningGateway {
            var setup = Setup()
            setup.policy = "review: required"
            return try RunningGateway(setup.yaml)
        }

        private func review(_ gateway: RunningGateway) throws -> JSONValue {
            try #require(try gateway.call("GET", "/v1/reviews").json["data"]?.array?.first)
        }

        private func call(
            _ gateway: RunningGateway, _ method: String, _ path: String, key: String
        ) throws -> HTTPResponse {
            try Web.send(
                try Web.request(
                    method, gateway.privateURL + path, headers: [("Authorization", "Bearer " + key)], body: []))
        }

        @Test("a message waits, is approved with a key that is noted, and goes out")
        func approved() throws {
            let gateway = try gateway()
            let answer = try gateway.call("POST", "/v1/messages", ["to": .string(Self.owner), "text": "bilge"])
            #expect(answer.status == 202)
            #expect(answer.json["state"]?.string == "review")
            let id = try #require(answer.json["id"]?.string)
            try gateway.wait(for: id, ["review"])
            let open = try review(gateway)
            #expect(open["reason"]?.string == "approval")
            let path = "/v1/reviews/" + (open["id"]?.string ?? "")
            #expect(try gateway.call("GET", path).json == open)
            #expect(try gateway.simulator.told().isEmpty)
            let closed = try gateway.call("POST", path + "/approve")
            #expect(closed.status == 200)
            #expect(closed.json["verdict"]?.string == "approved")
            let keys = try gateway.call("GET", "/v1/keys").json["data"]?.array ?? []
            #expect(closed.json["closed_by"] == keys.first?["id"])
            try gateway.wait(for: id, ["satisfied"])
            #expect(try gateway.call("POST", path + "/approve").json == closed.json)
            let other = try gateway.call("POST", path + "/dismiss")
            #expect(other.status == 409)
            #expect(other.json["code"]?.string == "review_closed")
            #expect(try gateway.simulator.told() == ["sms \(Self.owner)"])
        }

        @Test("a message that is dismissed is never sent; others' reviews and wrong requests are refused")
        func dismissed() throws {
            let gateway = try gateway()
            let id = try gateway.accept(["to": .string(Self.owner), "text": "bilge"])
            try gateway.wait(for: id, ["review"])
            let path = "/v1/reviews/" + (try review(gateway)["id"]?.string ?? "")
            let created = try gateway.call(
                "POST", "/v1/keys", ["name": "o", "tenant": "other", "scopes": ["reviews:read", "reviews:write"]])
            let other = try #require(created.json["key"]?.string)
            for (method, target) in [("GET", path), ("POST", path + "/approve"), ("POST", path + "/dismiss")] {
                #expect(try call(gateway, method, target, key: other).status == 404)
            }
            #expect(try call(gateway, "GET", "/v1/reviews", key: other).json["data"]?.array?.isEmpty == true)
            #expect(try gateway.call("POST", "/v1/reviews/rev_0000000000001/approve").status == 404)
            #expect(try gateway.call("GET", path + "/approve").status == 405)
            #expect(try gateway.call("POST", path).status == 405)
            #expect(try gateway.call("POST", path + "/dismiss").json["verdict"]?.string == "dismissed")
            try gateway.wait(for: id, ["rejected"])
            #expect(try gateway.simulator.told().isEmpty)
        }
    }
}
