import JSON
import Testing

@testable import Simulator

@Suite("Life of a message")
struct MessageLifeCycleTests {
    static let callback = "https://app.example/status?t=1"
    static let sms = [("To", "+447700900142"), ("From", "+41791234567"), ("Body", "Hi"), ("StatusCallback", callback)]

    static func phone(_ script: JSONValue) -> JSONValue {
        ["phones": ["+447700900142": ["sms": script, "whatsapp": script]]]
    }

    @Test("an SMS is queued, sent and delivered, with a callback for each")
    func delivered() throws {
        let bench = try SimulatorBench(Self.phone(["deliver": "2s"]))
        let answer = bench.message(Self.sms)
        #expect(answer.status == 201)
        #expect(answer.json["status"]?.string == "queued")
        bench.settle()
        #expect(bench.values("MessageStatus", to: Self.callback) == ["queued", "sent", "delivered"])
        #expect(bench.values("MessageSid", to: Self.callback).allSatisfy { $0 == answer.json["sid"]?.string })
        #expect(bench.hooks.last?.form["RawDlrDoneDate"]?.count == 10)
        let fetched = bench.send("GET", SimulatorBench.account + "/Messages/\(answer.json["sid"]?.string ?? "").json")
        #expect(fetched.json["status"]?.string == "delivered")
        #expect(fetched.json["price"] == .null)
        #expect(fetched.json["date_sent"]?.string == "Thu, 01 Jan 2026 00:00:00 +0000")
    }

    @Test(
        "each scripted ending comes with its status and code",
        arguments: [
            (["fail": 30007], ["queued", "failed"], "30007"),
            (["undelivered": 30003], ["queued", "sent", "undelivered"], "30003"),
            ("sent_only", ["queued", "sent"], "-"),
        ] as [(JSONValue, [String], String)])
    func endings(script: JSONValue, statuses: [String], code: String) throws {
        let bench = try SimulatorBench(Self.phone(script))
        bench.message(Self.sms)
        bench.settle()
        #expect(bench.values("MessageStatus", to: Self.callback) == statuses)
        #expect(bench.values("ErrorCode", to: Self.callback).last == code)
    }

    @Test("a scripted refusal answers the create request and makes no message")
    func refused() throws {
        let bench = try SimulatorBench(Self.phone(["refuse": 21614]))
        let answer = bench.message(Self.sms)
        #expect(answer.status == 400)
        #expect(answer.json["code"]?.int == 21614)
        #expect(bench.send("GET", SimulatorBench.account + "/Messages.json").json["messages"]?.array?.isEmpty == true)
    }

    @Test("WhatsApp free text outside the window is accepted and fails with 63016; inside it is delivered and read")
    func window() throws {
        let bench = try SimulatorBench(Self.phone(["deliver": "1s", "read": "5s"]))
        let form = [
            ("To", "whatsapp:+447700900142"), ("From", "whatsapp:+41791234567"), ("Body", "Hi"),
            ("StatusCallback", Self.callback),
        ]
        #expect(bench.message(form).status == 201)
        bench.settle()
        #expect(bench.values("ErrorCode", to: Self.callback).last == "63016")
        let text: JSONValue = ["to": "+41791234567", "channel": "whatsapp", "body": "hello"]
        #expect(bench.control("POST", "phones/+447700900142/text", text).status == 201)
        bench.message(form)
        bench.settle()
        #expect(bench.values("MessageStatus", to: Self.callback).suffix(4) == ["queued", "sent", "delivered", "read"])
        #expect(bench.hooks.last?.form["EventType"] == "READ")
        #expect(bench.hooks.last?.form["ChannelPrefix"] == "whatsapp")
        bench.pass(86_400_000)
        bench.message(form)
        bench.settle()
        #expect(bench.values("ErrorCode", to: Self.callback).last == "63016")
    }

    @Test(
        "a template is filled, and its faults come as delivery errors",
        arguments: [
            ("HX00000000000000000000000000000001", #"{"1":"Bilge pump","2":"May"}"#, nil),
            ("HX00000000000000000000000000000001", #"{"1":"Bilge pump"}"#, "63028"),
            ("HX00000000000000000000000000000002", "{}", "63040"),
            ("HX00000000000000000000000000000009", "{}", "63027"),
        ] as [(String, String, String?)])
    func templates(sid: String, variables: String, error: String?) throws {
        let bench = try SimulatorBench([
            "content": [
                "HX00000000000000000000000000000001": ["text": "{{1}} until {{ 2 }}", "status": "approved"],
                "HX00000000000000000000000000000002": ["text": "no", "status": "rejected"],
            ]
        ])
        let answer = bench.message([
            ("To", "whatsapp:+447700900142"), ("From", "whatsapp:+41791234567"), ("ContentSid", sid),
            ("ContentVariables", variables), ("StatusCallback", Self.callback),
        ])
        bench.settle()
        #expect(bench.values("ErrorCode", to: Self.callback).last == error ?? "-")
        if error == nil { #expect(answer.json["body"]?.string == "Bilge pump until May") }
    }

    @Test("a sender's queue lets its rate pass, a waiting message can be canceled, a sent one cannot")
    func queue() throws {
        let bench = try SimulatorBench(["senders": ["+41791234567": ["type": "long_code"]]])
        let sids = (0..<4).map { _ in bench.message(Self.sms).json["sid"]?.string ?? "" }
        bench.pass(1500)
        let path = SimulatorBench.account + "/Messages/"
        let statuses = sids.map { bench.send("GET", path + $0 + ".json").json["status"]?.string }
        #expect(statuses == ["delivered", "sent", "queued", "queued"])
        let late = bench.send("POST", path + sids[0] + ".json", [("Status", "canceled")])
        #expect(late.json["code"]?.int == 30409)
        let canceled = bench.send("POST", path + sids[3] + ".json", [("Status", "canceled")])
        #expect(canceled.json["status"]?.string == "canceled")
        bench.settle()
        let states = bench.hooks.filter { $0.form["MessageSid"] == sids[3] }.map { $0.form["MessageStatus"] }
        #expect(states == ["queued", "canceled"])
    }

    @Test("a message that waits longer than its validity fails with 30036")
    func validity() throws {
        let bench = try SimulatorBench(["senders": ["+41791234567": ["rate": "1/m"]]])
        bench.message(Self.sms)
        bench.message(Self.sms + [("ValidityPeriod", "10")])
        bench.settle()
        #expect(bench.values("ErrorCode", to: Self.callback).contains("30036"))
    }

    @Test("STOP blocks the pair with 21610, START opens it again")
    func optOut() throws {
        let bench = try SimulatorBench()
        bench.control("POST", "phones/447700900142/text", ["to": "+41791234567", "body": " stop "])
        #expect(bench.message(Self.sms).json["code"]?.int == 21610)
        #expect(bench.message([("To", "+447700900143"), ("From", "+41791234567"), ("Body", "x")]).status == 201)
        bench.control("POST", "phones/447700900142/text", ["to": "+41791234567", "body": "START"])
        #expect(bench.message(Self.sms).status == 201)
    }

    @Test("a scripted reply reaches the number's webhook after its time, and the answer's TwiML is sent back")
    func reply() throws {
        let bench = try SimulatorBench(Self.phone(["deliver": "1s", "reply": ["after": "3s", "text": "OK"]]))
        bench.send(
            "POST", SimulatorBench.account + "/IncomingPhoneNumbers.json",
            [("PhoneNumber", "+41791234567"), ("SmsUrl", "https://app.example/sms")])
        bench.application = { hook in
            let isInbound = hook.request.url == "https://app.example/sms"
            return (5, .success(isInbound ? .twiml("<Message>Thanks &amp; bye</Message>") : .twiml("")))
        }
        bench.message(Self.sms)
        bench.settle()
        let inbound = try #require(bench.hooks.first { $0.request.url == "https://app.example/sms" })
        #expect(inbound.form["Body"] == "OK")
        #expect(inbound.form["SmsStatus"] == "received")
        #expect(inbound.time == 1_767_225_600_000 + 4050)
        let list = bench.send("GET", SimulatorBench.account + "/Messages.json").json["messages"]?.array ?? []
        #expect(list.map { $0["direction"]?.string } == ["outbound-reply", "inbound", "outbound-api"])
        #expect(list.first?["body"]?.string == "Thanks & bye")
    }

    @Test("a service picks its sender, and a scheduled message waits for its time")
    func service() throws {
        let service = "MG00000000000000000000000000000001"
        let bench = try SimulatorBench(["services": .object(JSONObject([(service, .array(["+41791234567"]))]))])
        let form = [("To", "+447700900142"), ("MessagingServiceSid", service), ("Body", "Hi")]
        let answer = bench.message(form)
        #expect(answer.json["status"]?.string == "accepted")
        #expect(answer.json["from"] == .null)
        let scheduled = bench.message(form + [("ScheduleType", "fixed"), ("SendAt", "2026-01-01T01:00:00Z")])
        #expect(scheduled.json["status"]?.string == "scheduled")
        bench.pass(3_000_000)
        let path = SimulatorBench.account + "/Messages/\(scheduled.json["sid"]?.string ?? "").json"
        #expect(bench.send("GET", path).json["status"]?.string == "scheduled")
        bench.pass(700_000)
        #expect(bench.send("GET", path).json["status"]?.string == "delivered")
        #expect(bench.send("GET", path).json["from"]?.string == "+41791234567")
    }
}
