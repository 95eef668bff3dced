import Crypto
import Gateway
import Testing

@testable import TwilioProvider

@Suite("files at Twilio")
struct MediaTests {
    @Test("credentials are for the API's own origin, those of the key where there is one")
    func origin() throws {
        var settings = TwilioSettings(
            accountSid: "AC" + String(repeating: "1", count: 32), authToken: "token", publicURL: "https://g.example")
        let twilio = try Twilio(settings)
        #expect(twilio.mediaOrigin == "https://api.twilio.com")
        let basic = "Basic " + Base64.encode(Array((settings.accountSid + ":token").utf8))
        #expect(twilio.mediaHeaders == [ProviderField("Authorization", basic)])
        settings.baseURL = "https://api.dublin.ie1.twilio.com/"
        settings.apiKeySid = "SK1"
        settings.apiKeySecret = "secret"
        let regional = try Twilio(settings)
        #expect(regional.mediaOrigin == "https://api.dublin.ie1.twilio.com")
        #expect(
            regional.mediaHeaders == [
                ProviderField("Authorization", "Basic " + Base64.encode(Array("SK1:secret".utf8)))
            ])
    }
}
