import Gateway
import JSON
import Testing

@testable import TwilioProvider

/// Every shape of an inbound message that is documented or was seen, as it arrives.
@Suite("What a message from a person carries")
struct MessageDetailsTests {
    private let signer = WebhookSigner()

    /// What stands in every message.
    private static let always = [
        ("MessageSid", Fixtures.messageSid), ("SmsSid", Fixtures.messageSid), ("SmsMessageSid", Fixtures.messageSid),
        ("AccountSid", Fixtures.accountSid), ("From", "+447700900142"), ("To", "+41791234567"), ("Body", "Hello"),
        ("NumMedia", "0"), ("NumSegments", "1"), ("ReferralNumMedia", "0"), ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"), ("FromCity", ""), ("FromState", ""), ("FromZip", ""), ("FromCountry", ""),
        ("ToCity", ""), ("ToState", ""), ("ToZip", ""), ("ToCountry", ""),
    ]
    private static let whatsapp = [
        ("From", "whatsapp:+34600111222"), ("To", "whatsapp:+14155238886"), ("ProfileName", "Ana"),
        ("WaId", "34600111222"), ("MessageType", "text"),
    ]

    private func message(_ changes: [(String, String)]) throws -> InboundMessage {
        let names = Set(changes.map(\.0))
        let fields = Self.always.filter { !names.contains($0.0) } + changes
        let event = try Fixtures.provider().webhooks.receive(signer.post("/webhooks/twilio/sms", fields))
        guard case .message(let message) = event else { throw Unexpected(event: event) }
        return message
    }

    private struct Unexpected: Error { let event: WebhookEvent }

    private func details(_ changes: [(String, String)]) throws -> JSONValue { .object(try message(changes).details) }

    @Test("a plain text carries nothing beside it")
    func plain() throws {
        let message = try message([])
        #expect(message.details.isEmpty)
        #expect(message.text == "Hello" && message.kind == .sms)
    }

    @Test(
        "each group of parameters has its place",
        arguments: [
            ([("NumSegments", "3")], "segments", 3),
            (
                [("MessagingServiceSid", "MG0123456789abcdef0123456789abcdef")], "service",
                "MG0123456789abcdef0123456789abcdef"
            ),
            ([("OptOutType", "STOP")], "opt_out_type", "STOP"),
            (
                [("FromCity", "LONDON"), ("FromState", "England"), ("FromZip", "W1"), ("FromCountry", "GB")],
                "from_place", ["city": "LONDON", "state": "England", "zip": "W1", "country": "GB"]
            ),
            ([("ToCity", "ZÜRICH"), ("ToCountry", "CH")], "to_place", ["city": "ZÜRICH", "country": "CH"]),
            (
                [("ErrorCode", "11200"), ("ErrorUrl", "https://gateway.example.org/x")], "fallback",
                ["code": 11_200, "url": "https://gateway.example.org/x"]
            ),
        ] as [([(String, String)], String, JSONValue)])
    func shape(_ fields: [(String, String)], _ member: String, _ wanted: JSONValue) throws {
        let details = try details(fields)
        #expect(details.object?.keys == [member])
        #expect(details[member] == wanted)
    }

    @Test(
        "each group of WhatsApp's parameters has its place",
        arguments: [
            ([], "user", ["whatsapp_id": "34600111222"]),
            (
                [
                    ("ExternalUserId", "whatsapp:ES.1a2B"), ("ParentExternalUserId", "whatsapp:ES.9z"),
                    ("Username", "ana"),
                ],
                "user",
                ["whatsapp_id": "34600111222", "id": "whatsapp:ES.1a2B", "parent_id": "whatsapp:ES.9z", "name": "ana"]
            ),
            ([("ProfileUsername", "ana.m")], "user", ["whatsapp_id": "34600111222", "name": "ana.m"]),
            ([("ButtonText", "Yes"), ("ButtonPayload", "ok:1")], "button", ["text": "Yes", "payload": "ok:1"]),
            (
                [("ListId", "w1"), ("ListTitle", "Warranty"), ("ListDescription", "What is left")], "list",
                ["id": "w1", "title": "Warranty", "description": "What is left"]
            ),
            (
                [("Latitude", "43.5147"), ("Longitude", "16"), ("Address", "Riva 1"), ("Label", "Marina")], "location",
                ["latitude": 43.5147, "longitude": 16, "address": "Riva 1", "label": "Marina"]
            ),
            (
                [
                    ("OriginalRepliedMessageSid", Fixtures.messageSid),
                    ("OriginalRepliedMessageSender", "whatsapp:+14155238886"),
                ], "quoted", ["provider_id": .string(Fixtures.messageSid), "from": "whatsapp:+14155238886"]
            ),
            ([("Forwarded", "true")], "forwarded", true),
            ([("FrequentlyForwarded", "true"), ("Forwarded", "false")], "frequently_forwarded", true),
            (
                [
                    ("ReferralBody", "Ask us"), ("ReferralHeadline", "Yachts"), ("ReferralSourceId", "1"),
                    ("ReferralSourceType", "ad"), ("ReferralSourceUrl", "https://fb.example/1"),
                    ("ReferralMediaId", "2"), ("ReferralMediaContentType", "image/jpeg"),
                    ("ReferralMediaUrl", "https://fb.example/2"), ("ReferralCtwaClid", "clid"),
                ], "referral",
                [
                    "body": "Ask us", "headline": "Yachts", "source_id": "1", "source_type": "ad",
                    "source_url": "https://fb.example/1", "media_id": "2", "media_type": "image/jpeg",
                    "media_url": "https://fb.example/2", "ctwa_clid": "clid",
                ]
            ),
            ([("InteractiveData", #"{"a":[1]}"#)], "interactive", ["a": [1]]),
            ([("FlowData", "no JSON")], "flow", "no JSON"),
            (
                [("ChannelMetadata", #"{"type":"whatsapp","data":{"context":{}}}"#)], "channel",
                ["type": "whatsapp", "data": ["context": [:] as JSONValue]]
            ),
        ] as [([(String, String)], String, JSONValue)])
    func whatsapp(_ fields: [(String, String)], _ member: String, _ wanted: JSONValue) throws {
        let message = try message(Self.whatsapp + fields)
        #expect(message.kind == .whatsapp && message.from == "+34600111222" && message.to == "+14155238886")
        var rest = message.details
        #expect(rest[member] == wanted)
        for member in [member, "user", "type", "profile_name"] { rest[member] = nil }
        #expect(rest.isEmpty, "\(JSONValue.object(rest).text)")
        #expect(message.details["type"] == "text" && message.details["profile_name"] == "Ana")
    }

    @Test("a person whose number is not shown is known by an id, wherever that stands")
    func userID() throws {
        let id = ("ExternalUserId", "whatsapp:CH.a1B2")
        let shown = try message(Self.whatsapp + [id])
        #expect(shown.from == "+34600111222" && shown.userID == "CH.a1B2")
        let hidden = try message([("From", "whatsapp:CH.a1B2"), ("To", "whatsapp:+14155238886"), id])
        #expect(hidden.from == "CH.a1B2" && hidden.kind == .whatsapp && hidden.userID == "CH.a1B2")
        let absent = try message([("From", ""), ("To", "whatsapp:+14155238886"), id])
        #expect(absent.from == "CH.a1B2" && absent.kind == .whatsapp)
    }

    @Test("what a button or a list stands for comes as its id, beside the text")
    func choices() throws {
        #expect(try message(Self.whatsapp + [("ListId", "w1"), ("ListTitle", "W")]).button == "w1")
        #expect(try message(Self.whatsapp + [("ButtonPayload", "ok:1")]).button == "ok:1")
    }

    @Test("unknown parameters are kept, repeated ones in their order; their number and size are bounded")
    func unknown() throws {
        let some = try details([("New", "1"), ("Other", "ü"), ("New", ""), ("New", "3")])
        #expect(some == ["other": ["New": ["1", "", "3"], "Other": "ü"]])
        let many = (0..<100).map { ("Unknown\($0)", "x") } + [("MessageSid", Fixtures.messageSid)]
        #expect(try details(many)["other"]?.object?.count == MessageDetails.maxOther)
        let long = try details([("New", String(repeating: "x", count: 9_000))])
        #expect(long["other"]?["New"]?.string?.utf8.count == MessageDetails.maxBytes)
        let repeated = try details([("ButtonText", "a"), ("ButtonText", "b")])
        #expect(repeated == ["button": ["text": "a"]])
    }

    @Test("JSON that is nested deeper than anybody reads stays text")
    func deep() throws {
        let deep = String(repeating: "[", count: 17) + String(repeating: "]", count: 17)
        let message = try message(Self.whatsapp + [("FlowData", deep), ("InteractiveData", #"{"a":[]}"#)])
        #expect(message.details["flow"]?.string == deep)
        #expect(message.details["interactive"] == ["a": []])
    }

    @Test("a text that came in Base64 is read, and kept as it came")
    func base64() throws {
        let text = "The bilge pump has not stopped since this morning, please call me. Grüße"
        let encoded =
            "VGhlIGJpbGdlIHB1bXAgaGFzIG5vdCBzdG9wcGVkIHNpbmNlIHRoaXMgbW9ybmluZywgcGxlYXNlIGNhbGwgbWUuIEdyw7zDn2U="
        let message = try message([("Body", encoded)])
        #expect(message.text == text)
        #expect(message.details["encoded_text"]?.string == encoded)
        #expect(try self.message([("Body", String(encoded.prefix(56)))]).text == String(encoded.prefix(56)), "short")
    }

    @Test(
        "what only looks like Base64 stays as it is",
        arguments: [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "https://example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ])
    func notBase64(_ text: String) throws { #expect(try message([("Body", text)]).text == text) }

    @Test("short codes and names are senders like others")
    func shortCodes() throws {
        #expect(try message([("From", "72975")]).from == "72975")
        #expect(try message([("To", "72975")]).to == "72975")
        #expect(try message([("From", "MARINA")]).from == "MARINA")
    }
}
