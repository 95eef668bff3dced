import JSON
import Testing

extension ProcessTests {
    @Suite("what a person sends beside a text")
    struct InboundDetailsTests {
        private static let person = "+41791112233"

        /// The details that a WhatsApp message with some keys is filed with.
        private func details(_ more: JSONObject, _ gateway: RunningGateway) throws -> JSONObject {
            var body: JSONObject = ["to": "whatsapp:+41791234567"]
            for (key, value) in more.members { body[key] = value }
            let sent = try gateway.simulator.send("POST", "phones/\(Self.person)/text", .object(body))
            #expect(sent.status == 201, "\(sent.json)")
            let sid = sent.json["sid"]?.string
            let filed = try eventually("the message") {
                try gateway.call("GET", "/v1/inbound").json["data"]?.array?.first { $0["provider_id"]?.string == sid }
            }
            return filed["details"]?.object ?? JSONObject()
        }

        @Test("each fact of a handset is filed under its name")
        func facts() throws {
            let gateway = try RunningGateway(Setup.shipped { _ in })
            let place: JSONObject = ["latitude": 43.5147, "longitude": 16, "label": "Marina", "address": "Riva 1"]
            let list: JSONObject = ["id": "w1", "title": "Warranty"]
            let referral: JSONObject = ["headline": "Yachts", "source_id": "1", "media_type": "image/png"]
            for (key, value) in [("location", place), ("list", list), ("referral", referral)] {
                let filed = try details([key: .object(value), "body": "look"], gateway)
                #expect(filed[key] == .object(value), "\(filed)")
            }
            let button = try details(["button": ["payload": "ok:1", "text": "Yes"]], gateway)
            #expect(button["button"] == ["text": "Yes", "payload": "ok:1"] && button["type"] == "button")
            let who = try details(
                ["body": "hi", "profile_name": "Ana", "user_id": "IT.1a2B", "parameters": ["Forwarded": "true"]],
                gateway)
            #expect(who["profile_name"] == "Ana" && who["user"]?["id"] == "whatsapp:IT.1a2B", "\(who)")
            #expect(who["forwarded"] == true)
        }
    }
}
