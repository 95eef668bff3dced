import JSON
import Testing

extension ProcessTests {
    @Suite("contacts that are merged")
    struct MergeTests {
        private func gateway() throws -> RunningGateway {
            let gateway = try RunningGateway(Setup().yaml)
            let bens: JSONValue = [
                ["kind": "phone", "value": "+41791112234", "verified": true],
                ["kind": "phone", "value": "+41791112233", "verified": true],
                ["kind": "email", "value": "ben@example.org"],
            ]
            _ = try gateway.call("PUT", "/v1/contacts/ana", ["name": "Ana", "phone": "+41791112233"])
            _ = try gateway.call("PUT", "/v1/contacts/ben", ["name": "Ben", "locale": "de", "addresses": bens])
            _ = try gateway.call("PUT", "/v1/contacts/ben/preferences", ["topics_off": ["news.*"]])
            let crew: JSONValue = [["id": "ben", "role": "owner"]]
            _ = try gateway.call("PUT", "/v1/boats/aurora", ["name": "Aurora", "contacts": crew])
            return gateway
        }

        private func merge(_ gateway: RunningGateway, _ from: String, into id: String) throws -> JSONValue {
            try gateway.call("POST", "/v1/contacts/\(id)/merge", ["from": .string(from)]).json
        }

        @Test("one contact has all of both, what was filed under the other is found under it, and a repeat is the same")
        func merged() throws {
            let gateway = try gateway()
            try gateway.simulator.write("hello", from: "+41791112234")
            try eventually("inbound") {
                try gateway.call("GET", "/v1/inbound").json["data"]?.array?.first?["contact"]?.string == "ben"
                    ? true : nil
            }
            let early = try gateway.accept(["to": "contact:ben", "text": "hello"])
            try gateway.wait(for: early, ["satisfied"])

            let answer = try merge(gateway, "ben", into: "ana")
            let wanted: JSONValue = [
                "id": "ana", "name": "Ana", "locale": "de",
                "addresses": [
                    ["kind": "phone", "value": "+41791112233", "verified": true],
                    ["kind": "phone", "value": "+41791112234", "verified": true],
                    ["kind": "email", "value": "ben@example.org", "verified": false],
                ],
            ]
            #expect(answer == wanted, "\(answer)")
            #expect(try merge(gateway, "ben", into: "ana") == wanted)
            #expect(try gateway.call("GET", "/v1/contacts/ana").json == wanted)
            #expect(try gateway.call("GET", "/v1/contacts").json["data"]?.array == [wanted])
            for path in ["", "/consents", "/consents?history=true", "/preferences"] {
                let gone = try gateway.call("GET", "/v1/contacts/ben" + path)
                #expect(gone.status == 404 && gone.json["merged_into"]?.string == "ana", "\(path) \(gone.text)")
            }
            let preferences = try gateway.call("GET", "/v1/contacts/ana/preferences").json
            #expect(preferences["topics_off"]?.array == ["news.*"])
            let boat = try gateway.call("GET", "/v1/boats/aurora").json
            #expect(boat["contacts"]?.array == [["id": "ana", "role": "owner"]])
            let inbound = try gateway.call("GET", "/v1/inbound").json["data"]?.array
            #expect(inbound?.first?["contact"]?.string == "ana")
            let old = try gateway.message(early)["deliveries"]?.array?.first
            #expect(old?["contact"]?.string == "ana")
            let said = try gateway.call("GET", "/v1/conversations").json["data"]?.array ?? []
            #expect(said.map { $0["contact"]?.string } == ["ana"])

            // Who still knows the old id reaches the same person.
            let late = try gateway.accept(["to": "contact:ben", "text": "hello"])
            let delivery = try gateway.wait(for: late, ["satisfied"])["deliveries"]?.array?.first
            #expect(delivery?["contact"]?.string == "ana" && delivery?["to"]?.string == "+41791112233")
        }

        @Test("nobody is merged into themselves, and nobody who is not there")
        func refused() throws {
            let gateway = try gateway()
            func status(_ id: String, _ body: JSONValue) throws -> String {
                let answer = try gateway.call("POST", "/v1/contacts/\(id)/merge", body)
                return "\(answer.status) \(answer.json["code"]?.string ?? "")"
            }
            #expect(try status("ana", ["from": "ana"]) == "409 same_contact")
            #expect(try status("ana", ["from": "eve"]) == "404 not_found")
            #expect(try status("eve", ["from": "ana"]) == "404 not_found")
            #expect(try status("ana", [:]) == "400 invalid_request")
            #expect(try status("ana", ["from": "a b"]) == "400 invalid_request")
            #expect(try status("ana", ["from": "ben", "to": "x"]) == "400 invalid_request")
            #expect(try gateway.call("GET", "/v1/contacts/ana/merge").status == 405)
            _ = try gateway.call("PUT", "/v1/contacts/eve", ["name": "Eve"])
            #expect(try merge(gateway, "ben", into: "ana")["id"]?.string == "ana")
            let elsewhere = try merge(gateway, "ben", into: "eve")
            #expect(elsewhere["status"]?.int == 404 && elsewhere["merged_into"]?.string == "ana")
            #expect(try merge(gateway, "eve", into: "ben")["merged_into"]?.string == "ana")
            _ = try gateway.call("PUT", "/v1/contacts/ben", ["name": "Another Ben"])
            #expect(try gateway.call("GET", "/v1/contacts/ben").json["name"]?.string == "Another Ben")
        }
    }
}
