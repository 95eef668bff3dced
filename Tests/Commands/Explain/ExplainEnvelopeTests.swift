import Gateway
import JSON
import Testing

@testable import Assembly

@Suite("Messages without a server")
struct ExplainEnvelopeTests {
    static func read(_ text: String) throws -> Envelope { try ExplainCommand.envelope(try JSONValue(parsing: text)) }

    @Test("every member is read")
    func members() throws {
        let envelope = try Self.read(
            """
            {"to":"boat:b/all","topic":"t","template":"x","variables":{"a":{"b":1}},"media":["https://a.example/1"],
             "labels":{"k":"v"},"priority":"critical","class":"marketing","policy":"p","send_at":"2026-11-23T11:00:00Z",
             "expires_in":"1h30m","dedupe_key":"d","locale":"de"}
            """)
        #expect(envelope.to == .boat("b", role: .all))
        #expect(envelope.topic == "t" && envelope.template == "x" && envelope.text == nil)
        #expect(envelope.variables["a"]?["b"] == 1)
        #expect(envelope.media == ["https://a.example/1"])
        #expect(envelope.labels == ["k": "v"])
        #expect(envelope.priority == .critical && envelope.messageClass == .marketing)
        #expect(envelope.sendAt == Timestamp(milliseconds: TestRun.noon))
        #expect(envelope.expiresIn == .seconds(5_400))
        #expect(envelope.policy == "p" && envelope.dedupeKey == "d" && envelope.locale == "de")
    }

    @Test("all faults are told with their places")
    func faults() {
        let error = #expect(throws: CommandFailure.self) {
            try Self.read(
                """
                {"to":"+1","text":"x","template":"y","priority":"urgnt","class":7,"send_at":"soon","expires_in":"6",
                 "variables":[],"media":[1],"labels":{"a":1},"colour":"red"}
                """)
        }
        let message = error?.message ?? ""
        for place in [
            "/colour: unknown field", "/template: text and template", "/priority: must be low",
            "/class: must be a text",
            "/send_at: must be an RFC 3339 time", "/expires_in: must be a duration", "/variables: must be an object",
            "/media/0: must be an https URL", "/labels/a: must be a text",
        ] {
            #expect(message.contains(place))
        }
    }

    @Test(
        "without a recipient or content there is no message",
        arguments: ["{}", #"{"to":""}"#, #"{"to":"boat:/x","text":"y"}"#])
    func nothing(text: String) {
        #expect(throws: CommandFailure.self) { try Self.read(text) }
    }
}
