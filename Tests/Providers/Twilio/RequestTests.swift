import Crypto
import Forms
import Gateway
import Testing

@testable import TwilioProvider

@Suite("Create requests")
struct RequestTests {
    private func form(_ outbound: OutboundRequest) throws -> Form {
        Form(parsing: try Fixtures.provider().request(for: outbound).body)
    }

    @Test("an SMS carries numbers, text and the callback with the attempt's token")
    func sms() throws {
        var message = Fixtures.message
        message.media = ["https://cdn.example.com/a.jpg?x=1&y=2", "https://cdn.example.com/b.png"]
        message.validity = .seconds(90)
        let request = try Fixtures.provider().request(for: .message(message))
        #expect(request.method == "POST")
        let account = "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001"
        #expect(request.url == account + "/Messages.json")
        #expect(!request.freshConnection)
        let form = Form(parsing: request.body)
        #expect(
            form.fields.map { $0.name + "=" + $0.value } == [
                "To=+447700900142", "From=+41791234567", "Body=Hello & goodbye",
                "MediaUrl=https://cdn.example.com/a.jpg?x=1&y=2", "MediaUrl=https://cdn.example.com/b.png",
                "StatusCallback=https://gateway.example.org/webhooks/twilio/sms/status?t=tok%2F1", "ValidityPeriod=90",
            ])
    }

    @Test("a validity outside Twilio's range is brought into it")
    func validity() throws {
        var message = Fixtures.message
        message.validity = .seconds(1_000_000)
        #expect(try form(.message(message))["ValidityPeriod"] == "36000")
        message.validity = .zero
        #expect(try form(.message(message))["ValidityPeriod"] == "1")
    }

    @Test("a template travels with its variables in order, without a body")
    func template() throws {
        var message = Fixtures.message
        message.kind = .whatsapp
        let hx = "HX00000000000000000000000000000001"
        message.template = TemplateContent(contentID: hx, variables: ["Ana \"A\"", "12:30"])
        let form = try form(.message(message))
        #expect(form["To"] == "whatsapp:+447700900142")
        #expect(form["From"] == "whatsapp:+41791234567")
        #expect(form["ContentSid"] == hx)
        #expect(form["ContentVariables"] == #"{"1":"Ana \"A\"","2":"12:30"}"#)
        #expect(form["Body"] == nil)
    }

    @Test("a messaging service stands in its own parameter")
    func service() throws {
        var message = Fixtures.message
        message.from = "MG00000000000000000000000000000009"
        let form = try form(.message(message))
        #expect(form["MessagingServiceSid"] == "MG00000000000000000000000000000009")
        #expect(form["From"] == nil)
    }

    @Test("what cannot be sent is refused before it is sent")
    func impossible() throws {
        let provider = try Fixtures.provider()
        var message = Fixtures.message
        message.text = ""
        #expect(throws: ProviderError.self) { try provider.request(for: .message(message)) }
        message.text = String(repeating: "x", count: 1_601)
        #expect(throws: ProviderError.self) { try provider.request(for: .message(message)) }
        message.text = String(repeating: "x", count: 1_600)
        #expect(throws: Never.self) { try provider.request(for: .message(message)) }
        message.kind = .whatsapp
        message.media = ["https://a.example/1", "https://a.example/2"]
        #expect(throws: ProviderError.self) { try provider.request(for: .message(message)) }
        message.kind = .video
        #expect(throws: ProviderError.self) { try provider.request(for: .message(message)) }
    }

    @Test("a call asks for every event, for detection beside the speech, and has a connection of its own")
    func call() throws {
        let request = try Fixtures.provider().request(for: .call(Fixtures.call))
        #expect(request.freshConnection)
        #expect(request.url.hasSuffix("/Calls.json"))
        let form = Form(parsing: request.body)
        #expect(form["Url"] == "https://gateway.example.org/webhooks/twilio/voice/alert?t=tok%2F1&n=0")
        #expect(form["StatusCallback"] == "https://gateway.example.org/webhooks/twilio/voice/status?t=tok%2F1")
        #expect(form.all("StatusCallbackEvent") == ["initiated", "ringing", "answered", "completed"])
        #expect(form["Timeout"] == "30")
        #expect(form["TimeLimit"] == "180")
        #expect(form["AsyncAmd"] == "true")
        #expect(form["AsyncAmdStatusCallback"] == "https://gateway.example.org/webhooks/twilio/voice/amd?t=tok%2F1")
        var silent = Fixtures.call
        silent.detectsMachine = false
        #expect(try self.form(.call(silent))["MachineDetection"] == nil)
    }

    @Test("an API key signs in where there is one, else the account's token")
    func authorization() throws {
        let withKey = try Fixtures.provider().request(for: .message(Fixtures.message))
        let key = Base64.encode(Array("SK00000000000000000000000000000002:key-secret".utf8))
        #expect(withKey.headers.contains(ProviderField("Authorization", "Basic " + key)))
        let plain = try Fixtures.provider {
            $0.apiKeySid = nil
            $0.apiKeySecret = nil
        }
        let token = Base64.encode(Array((Fixtures.accountSid + ":" + Fixtures.authToken).utf8))
        let request = try plain.request(for: .message(Fixtures.message))
        #expect(request.headers.contains(ProviderField("Authorization", "Basic " + token)))
    }

    @Test("products lie on hosts of their own at Twilio, and below one base elsewhere")
    func endpoints() {
        let twilio = TwilioEndpoints(baseURL: "https://api.twilio.com/", accountSid: "AC1")
        #expect(twilio.account == "https://api.twilio.com/2010-04-01/Accounts/AC1")
        #expect(twilio.video == "https://video.twilio.com/v1")
        let region = TwilioEndpoints(baseURL: "https://api.dublin.ie1.twilio.com", accountSid: "AC1")
        #expect(region.video == "https://video.dublin.ie1.twilio.com/v1")
        let local = TwilioEndpoints(baseURL: "http://127.0.0.1:8082", accountSid: "AC1")
        #expect(local.account == "http://127.0.0.1:8082/2010-04-01/Accounts/AC1")
        #expect(local.video == "http://127.0.0.1:8082/video/v1")
    }

    @Test("settings that cannot work are refused with a stable code")
    func settings() {
        func code(_ change: (inout TwilioSettings) -> Void) -> String? {
            do {
                _ = try Fixtures.provider(change)
                return nil
            } catch { return (error as? ProviderError)?.code }
        }
        #expect(code { $0.authToken = "" } == "missing_credentials")
        #expect(code { $0.apiKeySecret = nil } == "missing_credentials")
        #expect(code { $0.accountSid = "AC1" } == "bad_account_sid")
        #expect(code { $0.baseURL = "http://127.0.0.1:1" } == "bad_base_url")
        #expect(code { $0.publicURL = "https://a.example/?x" } == "bad_public_url")
        #expect(code { $0.publicURL = "http://127.0.0.1:1" } == "bad_public_url")
        #expect(code { $0.requiredAlgorithm = .sha256 } == "missing_shared_key")
        let local = code {
            $0.acceptsPlainHTTP = true
            $0.baseURL = "http://127.0.0.1:1"
            $0.publicURL = "http://127.0.0.1:2"
        }
        #expect(local == nil)
    }

    @Test("settings do not show their secrets")
    func secrets() {
        let settings = Fixtures.settings
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains(Fixtures.authToken))
            #expect(!text.contains("key-secret"))
        }
    }
}
