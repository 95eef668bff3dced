import Foundation
import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("rooms and their tokens", .serialized)
    struct RoomTests {
        private static let channel = "  video: { adapter: video, provider: twilio }"

        /// The configuration of these tests with a video channel.
        private func gateway(_ change: (inout String) -> Void = { _ in }) throws -> RunningGateway {
            var yaml = Setup().yaml.replacingOccurrences(of: "\npolicies:", with: "\n" + Self.channel + "\npolicies:")
            change(&yaml)
            return try RunningGateway(yaml)
        }

        private func problem(_ answer: HTTPResponse) -> String? {
            guard answer.headers[first: "Content-Type"] == "application/problem+json" else { return nil }
            return answer.json["code"]?.string
        }

        private func credentials(_ gateway: RunningGateway) throws -> JSONValue {
            try JSONValue(parsing: Array((gateway.folder.read("data/simulator.json") ?? "").utf8))
        }

        /// Who may enter which room; nothing where the claims grant anything else.
        private func grants(_ claims: JSONValue) -> [String?] {
            guard let grants = claims["grants"]?.object, let video = grants["video"]?.object, grants.count == 2,
                video.count == 1
            else { return [] }
            return [grants["identity"]?.string, video["room"]?.string]
        }

        /// What the official SDK and PyJWT read in tokens.
        private func read(_ tokens: [String], _ gateway: RunningGateway) throws -> [JSONValue] {
            let secret = try credentials(gateway)["api_key_secret"]?.string ?? ""
            let list = JSONValue.array(tokens.map { .string($0) }).text
            let reader = try Python.start(
                "read_token.py", [list], environment: ["TWILIO_API_SECRET": secret], in: gateway.folder)
            #expect(try reader.wait() == 0, "\(reader.errorOutput)")
            return reader.output.split(separator: "\n").map { line in
                (try? JSONValue(parsing: Array(line.utf8))) ?? .string(String(line))
            }
        }

        @Test("a room is made at the provider, entered with a token that the official SDK finds good, and ended")
        func life() throws {
            let gateway = try gateway()
            let made = try gateway.call(
                "POST", "/v1/rooms", ["name": "survey.7", "max_participants": 4, "max_duration": "2h"])
            #expect(made.status == 201)
            #expect(made.json["name"]?.string == "survey.7")
            #expect(made.json["state"]?.string == "running")
            #expect(made.json["provider_id"]?.string?.hasPrefix("RM") == true)
            #expect(made.json["max_participants"]?.int == 4 && made.json["max_duration"]?.int == 7_200)
            let requests = try gateway.simulator.requests("/Rooms")
            #expect(requests.map(\.path) == ["/video/v1/Rooms"])
            #expect(
                requests[0].form.map { $0.0 + "=" + $0.1 } == [
                    "UniqueName=survey.7", "Type=group", "MaxParticipants=4", "MaxParticipantDuration=7200",
                    "StatusCallback=\(gateway.publicURL)/webhooks/twilio/video/status", "StatusCallbackMethod=POST",
                ])

            let before = Int64(Date().timeIntervalSince1970)
            let entry = try gateway.call(
                "POST", "/v1/rooms/survey.7/tokens", ["identity": "José Müller", "ttl": 600])
            #expect(entry.status == 201)
            #expect(entry.json["room"]?.string == "survey.7" && entry.json["identity"]?.string == "José Müller")
            let token = entry.json["token"]?.string ?? ""
            #expect(entry.json["link"]?.string == gateway.publicURL + "/rooms/survey.7#token=" + token)
            let keys = try credentials(gateway)
            let forged = token.dropLast() + (token.hasSuffix("A") ? "g" : "A")
            let verdicts = try read([token, String(forged)], gateway)
            let claims = verdicts[0]["claims"] ?? .null
            #expect(verdicts[0]["header"] == ["alg": "HS256", "cty": "twilio-fpa;v=1", "typ": "JWT"])
            #expect(claims["iss"] == keys["api_key_sid"] && claims["sub"] == keys["account_sid"])
            #expect(grants(claims) == ["José Müller", "survey.7"])
            let expires = claims["exp"]?.int ?? 0
            #expect((before + 600...before + 630).contains(expires))
            let written = ISO8601DateFormatter()
            written.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
            let told = entry.json["expires"]?.string ?? ""
            let time = written.date(from: told) ?? ISO8601DateFormatter().date(from: told)
            #expect(time?.timeIntervalSince1970 == Double(expires))
            #expect(verdicts[1].string == "refused")

            let join = try gateway.simulator.send("POST", "rooms/survey.7/join", ["token": .string(token)])
            #expect(join.status == 201)
            let wrong = try gateway.simulator.send("POST", "rooms/survey.7/join", ["token": .string(String(forged))])
            #expect(wrong.status == 403)
            try eventually("the callbacks of the room") {
                let events = try gateway.simulator.webhooks("Rooms")
                let isDone =
                    events.map { $0["StatusCallbackEvent"] } == ["room-created", "participant-connected"]
                    && events.allSatisfy { [200, 204].contains($0.result.int ?? 0) }
                return isDone ? true : nil
            }

            let ended = try gateway.call("DELETE", "/v1/rooms/survey.7")
            #expect(ended.status == 200 && ended.json["state"]?.string == "ended")
            #expect(ended.json["ended"]?.string?.hasSuffix("Z") == true)
            #expect(problem(try gateway.call("GET", "/v1/rooms/survey.7")) == "not_found")
            let late = try gateway.call("POST", "/v1/rooms/survey.7/tokens", ["identity": "ben"])
            #expect(late.status == 404 && problem(late) == "not_found")
            #expect(problem(try gateway.call("DELETE", "/v1/rooms/survey.7")) == "not_found")
        }

        @Test("the source's own path answers a token, the room's name and a link, a room of its own for each request")
        func inspection() throws {
            let gateway = try gateway()
            let path = "/api/yacht-inspections/aurora-7/video-conference"
            let body: JSONValue = ["participantName": "ana", "participantRole": "surveyor"]
            let first = try gateway.call("POST", path, body)
            #expect(first.status == 200)
            #expect(first.json.object?.keys == ["accessToken", "roomName", "inspectionUrl"])
            let warning = #"299 gateway "participantRole has no effect in this version""#
            #expect(first.headers[first: "Warning"] == warning)
            let plain = try gateway.call("POST", path, ["participantName": "ana"])
            #expect(plain.status == 200 && plain.headers[first: "Warning"] == nil)
            let name = first.json["roomName"]?.string ?? ""
            #expect(name.hasPrefix("yacht-inspection-aurora-7-"))
            let token = first.json["accessToken"]?.string ?? ""
            let claims = try read([token], gateway)[0]["claims"] ?? .null
            #expect(grants(claims) == ["ana", name])
            let link = first.json["inspectionUrl"]?.string ?? ""
            #expect(link == gateway.publicURL + "/rooms/\(name)#token=\(token)")
            #expect(try Web.send(try Web.request("GET", gateway.publicURL + "/rooms/" + name)).status == 200)
            #expect(try gateway.call("GET", "/v1/rooms/" + name).json["boat"]?.string == "aurora-7")
            let second = try gateway.call("POST", path, body)
            #expect(second.json["roomName"]?.string?.hasPrefix("yacht-inspection-aurora-7-") == true)
            #expect(second.json["roomName"] != first.json["roomName"])

            let key = [("Idempotency-Key", "inspection-1")]
            let kept = try gateway.call("POST", path, body, headers: key)
            let again = try gateway.call("POST", path, body, headers: key)
            #expect(again.headers[first: "Idempotent-Replayed"] == "true")
            #expect([kept, again].map { $0.headers[first: "Warning"] } == [warning, warning])
            #expect(again.json["roomName"] == kept.json["roomName"] && kept.status == 200)
            let other = try gateway.call("POST", path, ["participantName": "ben"], headers: key)
            #expect(other.status == 422 && problem(other) == "idempotency_mismatch")
            #expect(try gateway.simulator.requests("/Rooms").count == 4)
        }

        @Test("the time in a room is counted for the tenant of the key that made it")
        func costs() throws {
            let gateway = try gateway { yaml in
                yaml = yaml.replacingOccurrences(
                    of: "\nsimulator:",
                    with: """

                        prices: { video: { use: { per: participant_minute, "*": 0.02 USD } } }
                        budgets: { all: { per_day: 9 USD } }
                        simulator:
                        """)
            }
            let made = try gateway.call(
                "POST", "/v1/keys", ["name": "k", "scopes": ["rooms:write"], "tenant": "marina"])
            let key = try #require(made.json["key"]?.string)
            func call(_ path: String, _ body: JSONValue) throws -> HTTPResponse {
                let fields = [("Authorization", "Bearer " + key), ("Content-Type", "application/json")]
                return try Web.send(
                    try Web.request("POST", gateway.privateURL + path, headers: fields, body: body.bytes()))
            }
            let room = try call("/v1/rooms", ["name": "survey"])
            #expect(room.status == 201)
            let entry = try call("/v1/rooms/survey/tokens", ["identity": "ana"])
            let place = "rooms/" + (room.json["provider_id"]?.string ?? "")
            #expect(
                try gateway.simulator.send("POST", place + "/join", ["token": entry.json["token"] ?? .null]).status
                    == 201)
            #expect(try gateway.simulator.send("POST", place + "/leave", ["identity": "ana"]).status < 300)
            let row = try eventually("a row of costs") {
                try gateway.call("GET", "/v1/costs?by=tenant,channel,kind,direction").json["data"]?.array?.first
            }
            let names = ["tenant", "channel", "kind", "direction"].map { row[$0]?.string }
            #expect(names == ["marina", "video", "video", "use"])
            #expect(row["attempts"]?.int == 1)
        }

        @Test("ten rooms at once have ten names, and lists have pages")
        func many() throws {
            let gateway = try gateway()
            let path = "/api/yacht-inspections/b/video-conference"
            let requests = try (0..<10).map { number in
                try gateway.request("POST", path, ["participantName": .string("p\(number)")])
            }
            let names = Set(try Web.sendAll(requests).map { try $0.get().json["roomName"]?.string ?? "" })
            #expect(names.count == 10 && !names.contains(""))
            var found: [String] = []
            var target = "/v1/rooms?limit=4"
            var pages = 0
            while pages < 10 {
                let page = try gateway.call("GET", target).json
                found += (page["data"]?.array ?? []).compactMap { $0["name"]?.string }
                pages += 1
                guard let next = page["next_cursor"]?.string else { break }
                target = "/v1/rooms?limit=4&cursor=" + next
            }
            #expect(pages == 3)
            #expect(found.count == 10 && Set(found) == names)
        }

        @Test("a room that runs already is answered, not doubled; a repeat with a key gets the stored answer")
        func repeats() throws {
            let gateway = try gateway()
            let first = try gateway.call("POST", "/v1/rooms", ["name": "a", "max_participants": 3])
            #expect(first.status == 201)
            let second = try gateway.call("POST", "/v1/rooms", ["name": "a"])
            #expect(second.status == 200)
            #expect(second.json == first.json)
            let key = [("Idempotency-Key", "k")]
            let third = try gateway.call("POST", "/v1/rooms", ["name": "b"], headers: key)
            let count = try gateway.simulator.requests("/Rooms").count
            let fourth = try gateway.call("POST", "/v1/rooms", ["name": "b"], headers: key)
            #expect(third.status == 201 && fourth.status == 201 && fourth.body == third.body)
            #expect(fourth.headers[first: "Idempotent-Replayed"] == "true")
            #expect(try gateway.simulator.requests("/Rooms").count == count)
            let mismatch = try gateway.call("POST", "/v1/rooms", ["name": "c"], headers: key)
            #expect(mismatch.status == 422 && problem(mismatch) == "idempotency_mismatch")
        }

        @Test("the stored answer outlives the gateway")
        func restart() throws {
            let folder = try Folder()
            let yaml = Setup().yaml.replacingOccurrences(
                of: "\npolicies:", with: "\n" + Self.channel + "\npolicies:")
            let key = [("Idempotency-Key", "k")]
            var gateway = try RunningGateway(yaml, in: folder)
            let first = try gateway.call("POST", "/v1/rooms", ["boat": "aurora"], headers: key)
            #expect(first.status == 201 && first.json["boat"]?.string == "aurora")
            gateway.program.send(SIGKILL)
            gateway = try RunningGateway(yaml, in: folder)
            let second = try gateway.call("POST", "/v1/rooms", ["boat": "aurora"], headers: key)
            #expect(second.status == 201 && second.body == first.body)
            #expect(try gateway.simulator.requests("/Rooms").isEmpty)
        }

        @Test("an answer that was lost on the way is looked up; a provider that is down is a problem with its code")
        func outages() throws {
            let gateway = try gateway()
            func fault(_ fault: JSONValue) throws {
                let answer = try gateway.simulator.send("PUT", "faults", ["faults": [fault]])
                #expect(answer.status < 300, "\(answer.text)")
            }
            try fault([
                "kind": "status", "path": "Rooms", "method": "POST", "status": 503, "after_accepting": true, "times": 1,
            ])
            #expect(try gateway.call("POST", "/v1/rooms", ["name": "lost"]).status == 201)
            try fault(["kind": "cut", "path": "Rooms", "method": "POST", "after_accepting": true, "times": 1])
            #expect(try gateway.call("POST", "/v1/rooms", ["name": "cut"]).status == 201)
            #expect(try gateway.simulator.requests("/Rooms").count == 2)

            try fault(["kind": "status", "path": "Rooms", "status": 500])
            let down = try gateway.call("POST", "/v1/rooms", ["name": "down"])
            #expect(down.status == 503 && problem(down) == "provider_unavailable")
            #expect(down.headers[first: "Retry-After"] != nil && down.json["provider_code"]?.int != nil)
            #expect(problem(try gateway.call("GET", "/v1/rooms")) == "provider_unavailable")
            #expect(problem(try gateway.call("GET", "/v1/rooms/lost")) == "provider_unavailable")
            try fault(["kind": "status", "path": "Rooms", "status": 429, "retry_after": "7s"])
            let busy = try gateway.call("POST", "/v1/rooms", ["name": "busy"])
            #expect(busy.status == 503 && problem(busy) == "provider_busy")
            #expect(busy.headers[first: "Retry-After"] == "7" && busy.json["provider_code"]?.int == 20429)
            try fault(["kind": "status", "path": "Rooms", "status": 401])
            let auth = try gateway.call("POST", "/v1/rooms", ["name": "auth"])
            #expect(auth.status == 502 && problem(auth) == "provider_auth")
            try fault(["kind": "status", "path": "Rooms", "status": 400, "code": 53104])
            let refused = try gateway.call("POST", "/v1/rooms", ["name": "refused"])
            #expect(refused.status == 422 && problem(refused) == "provider_refused")
            #expect(refused.json["provider_code"]?.int == 53104)
            #expect(try gateway.simulator.send("DELETE", "faults").status < 300)
            #expect(try gateway.call("POST", "/v1/rooms", ["name": "down"]).status == 201)
        }

        @Test("what cannot be is refused with its place, and without a video channel the section is named")
        func refusals() throws {
            let gateway = try gateway()
            let cases: [(JSONValue, [String])] = [
                ([:], ["/name"]), (["name": "a b"], ["/name"]), (["name": ".."], ["/name"]),
                (["name": "a", "boat": "b"], ["/name"]), (["boat": "a/b"], ["/boat"]),
                (["name": "a", "type": "peer-to-peer"], ["/type"]),
                (["name": "a", "max_participants": 51], ["/max_participants"]),
                (["name": "a", "max_duration": "5m", "x": 1], ["/x", "/max_duration"]),
            ]
            for (body, places) in cases {
                let answer = try gateway.call("POST", "/v1/rooms", body)
                #expect(answer.status == 400 && problem(answer) == "invalid_request", "\(body)")
                #expect(answer.json["errors"]?.array?.map { $0["pointer"]?.string } == places, "\(body)")
            }
            #expect(try gateway.call("POST", "/v1/rooms", ["name": "a"]).status == 201)
            for body: JSONValue in [[:], ["identity": "a", "ttl": 86_401], ["identity": "a", "ttl": "59s"]] {
                let answer = try gateway.call("POST", "/v1/rooms/a/tokens", body)
                #expect(answer.status == 400 && problem(answer) == "invalid_request", "\(body)")
            }
            #expect(try gateway.call("PUT", "/v1/rooms/a", [:]).status == 405)
            #expect(try gateway.call("GET", "/v1/rooms/a/participants").status == 404)
            #expect(try gateway.simulator.requests("/Rooms").count == 1)

            try gateway.folder.write(Setup().yaml, to: "channels.yaml")
            #expect(try gateway.call("POST", "/-/reload").status == 200)
            let path = "/api/yacht-inspections/b/video-conference"
            for answer in [
                try gateway.call("POST", "/v1/rooms", ["name": "a"]), try gateway.call("GET", "/v1/rooms"),
                try gateway.call("GET", "/v1/rooms/a"), try gateway.call("POST", path, ["participantName": "x"]),
            ] {
                #expect(answer.status == 409 && problem(answer) == "video_off")
                #expect(answer.json["detail"]?.string?.contains("'channels:'") == true)
            }
        }

        @Test("keys need the scope, and a tenant sees its own rooms alone")
        func keys() throws {
            let gateway = try gateway()
            func key(_ scopes: [JSONValue], tenant: String) throws -> [(String, String)] {
                let answer = try gateway.call(
                    "POST", "/v1/keys", ["name": "k", "scopes": .array(scopes), "tenant": .string(tenant)])
                return [("Authorization", "Bearer " + (answer.json["key"]?.string ?? ""))]
            }
            func call(
                _ method: String, _ path: String, _ body: JSONValue? = nil, _ key: [(String, String)]
            ) throws -> HTTPResponse {
                let fields = key + (body == nil ? [] : [("Content-Type", "application/json")])
                return try Web.send(
                    try Web.request(
                        method, gateway.privateURL + path, headers: fields, body: body?.bytes() ?? []))
            }
            let reader = try key(["rooms:read"], tenant: "default")
            #expect(problem(try call("POST", "/v1/rooms", ["name": "a"], reader)) == "scope_missing")
            #expect(problem(try call("POST", "/v1/rooms/a/tokens", ["identity": "x"], reader)) == "scope_missing")
            let other = try key(["rooms:read", "rooms:write"], tenant: "marina")
            let ours = try gateway.call("POST", "/v1/rooms", ["name": "a"])
            #expect(try call("GET", "/v1/rooms/a", nil, other).status == 404)
            let sid = ours.json["provider_id"]?.string ?? ""
            #expect(try call("GET", "/v1/rooms/" + sid, nil, other).status == 404)
            let theirs = try call("POST", "/v1/rooms", ["name": "a"], other)
            #expect(theirs.status == 201 && theirs.json["name"]?.string == "a")
            #expect(theirs.json["provider_id"] != ours.json["provider_id"])
            let theirSid = theirs.json["provider_id"]?.string ?? ""
            #expect(try gateway.call("GET", "/v1/rooms/" + theirSid).status == 404)
            let seen = try call("GET", "/v1/rooms", nil, other).json["data"]?.array ?? []
            #expect(seen.map { $0["provider_id"] } == [theirs.json["provider_id"]])
            let own = try call("GET", "/v1/rooms", nil, reader).json["data"]?.array ?? []
            #expect(own.map { $0["provider_id"] } == [ours.json["provider_id"]])
            // Their token opens their room, not ours of the same name.
            let entry = try call("POST", "/v1/rooms/a/tokens", ["identity": "x"], other).json
            let token = entry["token"] ?? .null
            let room = entry["room"]?.string ?? ""
            #expect(try gateway.simulator.send("POST", "rooms/a/join", ["token": token]).status == 403)
            #expect(try gateway.simulator.send("POST", "rooms/\(room)/join", ["token": token]).status == 201)
            let link = (entry["link"]?.string ?? "").split(separator: "#").first.map(String.init) ?? ""
            #expect(try Web.send(try Web.request("GET", link)).status == 200)
        }

        private static let vendorAPI: JSONValue? = {
            let folder = ProcessInfo.processInfo.environment["OPENAPI_FOLDER"] ?? Repository.root + "/../shared/openapi"
            let data = FileManager.default.contents(atPath: folder + "/twilio_video_v1.json")
            return data.flatMap { try? JSONValue(parsing: Array($0)) }
        }()

        @Test(
            "what is sent is in the vendor's own description of its API",
            .enabled(if: vendorAPI != nil, "the vendor's description is not here"))
        func described() throws {
            let gateway = try gateway()
            #expect(
                try gateway.call("POST", "/v1/rooms", ["name": "a", "max_duration": 600]).status == 201)
            #expect(try gateway.call("GET", "/v1/rooms?limit=1").status == 200)
            #expect(try gateway.call("DELETE", "/v1/rooms/a").status == 200)
            let paths = Self.vendorAPI?["paths"]
            let posts = try gateway.simulator.requests("/Rooms")
            #expect(posts.count == 2)
            for (request, path) in zip(posts, ["/v1/Rooms", "/v1/Rooms/{Sid}"]) {
                let content = paths?[path]?["post"]?["requestBody"]?["content"]
                let schema = content?["application/x-www-form-urlencoded"]?["schema"]
                let known = Set(schema?["properties"]?.object?.keys ?? [])
                #expect(!known.isEmpty)
                #expect(Set(request.form.map(\.0)).subtracting(known) == [])
            }
            let list = try gateway.simulator.requests("/Rooms", method: "GET").map(\.target).first { $0.contains("?") }
            let query = (list ?? "").split(separator: "?").last.map { $0.split(separator: "&") } ?? []
            let parameters = paths?["/v1/Rooms"]?["get"]?["parameters"]?.array ?? []
            let names = Set(parameters.compactMap { $0["name"]?.string })
            #expect(Set(query.compactMap { $0.split(separator: "=").first.map(String.init) }).subtracting(names) == [])
        }
    }
}
