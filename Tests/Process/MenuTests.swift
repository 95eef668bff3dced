import Foundation
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("menus", .serialized)
    struct MenuTests {
        @Test("a caller's key opens the review of the menu's option, once, beside what the caller pressed")
        func review() throws {
            let gateway = try RunningGateway(Setup.shipped())
            let contact = try gateway.call("PUT", "/v1/contacts/ana", ["name": "Ana", "phone": "+41791112233"])
            #expect(contact.status == 200)
            let call = try gateway.simulator.send(
                "POST", "phones/+41791112233/call",
                ["to": "+41791234567", "do": [["hear": "1s"], ["press": "2"], ["hear": "60s"]]])
            #expect(call.status == 201)
            let reviews = try eventually("the review", within: 30) {
                let reviews = try gateway.call("GET", "/v1/reviews").json["data"]?.array ?? []
                return reviews.isEmpty ? nil : reviews
            }
            #expect(reviews.map { $0["reason"]?.string } == ["maintenance"])
            let inbound = try gateway.call("GET", "/v1/inbound").json["data"]?.array ?? []
            #expect(inbound.map { $0["digits"]?.string } == ["2", nil])
            #expect(inbound.allSatisfy { $0["from"]?.string == "+41791112233" && $0["contact"]?.string == "ana" })
        }

        @Test("a message on the shipped file's voicemail can be heard, is found by its words, and asks for a call back")
        func voicemail() throws {
            let gateway = try RunningGateway(Setup.shipped())
            let phone: JSONValue = ["kind": "phone", "value": "+41791112233", "verified": true]
            let owner: JSONValue = ["name": "Ana", "addresses": [phone]]
            #expect(try gateway.call("PUT", "/v1/contacts/ana", owner).status == 200)
            let boat: JSONValue = ["name": "Luna", "contacts": [["id": "ana", "role": "owner"]]]
            #expect(try gateway.call("PUT", "/v1/boats/luna", boat).status == 200)
            let call = try gateway.simulator.send(
                "POST", "phones/+41791112233/call",
                [
                    "to": "+41791234567",
                    "do": [
                        ["hear": "1s"], ["press": "3"], ["wait": "10s"], ["say": "The bilge pump is loud"],
                        ["wait": "4s"], "hangup",
                    ],
                ])
            #expect(call.status == 201)
            let media = try eventually("the sound", within: 60) {
                let files = try gateway.call("GET", "/v1/media?state=stored").json["data"]?.array ?? []
                return files.first
            }
            #expect(media["type"] == "audio/x-wav" && media["boat"] == "luna")
            let found = try eventually("the document", within: 30) {
                let answer = try gateway.call("GET", "/v1/documents/search?q=bilge+pump&boat=luna")
                return answer.json["data"]?.array?.first
            }
            #expect(found["id"] == media["document"])
            let reviews = try gateway.call("GET", "/v1/reviews").json["data"]?.array ?? []
            #expect(reviews.map { $0["reason"]?.string } == ["support_call"])
        }

        @Test("the simulated numbers call the webhooks of a provider of any name")
        func name() throws {
            let yaml = Setup().yaml.replacingOccurrences(of: "  twilio:\n", with: "  main:\n    adapter: twilio\n")
                .replacingOccurrences(of: "provider: twilio", with: "provider: main")
            let gateway = try RunningGateway(yaml)
            let text = try gateway.simulator.send(
                "POST", "phones/+41791112233/text", ["to": "+41791234567", "body": "hello"])
            #expect(text.status == 201)
            try eventually("the message") {
                try gateway.call("GET", "/v1/inbound").json["data"]?.array?.count == 1 ? true : nil
            }
            #expect(try gateway.simulator.webhooks("Messages").map { $0.result.int } == [200])
        }
    }
}
