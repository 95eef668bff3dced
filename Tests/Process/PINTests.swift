import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("PINs", .serialized)
    struct PINTests {
        private static let path = "/v1/contacts/ana/pin"

        @Test("a PIN is set, kept over kill -9 and a new contact, merged, told to nobody, and removed")
        func life() throws {
            let setup = Setup()
            let first = try RunningGateway(setup.yaml)
            #expect(try first.call("PUT", Self.path, ["pin": "2580"]).status == 404)
            for id in ["ana", "old"] { _ = try first.call("PUT", "/v1/contacts/" + id, ["name": .string(id)]) }
            #expect(try first.call("GET", Self.path).json == ["set": false, "since": nil])
            let put = try first.call("PUT", Self.path, ["pin": "25 80"])
            #expect(put.status == 200 && put.json["set"] == true && put.json["since"]?.string != nil, "\(put.text)")
            #expect(!put.text.contains("2580") && !put.text.contains("scrypt"))
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(setup.yaml, in: first.folder)
            _ = try second.call("PUT", "/v1/contacts/ana", ["name": "Ana"])
            #expect(try second.call("GET", Self.path).json == put.json)
            #expect(try second.call("POST", "/v1/contacts/old/merge", ["from": "ana"]).status == 200)
            let gone = try second.call("GET", Self.path)
            #expect(gone.status == 404 && gone.json["merged_into"] == "old", "\(gone.text)")
            #expect(try second.call("GET", "/v1/contacts/old/pin").json == put.json)
            #expect(try second.call("DELETE", "/v1/contacts/old/pin").json == ["set": false, "since": nil])
            #expect(try second.call("GET", "/v1/contacts/old/pin").json["set"] == false)
            #expect(try second.call("POST", "/v1/contacts/old/pin", [:]).status == 405)
        }

        @Test(
            "what is no PIN, or one that everybody tries, is refused with its place",
            arguments: [
                [:], ["pin": 2580], ["pin": "258"], ["pin": "25a0"], ["pin": "1234567890123"], ["pin": "1111"],
                ["pin": "3456"], ["pin": "2580", "hint": "x"],
            ] as [JSONValue])
        func faults(_ body: JSONValue) throws {
            let gateway = try RunningGateway(Setup().yaml)
            _ = try gateway.call("PUT", "/v1/contacts/ana", ["name": "Ana"])
            let answer = try gateway.call("PUT", Self.path, body)
            #expect(answer.status == 400 && answer.json["code"] == "invalid_request", "\(answer.text)")
            let pointer = body["hint"] == nil ? "/pin" : "/hint"
            #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
            #expect(try gateway.call("GET", Self.path).json["set"] == false)
        }
    }
}
