import Foundation
import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("warranties", .serialized)
    struct WarrantyTests {
        private func setup() -> Setup {
            var setup = Setup(chain: "[{ channel: sms }]")
            setup.rest = """
                templates: { due: { text: { en: "{{ item }}" } } }
                warranties: { lead_times: [90d, 30d], at: "09:00", template: due }
                """
            return setup
        }

        @Test("a warranty is put, listed with its next reminder, kept over kill -9, and deleted")
        func life() throws {
            let first = try RunningGateway(setup().yaml)
            _ = try first.call(
                "PUT", "/v1/contacts/ana",
                ["name": "Ana", "phone": "+41791112233", "time_zone": "America/New_York"])
            _ = try first.call("PUT", "/v1/boats/aurora", ["name": "Aurora", "contacts": [["id": "ana"]]])
            let body: JSONValue = [
                "boat": "aurora", "item": "Engine", "expires_on": "2099-07-31", "claim_url": "https://a.example/claim",
                "variables": ["serial": "7"], "labels": ["maker": "volvo"], "attachments": ["https://a.example/1.pdf"],
            ]
            let put = try first.call("PUT", "/v1/warranties/w-1", body)
            #expect(put.status == 200, "\(put.text)")
            #expect(
                put.json["next_reminder"] == [
                    "at": "2099-05-02T13:00:00.000Z", "lead_time": "90d", "time_zone": "America/New_York",
                ], "\(put.text)")
            for (name, value) in body.object?.members ?? [] { #expect(put.json[name] == value) }
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(setup().yaml, in: first.folder)
            #expect(try second.call("GET", "/v1/warranties").json["data"] == [put.json])
            #expect(try second.call("GET", "/v1/warranties/w-1").json == put.json)
            #expect(try second.call("DELETE", "/v1/warranties/w-1").status == 200)
            #expect(try second.call("DELETE", "/v1/warranties/w-1").status == 404)
            #expect(try second.call("GET", "/v1/warranties/w-1").status == 404)
            #expect(try second.call("POST", "/v1/warranties/w-1", [:]).status == 405)
        }

        @Test("every fault of the request is named with its place")
        func faults() throws {
            let gateway = try RunningGateway(setup().yaml)
            let answer = try gateway.call(
                "PUT", "/v1/warranties/w-1",
                [
                    "boat": "a b", "expires_on": "2027-02-30", "claim_url": "http://a.example", "variables": 1,
                    "labels": ["a": 1], "attachments": ["ftp://x"], "id": "w-2", "colour": "red",
                ])
            #expect(answer.status == 400)
            let pointers = (answer.json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string }
            #expect(
                pointers == [
                    "/colour", "/id", "/boat", "/item", "/expires_on", "/claim_url", "/variables", "/labels/a",
                    "/attachments/0",
                ], "\(answer.text)")
            #expect(try gateway.call("PUT", "/v1/warranties/a%20b", [:]).status == 400)
        }
    }
}
