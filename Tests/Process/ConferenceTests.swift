import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("conferences", .serialized)
    struct ConferenceTests {
        private static let path = "/v1/conferences/survey.7"

        private static var yaml: String {
            var setup = Setup()
            setup.simulator = """
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  calls: 100/s
                  phones: { default: { voice: { ring: 100ms, answer: human } } }
                """
            return setup.yaml
        }

        private func states(_ gateway: RunningGateway) throws -> [String] {
            let answer = try gateway.call("GET", Self.path)
            return answer.json["participants"]?.array?.compactMap { $0["state"]?.string } ?? []
        }

        @Test("people are invited, muted, removed, and the conference is ended, all of it kept over kill -9")
        func life() throws {
            let first = try RunningGateway(Self.yaml)
            #expect(try first.call("PUT", "/v1/contacts/ana", ["name": "Ana", "phone": "+447700900101"]).status == 200)
            let ana = try first.call(
                "POST", Self.path + "/participants",
                ["to": "contact:ana", "label": "ana", "role": "host", "boat": "aurora-7"])
            #expect(ana.status == 202 && ana.json["contact"] == "ana" && ana.json["end_on_exit"] == true, "\(ana.text)")
            let ben = try first.call(
                "POST", Self.path + "/participants", ["to": "+447700900102", "label": "ben", "role": "listener"])
            #expect(ben.json["muted"] == true && ben.json["to"] == "+447700900102")
            try eventually("both to be in") { try states(first) == ["joined", "joined"] ? true : nil }
            let roster = try first.call("GET", Self.path).json
            #expect(roster["boat"] == "aurora-7" && roster["state"] == "running" && roster["channel"] == "voice")
            #expect(try first.call("GET", "/v1/conferences?boat=aurora-7&state=open").json["data"]?.array?.count == 1)
            let changed = try first.call(
                "PATCH", Self.path + "/participants/ben", ["muted": false, "hold": true])
            #expect(changed.status == 200 && changed.json["muted"] == false && changed.json["hold"] == true)
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            // The simulated provider ends with it: whoever was in is gone.
            let second = try RunningGateway(Self.yaml, in: first.folder)
            let kept = try second.call("GET", "/v1/conferences/" + (roster["id"]?.string ?? "")).json
            #expect(kept["boat"] == "aurora-7" && kept["participants"]?.array?.count == 2)
            try eventually("the provider to be asked") {
                try second.simulator.requests("/Participants.json", method: "GET").isEmpty ? nil : true
            }
        }

        @Test("whoever asks for an end gets the conference, and a repeat the same participant")
        func ends() throws {
            let gateway = try RunningGateway(Self.yaml)
            let body: JSONValue = ["to": "+447700900101", "label": "ana"]
            let headers = [("Idempotency-Key", "one")]
            let made = try gateway.call("POST", Self.path + "/participants", body, headers: headers)
            let again = try gateway.call("POST", Self.path + "/participants", body, headers: headers)
            #expect(made.status == 202 && again.status == 202 && made.json["id"] == again.json["id"])
            #expect(again.headers[first: "Idempotent-Replayed"] == "true")
            try eventually("ana to be in") { try states(gateway) == ["joined"] ? true : nil }
            let told = try gateway.call("POST", Self.path + "/announce", ["url": "https://cdn.example/five.mp3"])
            #expect(told.status == 200, "\(told.text)")
            let ended = try gateway.call("POST", Self.path + "/end")
            #expect(ended.status == 200 && ended.json["state"] == "ended", "\(ended.text)")
            #expect(try gateway.call("POST", Self.path + "/end").status == 404)
            #expect(try states(gateway) == ["left"])
            let events = try gateway.call("GET", "/v1/events").json["data"]?.array ?? []
            #expect(
                events.compactMap { $0["type"]?.string?.split(separator: ".").dropFirst(2).dropLast() }.map {
                    $0.joined(separator: ".")
                } == ["participant.joined", "conference.started", "participant.left", "conference.ended"])
        }

        @Test("what is wrong with a request is said with its place")
        func faults() throws {
            let gateway = try RunningGateway(Self.yaml)
            let people = Self.path + "/participants"
            for (method, target, body, status, code) in [
                ("GET", "/v1/conferences?state=odd", nil, 400, "bad_parameter"),
                ("GET", Self.path, nil, 404, "not_found"), ("GET", people + "/eve", nil, 404, "not_found"),
                ("POST", people, [:], 400, "invalid_request"),
                ("POST", people, ["to": "boat:b"], 400, "invalid_request"),
                ("POST", people, ["to": "+447700900101", "role": "king"], 400, "invalid_request"),
                ("POST", people, ["to": "+447700900101", "role": "coach"], 400, "invalid_request"),
                ("POST", people, ["to": "+447700900101", "label": "a b"], 400, "invalid_request"),
                ("POST", people, ["to": "+447700900101", "coach": "eve"], 409, "no_coached"),
                ("POST", people, ["to": "+393331234567"], 422, "country_not_allowed"),
                ("POST", people, ["to": "contact:nobody"], 422, "unknown_contact"),
                ("POST", "/v1/conferences/a%20b/participants", ["to": "+447700900101"], 400, "bad_name"),
                ("PATCH", people + "/eve", ["muted": true], 404, "not_found"),
                ("PATCH", people + "/eve", [:], 400, "invalid_request"),
                ("PATCH", people + "/eve", ["announce": "file:///etc"], 400, "invalid_request"),
                ("POST", Self.path + "/end", nil, 404, "not_found"),
                ("POST", Self.path + "/announce", [:], 400, "invalid_request"),
                ("PUT", people, [:], 405, "method_not_allowed"), ("POST", Self.path, [:], 405, "method_not_allowed"),
                ("GET", Self.path + "/end", nil, 405, "method_not_allowed"),
                ("GET", people + "/eve/x", nil, 404, "not_found"),
            ] as [(String, String, JSONValue?, Int, String)] {
                let answer = try gateway.call(method, target, body)
                #expect(
                    answer.status == status && answer.json["code"]?.string == code,
                    "\(method) \(target): \(answer.text)")
            }
        }
    }
}
