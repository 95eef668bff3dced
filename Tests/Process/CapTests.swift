import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("daily caps of API keys", .serialized)
    struct CapTests {
        private func post(_ gateway: RunningGateway, _ key: String, _ count: Int) throws -> [Int] {
            let requests = try (0..<count).map { number in
                try Web.request(
                    "POST", gateway.privateURL + "/v1/messages",
                    headers: [("Authorization", "Bearer " + key), ("Content-Type", "application/json")],
                    body: (["to": .string("+4179111\(1_000 + number)"), "text": "hello"] as JSONValue).bytes())
            }
            return try Web.sendAll(requests).map { try $0.get().status }.sorted()
        }

        @Test("of eight requests at once three pass a cap of three, and after kill -9 none does")
        func killed() throws {
            let setup = Setup(chain: "[{ channel: sms }, { channel: voice, max_calls: 1 }]")
            let first = try RunningGateway(setup.yaml)
            let made = try first.call(
                "POST", "/v1/keys", ["name": "capped", "scopes": ["messages:write"], "daily_calls": 3])
            #expect(made.status == 201)
            let key = made.json["key"]?.string ?? ""
            #expect(try post(first, key, 8) == [202, 202, 202, 429, 429, 429, 429, 429])
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(setup.yaml, in: first.folder)
            #expect(try post(second, key, 2) == [429, 429])
            #expect(try second.call("POST", "/v1/messages", ["to": "+41791119999", "text": "hello"]).status == 202)
        }
    }
}
