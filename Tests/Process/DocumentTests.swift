import Foundation
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("documents", .serialized)
    struct DocumentTests {
        private static let owner = "+41791112233"

        private func gateway() throws -> RunningGateway {
            let gateway = try RunningGateway(Setup.shipped())
            let phone: JSONValue = ["kind": "phone", "value": .string(Self.owner), "verified": true]
            for (path, body) in [
                ("contacts/ana", ["name": "Ana", "addresses": [phone]]),
                ("boats/aurora", ["name": "Aurora", "contacts": [["id": "ana", "role": "owner"]]]),
                ("documents/w1", ["boat": "aurora", "type": "warranty", "title": "Engine Warranty - Yanmar"]),
                ("documents/w2", ["boat": "aurora", "type": "Warranty", "title": "Radar", "text": "two years"]),
                ("documents/s1", ["boat": "aurora", "type": "maintenance", "title": "Service Record - Engine 100h"]),
                ("documents/x", ["boat": "boreas", "type": "warranty", "title": "Engine Warranty - Volvo"]),
            ] as [(String, JSONValue)] {
                let answer = try gateway.call("PUT", "/v1/" + path, body)
                #expect(answer.status == 200, "\(path): \(answer.json)")
            }
            return gateway
        }

        @Test("a person who asks by text is told of the documents on file")
        func asked() throws {
            let gateway = try gateway()
            let text = try gateway.simulator.send(
                "POST", "phones/\(Self.owner)/text", ["to": "+41791234567", "body": "Find my warranty"])
            #expect(text.status == 201)
            let inbound = try eventually("the message") {
                try gateway.call("GET", "/v1/inbound").json["data"]?.array?.first
            }
            #expect(inbound["replies"] == ["Found 2 warranty document(s): 1. Radar\n2. Engine Warranty - Yanmar"])
            #expect(inbound["rule"] == "warranty question")
        }

        @Test("documents are put, listed, searched and removed over the API, and faults have their places")
        func api() throws {
            let gateway = try gateway()
            func search(_ query: String) throws -> [String?] {
                let answer = try gateway.call("GET", "/v1/documents/search?" + query)
                #expect(answer.status == 200, "\(answer.json)")
                return answer.json["data"]?.array?.map { $0["id"]?.string } ?? []
            }
            #expect(try search("q=engine&boat=aurora") == ["w1", "s1"])
            #expect(try search("q=engine&contact=ana&type=warranty") == ["w1"])
            #expect(try search("q=engines") == ["x", "w1", "s1"] || search("q=engines") == ["w1", "x", "s1"])
            #expect(try search("boat=aurora&limit=2").count == 2)
            let radar = try gateway.call("GET", "/v1/documents/w2").json
            #expect(radar["type"] == "warranty")
            #expect(radar["text"] == "two years")
            let page = try gateway.call("GET", "/v1/documents?limit=3").json
            #expect(page["data"]?.array?.map { $0["id"]?.string } == ["s1", "w1", "w2"])
            #expect(page["next_cursor"] == "w2")

            let faulty = try gateway.call(
                "PUT", "/v1/documents/d", ["boat": "a b", "title": "x\ny", "url": "ftp://x", "size": 1])
            #expect(faulty.status == 400)
            #expect(
                faulty.json["errors"]?.array?.map { $0["pointer"]?.string } == [
                    "/size", "/boat", "/type", "/title", "/url",
                ])
            for (query, code) in [
                ("q=find+my", "no_words"), ("boat=a&contact=b", "two_scopes"), ("cursor=x", "unknown_parameter"),
                ("limit=0", "bad_limit"), ("words=x", "unknown_parameter"),
            ] {
                let answer = try gateway.call("GET", "/v1/documents/search?" + query)
                #expect(answer.status == 400)
                #expect(answer.json["code"]?.string == code)
            }
            #expect(try gateway.call("POST", "/v1/documents/search", [:]).status == 405)
            #expect(try gateway.call("PUT", "/v1/documents/search", [:]).status == 405)
            for party in ["contact:ana", "contact%3Aana", "+41791112233", "%2B41791112233", "boat:aurora"] {
                #expect(try gateway.call("GET", "/v1/conversations/" + party).json["data"] == [], "\(party)")
            }
            #expect(try gateway.call("GET", "/v1/conversations/contact:nobody").status == 404)
            #expect(try gateway.call("GET", "/v1/conversations/ana").json["code"] == "bad_party")
            #expect(try gateway.call("DELETE", "/v1/documents/w1", nil).status == 200)
            #expect(try gateway.call("GET", "/v1/documents/w1").status == 404)
            #expect(try search("q=yanmar").isEmpty)
        }
    }
}
