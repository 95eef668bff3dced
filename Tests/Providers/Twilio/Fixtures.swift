import Foundation
import Gateway
import JSON
import Testing

@testable import TwilioProvider

/// Values and helpers that several suites use.
enum Fixtures {
    static let accountSid = "AC00000000000000000000000000000001"
    static let authToken = "b7c1a6f0e2d94c3f8a5b6c7d8e9f0a1b"
    static let publicURL = "https://gateway.example.org"

    static var settings: TwilioSettings {
        var settings = TwilioSettings(accountSid: accountSid, authToken: authToken, publicURL: publicURL)
        settings.apiKeySid = "SK00000000000000000000000000000002"
        settings.apiKeySecret = "key-secret"
        return settings
    }

    static func provider(_ change: (inout TwilioSettings) -> Void = { _ in }) throws -> Twilio {
        var settings = settings
        change(&settings)
        return try Twilio(settings)
    }

    /// A file beside this one.
    static func json(_ name: String) throws -> JSONValue {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appendingPathComponent(name))))
    }

    static func entries(_ name: String, _ key: String) -> [JSONValue] {
        ((try? json(name))?[key]?.array) ?? []
    }

    static func answer(_ status: Int, _ body: String, _ headers: [ProviderField] = []) -> ProviderAnswer {
        .answered(status: status, headers: headers, body: Array(body.utf8))
    }

    static let messageSid = "SM33333333333333333333333333333333"
    static let callSid = "CA44444444444444444444444444444444"

    static var message: MessageRequest {
        MessageRequest(kind: .sms, from: "+41791234567", to: "+447700900142", text: "Hello & goodbye", token: "tok/1")
    }

    static var call: CallRequest {
        CallRequest(
            from: "+41791234567", to: "+447700900142", token: "tok/1", ringTimeout: .seconds(30),
            maxDuration: .seconds(180))
    }
}
