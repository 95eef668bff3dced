import JSON

/// A number of the account, with its webhooks.
final class PhoneNumber {
    let sid: String
    let number: String
    let created: Int64
    var updated: Int64
    /// The settings by the name of their form field.
    private var settings: [String: String] = [:]

    private static let fields = [
        "FriendlyName", "SmsApplicationSid", "SmsFallbackMethod", "SmsFallbackUrl", "SmsMethod", "SmsUrl",
        "StatusCallback", "StatusCallbackMethod", "TrunkSid", "VoiceApplicationSid", "VoiceCallerIdLookup",
        "VoiceFallbackMethod", "VoiceFallbackUrl", "VoiceMethod", "VoiceUrl", "AddressSid", "BundleSid",
    ]

    init(sid: String, number: String, at time: Int64) {
        self.sid = sid
        self.number = number
        created = time
        updated = time
    }

    /// Takes over what a form has.
    func update(_ value: (String) -> String?, at time: Int64) {
        for field in Self.fields {
            if let text = value(field) { settings[field] = text }
        }
        updated = time
    }

    /// A setting that is not empty.
    subscript(field: String) -> String? {
        guard let value = settings[field], !value.isEmpty else { return nil }
        return value
    }

    /// The method to call a URL with.
    func method(_ field: String) -> String {
        self[field] == "GET" ? "GET" : "POST"
    }

    /// The resource in the field order of the API's description.
    func json(account: String, path: String) -> JSONValue {
        func text(_ field: String, _ absent: JSONValue = "") -> JSONValue { self[field].map { .string($0) } ?? absent }
        return [
            "account_sid": .string(account), "address_sid": text("AddressSid", .null), "address_requirements": "none",
            "api_version": "2010-04-01", "beta": false,
            "capabilities": ["voice": true, "sms": true, "mms": true, "fax": false],
            "date_created": .string(Clock.rfc2822(created)), "date_updated": .string(Clock.rfc2822(updated)),
            "friendly_name": text("FriendlyName", .string(number)), "identity_sid": .null,
            "phone_number": .string(number), "origin": "twilio", "sid": .string(sid),
            "sms_application_sid": text("SmsApplicationSid"),
            "sms_fallback_method": .string(method("SmsFallbackMethod")),
            "sms_fallback_url": text("SmsFallbackUrl"), "sms_method": .string(method("SmsMethod")),
            "sms_url": text("SmsUrl"), "status_callback": text("StatusCallback"),
            "status_callback_method": .string(method("StatusCallbackMethod")), "trunk_sid": text("TrunkSid", .null),
            "uri": .string("\(path)/IncomingPhoneNumbers/\(sid).json"), "voice_receive_mode": "voice",
            "voice_application_sid": text("VoiceApplicationSid"),
            "voice_caller_id_lookup": .bool(self["VoiceCallerIdLookup"] == "true"),
            "voice_fallback_method": .string(method("VoiceFallbackMethod")),
            "voice_fallback_url": text("VoiceFallbackUrl"),
            "voice_method": .string(method("VoiceMethod")), "voice_url": text("VoiceUrl"),
            "emergency_status": "Inactive",
            "emergency_address_sid": .null, "emergency_address_status": "unregistered",
            "bundle_sid": text("BundleSid", .null), "status": "in-use", "type": "local",
        ]
    }
}
