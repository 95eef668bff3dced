import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Files that handsets send")
struct MediaTests {
    private static let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
    private static let handset = "+447700900142"

    private func bench() throws -> SimulatorBench {
        let bench = try SimulatorBench()
        bench.send(
            "POST", SimulatorBench.account + "/IncomingPhoneNumbers.json",
            [("PhoneNumber", "+41791234567"), ("SmsUrl", "https://app.example/sms")])
        return bench
    }

    /// The form of the webhook that a text with files leads to.
    private func webhook(_ bench: SimulatorBench, _ media: JSONValue, channel: String = "sms") throws
        -> SimulatorBench.Hook
    {
        let answer = bench.control(
            "POST", "phones/\(Self.handset)/text",
            ["to": "+41791234567", "channel": .string(channel), "media": media])
        #expect(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
        bench.settle()
        return try #require(bench.hooks.last)
    }

    private func target(_ url: String) throws -> String {
        let base = "http://127.0.0.1:8082"
        #expect(url.hasPrefix(base))
        return String(url.dropFirst(base.count))
    }

    @Test("a file lies under a URL that asks for credentials and leads to a place that does not")
    func redirect() throws {
        let bench = try bench()
        let form = try webhook(bench, [["type": "image/png", "base64": "iVBORw=="]]).form
        #expect(form["NumMedia"] == "1" && form["MediaContentType0"] == "image/png")
        let sid = try #require(form["MessageSid"])
        #expect(sid.hasPrefix("MM"))
        let media = try target(try #require(form["MediaUrl0"]))
        #expect(media.hasPrefix(SimulatorBench.account + "/Messages/\(sid)/Media/ME"))
        let refused = bench.send("GET", media, password: "wrong")
        #expect(refused.status == 401)
        #expect((try JSONValue(parsing: refused.body))["code"] == 20003)
        let answer = bench.send("GET", media)
        #expect(answer.status == 307)
        let place = try target(try #require(answer.headers[first: "Location"]))
        #expect(!place.hasPrefix("/2010-04-01"))
        let file = bench.send("GET", place, password: "wrong")
        #expect(file.status == 200 && file.body == Self.picture)
        #expect(file.headers[first: "Content-Type"] == "image/png")
        #expect(bench.send("GET", place + "0").status == 404)
        #expect(bench.send("GET", media + "0").status == 404)
        #expect(bench.send("POST", media).status == 405)
    }

    @Test("files are listed, read and deleted as the resource of their message")
    func resource() throws {
        let bench = try bench()
        let form = try webhook(
            bench, [["type": "image/png", "base64": "iVBORw=="], ["type": "audio/ogg", "size": 5]]
        ).form
        let sid = try #require(form["MessageSid"])
        let path = SimulatorBench.account + "/Messages/\(sid)/Media"
        let list = try JSONValue(parsing: bench.send("GET", path + ".json").body)
        #expect(list["media_list"]?.array?.map { $0["content_type"]?.string } == ["image/png", "audio/ogg"])
        let file = try #require(list["media_list"]?[1]?["sid"]?.string)
        #expect(form["MediaUrl1"]?.hasSuffix("/Media/" + file) == true)
        let one = try JSONValue(parsing: bench.send("GET", path + "/\(file).json").body)
        #expect(one["sid"]?.string == file && one["parent_sid"]?.string == sid)
        #expect(one["uri"]?.string == path + "/\(file).json")
        #expect(bench.send("DELETE", path + "/\(file).json").status == 204)
        #expect(bench.send("GET", path + "/\(file).json").status == 404)
        #expect(bench.send("GET", path + "/\(file)").status == 404)
    }

    @Test("a file of somewhere else keeps its URL, with the type that is given", arguments: [true, false])
    func elsewhere(_ isTyped: Bool) throws {
        let url = "https://files.example/a"
        let media: JSONValue = isTyped ? ["type": "application/pdf", "url": .string(url)] : .string(url)
        let form = try webhook(try bench(), [media]).form
        #expect(form["MediaUrl0"] == url)
        #expect(form["MediaContentType0"] == (isTyped ? "application/pdf" : "image/jpeg"))
    }

    @Test(
        "WhatsApp says what sort of message it is",
        arguments: [
            ("image/png", "image"), ("audio/ogg", "audio"), ("video/mp4", "video"), ("application/pdf", "document"),
        ])
    func messageType(_ type: String, _ word: String) throws {
        let hook = try webhook(try bench(), [["type": .string(type), "size": 1]], channel: "whatsapp")
        #expect(hook.form["MessageType"] == word)
    }

    @Test(
        "what is no file is refused with a word on it",
        arguments: [
            [1], [["type": "image/png"]], [["base64": "AAAA"]], [["type": "x", "size": 1]],
            [["type": "image/png", "base64": "%"]], [["type": "image/png", "size": -1]],
            [["type": "a/b\r\nX: y", "size": 1]],
        ] as [JSONValue])
    func faulty(_ media: JSONValue) throws {
        let bench = try bench()
        let answer = bench.control(
            "POST", "phones/\(Self.handset)/text", ["to": "+41791234567", "media": media])
        #expect((400..<500).contains(answer.status))
        bench.settle()
        #expect(bench.hooks.isEmpty)
    }
}
