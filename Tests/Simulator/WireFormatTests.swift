import Crypto
import Forms
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Wire format")
struct WireFormatTests {
    /// Compares a resource with the API's published description: names in order, types, null, dates, identifiers.
    /// Without the descriptions only the resource itself is looked at.
    static func check(_ resource: JSONValue, _ name: String) throws {
        let members = resource.object?.members ?? []
        #expect(members.count > 5)
        guard let fields = OpenAPIFields.fields(of: name) else { return }
        #expect(members.map(\.key) == fields.map { $0["name"]?.string ?? "" }, "\(name)")
        for field in fields {
            let key = field["name"]?.string ?? ""
            let value = resource[key] ?? .null
            let place = "\(name).\(key) = \(value)"
            if value.isNull {
                #expect(field["nullable"]?.bool == true, "\(place)")
                continue
            }
            switch field["type"]?.string {
            case "string": #expect(value.string != nil, "\(place)")
            case "integer": #expect(value.int != nil, "\(place)")
            case "boolean": #expect(value.bool != nil, "\(place)")
            case "array": #expect(value.array != nil, "\(place)")
            case "object": #expect(value.object != nil, "\(place)")
            default: break
            }
            if let words = field["enum"]?.array { #expect(words.contains(value), "\(place)") }
            if field["format"]?.string == "date-time-rfc-2822" {
                #expect(value.string?.hasSuffix(" +0000") == true, "\(place)")
            }
            if field["format"]?.string == "date-time" { #expect(value.string?.hasSuffix("Z") == true, "\(place)") }
            if let pattern = field["pattern"]?.string, let text = value.string, !text.isEmpty {
                #expect(
                    SIDFactory.isSID(
                        text, text.hasPrefix("MM") ? "MM" : String(pattern.drop { "^(".contains($0) }.prefix(2))),
                    "\(place)")
            }
        }
    }

    @Test("the published descriptions are there to compare with", .enabled(if: OpenAPIFields.areThere))
    func descriptions() {
        for name in ["message", "call", "number", "recording", "room", "participant", "conference"] {
            #expect((OpenAPIFields.fields(of: name)?.count ?? 0) > 5, "\(name)")
        }
    }

    @Test("messages have the published fields, before and after delivery")
    func messages() throws {
        let bench = try SimulatorBench(["phones": ["+447700900142": ["sms": ["undelivered": 30003]]]])
        let created = bench.message(MessageLifeCycleTests.sms + [("MediaUrl", "https://cdn.example/a.jpg")]).json
        try Self.check(created, "message")
        #expect(created["sid"]?.string?.hasPrefix("MM") == true)
        bench.settle()
        let list = bench.send("GET", SimulatorBench.account + "/Messages.json").json
        try Self.check(try #require(list["messages"]?[0]), "message")
        #expect(list["messages"]?[0]?["error_code"] == 30003)
        let keys = [
            "end", "first_page_uri", "next_page_uri", "messages", "page", "page_size", "previous_page_uri", "start",
            "uri",
        ]
        #expect(list.object?.members.map(\.key) == keys)
    }

    @Test("calls have the published fields, before and after")
    func calls() throws {
        let bench = try CallLifeCycleTests.bench(["ring": "1s", "answer": "human"])
        let created = bench.send("POST", CallLifeCycleTests.calls, CallLifeCycleTests.form + [("Record", "true")]).json
        try Self.check(created, "call")
        bench.settle()
        try Self.check(CallLifeCycleTests.fetch(bench, created["sid"]?.string ?? ""), "call")
        let recordings = bench.send("GET", SimulatorBench.account + "/Recordings.json").json
        try Self.check(try #require(recordings["recordings"]?[0]), "recording")
    }

    @Test("numbers have the published fields; their webhooks can be set and changed")
    func numbers() throws {
        let bench = try SimulatorBench()
        let path = SimulatorBench.account + "/IncomingPhoneNumbers"
        let made = bench.send(
            "POST", path + ".json", [("PhoneNumber", "+41791234567"), ("SmsUrl", "https://a.example/s")])
        #expect(made.status == 201)
        try Self.check(made.json, "number")
        let sid = made.json["sid"]?.string ?? ""
        let changed = bench.send(
            "POST", "\(path)/\(sid).json", [("VoiceUrl", "https://a.example/v"), ("VoiceMethod", "GET")])
        #expect(changed.json["voice_url"]?.string == "https://a.example/v" && changed.json["voice_method"] == "GET")
        #expect(changed.json["sms_url"]?.string == "https://a.example/s")
        let list = bench.send("GET", path + ".json?PhoneNumber=%2B41791234567").json
        #expect(list["incoming_phone_numbers"]?.array?.count == 1)
        for (number, code) in [("+15005550000", 21422), ("+15005550001", 21421), ("nonsense", 21421)] {
            #expect(bench.send("POST", path + ".json", [("PhoneNumber", number)]).json["code"]?.int == Int64(code))
        }
        #expect(bench.send("POST", path + ".json", [("AreaCode", "533")]).json["code"]?.int == 21452)
        #expect(bench.send("DELETE", "\(path)/\(sid).json").status == 204)
        #expect(bench.send("GET", "\(path)/\(sid).json").status == 404)
    }

    @Test("content is fetched with its approval")
    func content() throws {
        let sid = "HX00000000000000000000000000000001"
        let bench = try SimulatorBench([
            "content": ["HX00000000000000000000000000000001": ["text": "Hi {{1}}", "status": "paused", "name": "hi"]]
        ])
        let content = bench.send("GET", "/content/v1/Content/\(sid)").json
        #expect(content["types"]?["twilio/text"]?["body"]?.string == "Hi {{1}}")
        let approval = bench.send("GET", "/content/v1/Content/\(sid)/ApprovalRequests").json
        #expect(approval["whatsapp"]?["status"]?.string == "paused" && approval["whatsapp"]?["name"]?.string == "hi")
        #expect(bench.send("GET", "/content/v1/Content/HX00000000000000000000000000000002").json["code"]?.int == 20404)
    }

    @Test("dates of both formats, and the days of leap years")
    func dates() {
        #expect(Clock.rfc2822(1_314_046_725_000) == "Mon, 22 Aug 2011 20:58:45 +0000")
        #expect(Clock.iso(1_438_286_400_999) == "2015-07-30T20:00:00Z")
        #expect(Clock.iso(-1000) == "1969-12-31T23:59:59Z")
        #expect(Clock.receipt(1_709_210_096_000) == "2402291234")
        #expect(Clock.range("2024-02-29")?.lowerBound == 1_709_164_800_000)
        #expect(Clock.range("2024-02-29T12:34:56Z")?.lowerBound == 1_709_210_096_000)
        #expect(Clock.range("2024-02-29T13:34:56.250+01:00")?.lowerBound == 1_709_210_096_000)
        for bad in ["", "2024", "2024-13-01", "2024-02-29T", "2024-02-29T25:00:00", "2024/02/29", "yesterday!!"] {
            #expect(Clock.range(bad) == nil, "\(bad)")
        }
    }

    @Test("identifiers never come twice, not in another start either")
    func identifiers() {
        var seen: Set<String> = []
        for incarnation in 0..<3 {
            var factory = SIDFactory(seed: 1, incarnation: UInt64(incarnation))
            for _ in 0..<1000 {
                let sid = factory.next("SM")
                #expect(SIDFactory.isSID(sid, "SM"))
                seen.insert(sid)
            }
        }
        #expect(seen.count == 3000)
    }

    @Test("the oldest messages are forgotten beyond the limit, and lists skip them")
    func bounded() throws {
        let bench = try SimulatorBench(["resources": 100, "log": 10, "senders": ["12345": ["rate": "100000/s"]]])
        var first = ""
        for index in 0..<250 {
            let answer = bench.message([("To", "+447700900142"), ("From", "12345"), ("Body", "\(index)")])
            if index == 0 { first = answer.json["sid"]?.string ?? "" }
        }
        #expect(bench.send("GET", SimulatorBench.account + "/Messages/\(first).json").status == 404)
        for query in ["", "&To=%2B447700900142"] {
            let list = bench.send("GET", SimulatorBench.account + "/Messages.json?PageSize=1000\(query)").json
            #expect(list["messages"]?.array?.count == 100)
            #expect(list["messages"]?[0]?["body"]?.string == "249")
        }
        #expect(bench.control("GET", "requests").json["requests"]?.array?.count == 10)
    }
}
