import Gateway
import JSON
import Testing

@testable import TwilioProvider

@Suite("TwiML")
struct TwiMLTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let value: JSONValue
        var testDescription: String { value["id"]?.string ?? "" }
    }

    static let samples = Fixtures.entries("twiml-samples.json", "samples").map(Sample.init)

    private func text(_ verbs: [CallVerb]) -> String {
        let links = WebhookLinks(name: "twilio", publicURL: "https://gw.example")
        let document = String(decoding: TwiML.document(CallScript(verbs), links: links), as: UTF8.self)
        return String(document.dropFirst(#"<?xml version="1.0" encoding="UTF-8"?>"#.count))
    }

    @Test("the sample file is there")
    func fixture() { #expect(Self.samples.count == 20) }

    @Test("every sample is written byte for byte", arguments: samples)
    func sample(_ sample: Sample) throws {
        let xml = try #require(sample.value["xml"]?.string)
        let element = try #require(SampleReader.element(of: xml))
        #expect(String(decoding: element.document, as: UTF8.self) == xml)
    }

    @Test("text is escaped where it must be, and nowhere else")
    func escaping() {
        let element = TwiMLElement("Say", ["a": "\"<>&'\n\t\r"], text: "\"<>&'\n\t\r é 😀")
        let wanted = "<Say a=\"&quot;&lt;&gt;&amp;'&#10;&#9;&#13;\">\"&lt;&gt;&amp;'\n\t&#13; é 😀</Say>"
        #expect(String(decoding: element.document, as: UTF8.self).hasSuffix("?>" + wanted))
    }

    @Test("what XML cannot hold is dropped")
    func dropped() {
        let element = TwiMLElement("Say", ["a": "x\u{0}y"], text: "a\u{0}\u{1}\u{B}\u{1F}b\u{FFFE}\u{FFFF}c\u{7F}")
        #expect(String(decoding: element.document, as: UTF8.self).hasSuffix("?><Say a=\"xy\">abc\u{7F}</Say>"))
    }

    @Test("an alert is a Gather and a redirect")
    func alert() {
        let gather = CallGather(
            digits: 1, timeoutSeconds: 6, language: "de-CH",
            action: CallAction(purpose: "alert", token: "a/b", turn: "1"),
            prompt: [.say("Öl & Wasser", language: "de-CH"), .pause(seconds: 1), .hangup])
        let follow = CallAction(purpose: "alert", token: "a/b", turn: "1f", isFollowUp: true)
        let wanted =
            "<Response><Gather action=\"https://gw.example/webhooks/twilio/voice/alert?t=a%2Fb&amp;n=1\" "
            + "input=\"dtmf\" method=\"POST\" numDigits=\"1\" timeout=\"6\"><Say language=\"de-DE\">Öl &amp; Wasser"
            + "</Say><Pause length=\"1\" /></Gather><Redirect method=\"POST\">"
            + "https://gw.example/webhooks/twilio/voice/alert?t=a%2Fb&amp;n=1f&amp;f=1</Redirect></Response>"
        #expect(text([.gather(gather), .redirect(follow)]) == wanted)
    }

    @Test("every verb has its element")
    func verbs() {
        let action = CallAction(purpose: "menu-select", turn: "2", menu: "main")
        let url = "https://gw.example/webhooks/twilio/voice/menu-select?n=2&amp;menu=main"
        let play = "<Play>https://a.example/x.mp3?a=1&amp;b=2</Play>"
        #expect(text([.play(url: "https://a.example/x.mp3?a=1&b=2")]) == "<Response>\(play)</Response>")
        #expect(text([.reject]) == "<Response><Reject /></Response>")
        #expect(text([.say("", language: "en"), .hangup]) == "<Response><Hangup /></Response>")
        let dial =
            "<Dial action=\"\(url)\" callerId=\"+41791234567\" method=\"POST\" timeout=\"30\">"
            + "<Number>+447700900142</Number></Dial>"
        var verb = CallDial(["+447700900142"])
        (verb.callerID, verb.action) = ("+41791234567", action)
        #expect(text([.dial(verb)]) == "<Response>\(dial)</Response>")
        let voice = "https://gw.example/webhooks/twilio/voice/"
        var recording = CallRecording(maxSeconds: 60, recording: CallAction(purpose: "recording", turn: "2"))
        recording.action = action
        let record =
            "<Record action=\"\(url)\" maxLength=\"60\" method=\"POST\" "
            + "recordingStatusCallback=\"\(voice)recording?n=2\" />"
        #expect(text([.record(recording)]) == "<Response>\(record)</Response>")
        #expect(text([.pause(seconds: -5)]) == "<Response><Pause length=\"1\" /></Response>")
    }

    @Test("a group is rung in turn, told who calls, and recorded; a message is written down")
    func group() {
        let voice = "https://gw.example/webhooks/twilio/voice/"
        var whisper = CallAction(purpose: "whisper", turn: "3", menu: "main")
        (whisper.place, whisper.language, whisper.rounds) = ("1.2", "de-CH", 2)
        var dial = CallDial(["+447700900142", "+447700900143"])
        (dial.isInTurn, dial.ringSeconds, dial.whisper) = (true, 20, whisper)
        dial.recording = CallAction(purpose: "recording", turn: "3", menu: "main")
        let number = "<Number method=\"POST\" url=\"\(voice)whisper?n=3&amp;menu=main&amp;r=2&amp;s=1.2&amp;l=de-CH\">"
        let wanted =
            "<Dial record=\"record-from-answer-dual\" recordingStatusCallback=\"\(voice)recording?n=3&amp;menu=main\" "
            + "sequential=\"true\" timeout=\"20\">\(number)+447700900142</Number>\(number)+447700900143</Number></Dial>"
        #expect(text([.dial(dial)]) == "<Response>\(wanted)</Response>")
        var recording = CallRecording(maxSeconds: 5, recording: CallAction(purpose: "recording", turn: "3"))
        recording.transcript = CallAction(purpose: "transcription", turn: "3")
        let record =
            "<Record maxLength=\"5\" recordingStatusCallback=\"\(voice)recording?n=3\" transcribe=\"true\" "
            + "transcribeCallback=\"\(voice)transcription?n=3\" />"
        #expect(text([.record(recording)]) == "<Response>\(record)</Response>")
        let said = "<Say language=\"en-US\" voice=\"Polly.Amy\">Hello</Say>"
        #expect(text([.say("Hello", language: "en-US", voice: "Polly.Amy")]) == "<Response>\(said)</Response>")
    }

    @Test("speech is asked for in the language")
    func speech() {
        var gather = CallGather(
            digits: 0, timeoutSeconds: 0, language: "fr-CH", action: CallAction(purpose: "menu-select", turn: "1"),
            prompt: [])
        gather.takesSpeech = true
        let document = text([.gather(gather)])
        #expect(document.contains(#"input="dtmf speech" language="fr-FR" method="POST" timeout="1" />"#))
        #expect(!document.contains("numDigits"))
    }

    @Test("an unknown purpose starts the menu again instead of a dead path")
    func unknownPurpose() {
        let action = CallAction(purpose: "../../admin", turn: "1")
        #expect(text([.redirect(action)]).contains("/webhooks/twilio/voice/inbound?n=1<"))
    }

    @Test(
        "the nearest language is spoken",
        arguments: [
            ("en", "en-US"), ("en-GB", "en-GB"), ("EN-gb", "en-GB"), ("de-CH", "de-DE"), ("pt", "pt-PT"),
            ("no", "nb-NO"), ("hr", "en-US"), ("", "en-US"), ("e", "en-US"), ("zh-TW", "cmn-CN"),
        ])
    func language(_ tag: String, _ spoken: String) { #expect(SpokenLanguage.tag(tag) == spoken) }

    @Test("a document never passes 64 kB, and keeps its end while texts can be shortened")
    func limit() throws {
        let long = String(repeating: "& ", count: 4_000)
        let verbs = Array(repeating: CallVerb.say(long, language: "en"), count: 12) + [.hangup]
        let document = text(verbs)
        #expect(document.utf8.count < 64_000)
        #expect(document.hasSuffix("<Hangup /></Response>"))
        let many = text(Array(repeating: CallVerb.say("x", language: "en"), count: 10_000))
        #expect(many.utf8.count < 64_000)
        #expect(many.hasSuffix("</Say></Response>"))
        #expect(TwiML.messages(Array(repeating: String(repeating: "<", count: 1_600), count: 40)).count <= 64_000)
    }

    @Test("replies are messages, nothing is an empty document, a callback's answer has no body")
    func answers() throws {
        let hooks = try Fixtures.provider().webhooks
        let request = WebhookSigner().post("/webhooks/twilio/sms", [])
        func body(_ answer: WebhookAnswer) -> String {
            String(decoding: hooks.answer(answer, to: request).body.dropFirst(38), as: UTF8.self)
        }
        #expect(hooks.answer(.empty, to: request).contentType == "text/xml; charset=utf-8")
        #expect(body(.empty) == "<Response />")
        let reply = "<Response><Message>Thanks &amp; bye &lt;3</Message><Message>2</Message></Response>"
        #expect(body(.reply(["Thanks & bye <3", "", "2"])) == reply)
        #expect(body(.script(CallScript([.hangup]))) == "<Response><Hangup /></Response>")
        let status = hooks.answer(.empty, to: WebhookSigner().post("/webhooks/twilio/sms/status", []))
        #expect(status.body.isEmpty)
        #expect(status.contentType == "text/plain")
    }
}
