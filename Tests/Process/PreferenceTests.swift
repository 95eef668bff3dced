import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("preferences", .serialized)
    struct PreferenceTests {
        private static let path = "/v1/contacts/ana/preferences"

        @Test("preferences are put, explained, kept over kill -9 and a new contact, and deleted with it")
        func life() throws {
            let setup = Setup(chain: "[{ channel: whatsapp }, { channel: sms }]")
            let first = try RunningGateway(setup.yaml)
            #expect(try first.call("PUT", Self.path, [:]).status == 404)
            let contact: JSONValue = ["name": "Ana", "phone": "+41791112233", "time_zone": "Europe/Zurich"]
            _ = try first.call("PUT", "/v1/contacts/ana", contact)
            #expect(try first.call("GET", Self.path).json == [:])
            let wish: JSONValue = [
                "quiet_hours": [["hours": "00:00-24:00", "weekdays": ["sun", "sat"], "location": "Asia/Tokyo"]],
                "channels": [["topic": "warranty.*", "channel": "sms"]], "topics_off": ["offers.*"],
            ]
            let put = try first.call("PUT", Self.path, wish)
            #expect(put.status == 200)
            #expect(put.json == wish, "\(put.text)")
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(setup.yaml, in: first.folder)
            _ = try second.call("PUT", "/v1/contacts/ana", contact)
            #expect(try second.call("GET", Self.path).json == wish)
            let explained = try second.call(
                "POST", "/v1/explain", ["to": "contact:ana", "topic": "warranty.due", "text": "due"])
            let recipient = explained.json["recipients"]?[0]
            #expect(recipient?["preferences"] == wish)
            #expect(recipient?["plan"]?.array?.compactMap { $0["channel"]?.string } == ["sms", "whatsapp"])
            let off = try second.call("POST", "/v1/explain", ["to": "contact:ana", "topic": "offers.x", "text": "due"])
            #expect(off.json["recipients"]?[0]?["plan"]?[0]?["skipped"] == "topic_off", "\(off.text)")
            #expect(try second.call("DELETE", Self.path).status == 200)
            #expect(try second.call("GET", Self.path).json == [:])
            #expect(try second.call("POST", Self.path, [:]).status == 405)
        }

        @Test("every fault of the request is named with its place")
        func faults() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let answer = try gateway.call(
                "PUT", Self.path,
                [
                    "quiet_hours": [["hours": "25:00-07:00"], ["months": [13]]],
                    "channels": [["channel": "pigeon"], ["topic": "", "channel": "sms"], 7], "topics_off": "all",
                    "x": 1,
                ])
            #expect(answer.status == 400)
            let pointers = (answer.json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string }
            #expect(
                pointers == [
                    "/x", "/quiet_hours", "/quiet_hours", "/channels/0/channel", "/channels/1/topic",
                    "/channels/2/channel",
                    "/topics_off",
                ], "\(answer.text)")
            for hours in ["nobody", [], 7] as [JSONValue] {
                #expect(try gateway.call("PUT", Self.path, ["quiet_hours": hours]).status == 400)
            }
        }
    }
}
