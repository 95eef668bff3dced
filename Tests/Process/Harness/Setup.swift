import Foundation

/// Configurations of these tests.
struct Setup {
    /// `simulator`, or the base URL of a stand-in.
    var api = "simulator"
    /// The `account_sid` and `auth_token` come from the environment.
    var publicPort = 0
    var sender = #"{ number: "+41791234567", type: short_code }"#
    var smsRate = "1000/s"
    var voiceRate = "1000/s"
    /// Calls at the same time.
    var voiceConcurrency = 500
    /// The section `countries:`.
    var countries = "{ allow: [CH, GB, US] }"
    /// The chain of the policy `chain`.
    var chain = "[{ channel: sms, deliver_within: 60s }]"
    /// Further keys of the policy `chain`.
    var policy = "success: delivered"
    /// What follows the policy `chain` when no step succeeded.
    var onExhausted = "review"
    /// The section `simulator:`, indented by two; empty for none.
    var simulator = """
          senders: { "+41791234567": { type: short_code, rate: 1000/s } }
          phones: { default: { sms: { deliver: 50ms } } }
        """
    /// Further lines at the end.
    var rest = ""
    /// Further entries of `providers:` and of `channels:`, indented by two.
    var providers = ""
    var channels = ""
    /// Replaces the lines of the private listener.
    var privateListener = "127.0.0.1:0"
    /// Further keys of `gateway:`.
    var gatewayKeys = ""

    var yaml: String {
        let text = """
            version: 1
            gateway:
              listen:
                public: 127.0.0.1:\(publicPort)
                private: \(privateListener)
                simulator: 127.0.0.1:0
              store: sqlite:data/gateway.db
              time_zone: Europe/Zurich
              \(gatewayKeys)
            countries: \(countries)
            providers:
              twilio:
                account_sid: "${TWILIO_ACCOUNT_SID:-}"
                auth_token: "${TWILIO_AUTH_TOKEN:-}"
                api: \(api)
            \(providers)
            channels:
              whatsapp: { adapter: whatsapp, provider: twilio, from: "+41791234567" }
              sms: { adapter: sms, provider: twilio, from: \(sender), rate: \(smsRate) }
              voice:
                { adapter: voice, provider: twilio, from: "+41791234567", rate: \(voiceRate), concurrency: \(voiceConcurrency) }
            \(channels)
            policies:
              chain:
                \(policy)
                fallback: \(chain)
                on_exhausted: \(onExhausted)
            rules:
              outbound:
                - { name: no card numbers, when: { text: { contains: card_number } }, reject: "card numbers are never sent" }
                - { name: everything, policy: chain }
              inbound:
                - { name: open alerts first, when: { open_alert: true }, do: [acknowledge] }
                - { name: everything else, do: [{ emit: message.received }] }
            \(rest)
            """
        return text + (simulator.isEmpty ? "\n" : "\nsimulator:\n" + simulator + "\n")
    }

    /// The shipped channels.yaml on free ports.
    static func shipped(_ change: (inout String) -> Void = { _ in }) throws -> String {
        var text = try Repository.file("channels.yaml")
        // What people expect by day must not depend on when the test runs.
        text = text.replacingOccurrences(
            of: #"nights: { hours: "22:00-07:00" }"#, with: #"nights: { years: "2001:2001" }"#)
        for port in 8080...8082 { text = text.replacingOccurrences(of: "127.0.0.1:\(port)", with: "127.0.0.1:0") }
        change(&text)
        return text
    }
}
