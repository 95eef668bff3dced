import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Instructions of a call")
struct InstructionTests {
    static let base = "https://app.example/"

    /// A call to a person who does `steps`; the application answers each URL with what `pages` has.
    static func call(_ steps: JSONValue, _ pages: [String: String], script: [(String, JSONValue)] = []) throws
        -> SimulatorBench
    {
        var members: [(String, JSONValue)] = [
            ("calls", "100/s"), ("speech", "1s"),
            (
                "phones",
                [
                    "+447700900142": ["voice": ["ring": "1s", "answer": "human", "do": steps]],
                    "+447700900150": ["voice": ["ring": "2s", "answer": "human", "do": [["wait": "7s"], "hangup"]]],
                    "+447700900151": ["voice": ["outcome": "busy"]],
                ]
            ),
        ]
        members += script
        let bench = try SimulatorBench(.object(JSONObject(members)))
        bench.application = { hook in
            let page = pages.first { base + $0.key == hook.request.url }?.value
            return (0, .success(page.map { .twiml($0) } ?? HTTPResponse(status: 204)))
        }
        bench.send(
            "POST", SimulatorBench.account + "/Calls.json",
            [
                ("To", "+447700900142"), ("From", "+41791234567"), ("Url", base + "start"),
                ("StatusCallback", base + "status"),
            ])
        bench.settle()
        return bench
    }

    @Test("keys pressed during the prompt end it and go to the action")
    func bargeIn() throws {
        let bench = try Self.call(
            [["hear": "3s"], ["press": "1"]],
            [
                "start":
                    #"<Gather numDigits="1" action="menu?n=1"><Say>a b c d e f g h</Say></Gather><Say>nothing</Say>"#,
                "menu?n=1": "<Say>thanks</Say><Hangup/><Say>never</Say>",
            ])
        #expect(bench.values("Digits", to: Self.base + "menu?n=1") == ["1"])
        #expect(bench.values("CallDuration", to: Self.base + "status") == ["4"])
    }

    @Test("without bargeIn keys during the prompt are lost, the document goes on after the timeout")
    func noBargeIn() throws {
        let bench = try Self.call(
            [["hear": "1s"], ["press": "1"]],
            ["start": #"<Gather bargeIn="false" timeout="4" action="menu"><Say>a b c</Say></Gather><Say>x y</Say>"#])
        #expect(bench.values("Digits", to: Self.base + "menu").isEmpty)
        #expect(bench.values("CallDuration", to: Self.base + "status") == ["9"])
    }

    @Test("several keys end with the finishing key or after a pause; an empty result is sent only when asked for")
    func severalKeys() throws {
        let gather = #"<Gather timeout="2" actionOnEmptyResult="true" action="menu"/>"#
        let finished = try Self.call([["press": "42#9"]], ["start": gather])
        #expect(finished.values("Digits", to: Self.base + "menu") == [""], "keys before the gather are lost")
        let heard = try Self.call([["hear": "1s"], ["press": "42#9"]], ["start": gather])
        #expect(heard.values("Digits", to: Self.base + "menu") == ["42"])
        #expect(heard.values("FinishedOnKey", to: Self.base + "menu") == ["#"])
        let paused = try Self.call([["hear": "1s"], ["press": "77"]], ["start": gather])
        #expect(paused.values("Digits", to: Self.base + "menu") == ["77"])
        let empty = try Self.call([["hear": "1s"]], ["start": gather])
        #expect(empty.values("Digits", to: Self.base + "menu") == [""])
    }

    @Test("speech is gathered where speech is asked for")
    func speech() throws {
        let bench = try Self.call(
            [["hear": "1s"], ["say": "yes please"]],
            ["start": #"<Gather input="dtmf speech" action="menu" method="GET"><Say>well</Say></Gather>"#])
        let request = try #require(bench.hooks.first { $0.request.url.hasPrefix(Self.base + "menu?") }?.request)
        #expect(request.method == "GET" && request.url.contains("SpeechResult=yes+please"))
    }

    @Test("pauses, loops and redirects add up")
    func timing() throws {
        let bench = try Self.call(
            [],
            [
                "start":
                    #"<Say loop="2">a b</Say><Pause length="3"/><Play digits="1ww"/><Redirect>/next</Redirect><Say>no</Say>"#,
                "next": "<Play>https://cdn.example/a.mp3</Play>",
            ])
        // 4 + 3 + 1.5 + 3 seconds
        #expect(bench.values("CallDuration", to: Self.base + "status") == ["12"])
    }

    @Test("the person hangs up in the middle")
    func hangup() throws {
        let bench = try Self.call([["hear": "2s"], "hangup"], ["start": "<Say>a b c d e f</Say>"])
        #expect(bench.values("CallDuration", to: Self.base + "status") == ["2"])
    }

    @Test("a recording has its length, is announced to the action and to its own callback, and can be fetched")
    func recording() throws {
        let bench = try Self.call(
            [["hear": "1s"], ["say": "a b c"]],
            [
                "start":
                    #"<Record timeout="2" action="done" transcribe="true" transcribeCallback="tr" recordingStatusCallback="rec"/>"#,
                "done": "<Hangup/>",
            ])
        #expect(bench.values("RecordingDuration", to: Self.base + "done") == ["6"])
        #expect(bench.values("RecordingStatus", to: Self.base + "rec") == ["completed"])
        #expect(bench.values("TranscriptionText", to: Self.base + "tr") == ["a b c"])
        let sid = bench.values("RecordingSid", to: Self.base + "done")[0]
        let resource = bench.send("GET", SimulatorBench.account + "/Recordings/\(sid).json").json
        #expect(resource["duration"]?.string == "6" && resource["status"]?.string == "completed")
        let sound = bench.send("GET", SimulatorBench.account + "/Recordings/\(sid)")
        #expect(sound.body.count == 44 + 6 * 8000)
    }

    @Test("silence is no recording: the document goes on")
    func silentRecording() throws {
        let bench = try Self.call([], ["start": #"<Record timeout="2" action="done"/><Say>a b</Say>"#])
        #expect(bench.values("RecordingSid", to: Self.base + "done").isEmpty)
        #expect(bench.values("CallDuration", to: Self.base + "status") == ["4"])
    }

    @Test("a dialed number is connected until it hangs up; its leg has its parent")
    func dial() throws {
        let number =
            #"<Number statusCallback="leg" statusCallbackEvent="initiated ringing answered completed">+447700900150</Number>"#
        let bench = try Self.call([], ["start": "<Dial action=\"done\">\(number)</Dial>", "done": "<Hangup/>"])
        #expect(bench.values("DialCallStatus", to: Self.base + "done") == ["completed"])
        #expect(bench.values("DialCallDuration", to: Self.base + "done") == ["7"])
        #expect(
            bench.values("CallStatus", to: Self.base + "leg") == ["initiated", "ringing", "in-progress", "completed"])
        let parents = Set(bench.values("ParentCallSid", to: Self.base + "leg"))
        #expect(parents == Set(bench.values("CallSid", to: Self.base + "status")))
    }

    @Test("a dialed number that is busy, or rings too long, tells the action so")
    func dialFails() throws {
        let busy = try Self.call([], ["start": #"<Dial action="done">+447700900151</Dial>"#])
        #expect(busy.values("DialCallStatus", to: Self.base + "done") == ["busy"])
        let late = try Self.call([], ["start": #"<Dial action="done" timeout="1">+447700900150</Dial>"#])
        #expect(late.values("DialCallStatus", to: Self.base + "done") == ["no-answer"])
        let next = try Self.call([], ["start": "<Dial>+447700900151</Dial><Say>a b</Say>"])
        // A second until it is busy, two of speech.
        #expect(next.values("CallDuration", to: Self.base + "status") == ["3"])
    }

    @Test("an inbound call fetches the number's instructions, is answered by them, and takes keys of the control API")
    func inbound() throws {
        let bench = try Self.call(
            [], ["voice": #"<Gather numDigits="2" action="menu"/>"#, "start": "<Hangup/>", "menu": "<Hangup/>"])
        bench.send(
            "POST", SimulatorBench.account + "/IncomingPhoneNumbers.json",
            [("PhoneNumber", "+41791234567"), ("VoiceUrl", Self.base + "voice"), ("StatusCallback", Self.base + "in")])
        let sid = bench.control("POST", "phones/+447700900199/call", ["to": "+41791234567"]).json["sid"]?.string
        bench.pass(1000)
        let request = try #require(bench.hooks.first { $0.request.url == Self.base + "voice" }?.form)
        #expect(request["Direction"] == "inbound" && request["CallStatus"] == "ringing" && request["CallSid"] == sid)
        #expect(bench.control("POST", "phones/+447700900199/press", ["digits": "12"]).status == 204)
        bench.settle()
        #expect(bench.values("Digits", to: Self.base + "menu") == ["12"])
        #expect(bench.values("CallStatus", to: Self.base + "in") == ["completed"])
        #expect(bench.control("POST", "phones/+447700900199/press", ["digits": "1"]).status == 409)
    }

    @Test("an inbound call can be rejected; a scripted call back comes after its time")
    func rejectAndCallBack() throws {
        let numbers: JSONValue = [
            "+41791234567": ["voice_url": "https://app.example/voice", "status_callback": "https://app.example/in"]
        ]
        let bench = try Self.call(
            [["call_back": ["after": "30s"]], "hangup"],
            ["start": "<Say>a</Say>", "voice": #"<Reject reason="busy"/>"#],
            script: [("numbers", numbers)])
        let inbound = try #require(bench.hooks.first { $0.request.url == Self.base + "voice" })
        #expect(inbound.time - 1_767_225_600_000 == 1200 + 30_000)
        #expect(bench.values("CallStatus", to: Self.base + "in") == ["busy"])
    }

    @Test(
        "documents that are not well-formed are refused, at no depth do they harm",
        arguments: [
            "<Response>", "<Response></Say>", "<Response a='1' a='2'/>", "<!DOCTYPE x><Response/>",
            "<Response>&x;</Response>",
            "<Response/><Response/>", "text", "", "<Response a=1/>", "<Response><![CDATA[x</Response>",
            "<Response>&#0;</Response>", "<Response>&#+5;</Response>", "<Response>&#x+41;</Response>",
            "<Response>&#-65;</Response>", "<Response>&#;</Response>", "<Response>&#x;</Response>",
            "<Response>&#X41;</Response>", "<Response>&#5;</Response>", "<Response>&#xFFFF;</Response>",
            String(repeating: "<a>", count: 10_000),
        ])
    func malformed(xml: String) {
        #expect(throws: XMLReader.Failure.self) { try XMLReader.parse(Array(xml.utf8)) }
    }

    @Test("references, CDATA, comments and nested text are read")
    func wellFormed() throws {
        let text =
            "<?xml version=\"1.0\"?><!-- c --><Response><Say a='&quot;'>x &amp; &#x41;&#66;&#x1f6Ae;<b>y</b><![CDATA[<z>]]></Say></Response>\n"
        let root = try XMLReader.parse(Array(text.utf8))
        #expect(root.children.first?.text == "x & AB🚮y<z>")
        #expect(root.children.first?["a"] == "\"")
    }
}
