import Gateway
import JSON
import Zones

/// A channels.yaml and the script of the simulated world, with what a story changes of them.
struct StoryConfiguration {
    /// The lines below `policies:`, indented by two.
    var policies: String
    /// The phones of the simulator.
    var phones: JSONValue = [:]
    /// Faults from the start.
    var faults: JSONValue = []
    /// When the story begins, RFC 3339.
    var begins = "2026-11-23T12:00:00Z"
    /// What comes below `countries:` beside `allow`.
    var receipts = ""
    /// Sections of their own, such as `groups:` and `prices:`.
    var sections = ""
    /// The outbound rules before the last.
    var rules = ""
    /// What `opt_out:` says.
    var optOut = "{}"
    /// Further templates, indented by two.
    var templates = ""
    /// What the key 1 of the menu does.
    var status = #"{ say: { en: "All is well." }, menu: main }"#
    /// The entries of `menus:`, indented by two; the usual one when empty.
    var menus = ""
    /// The inbound rules.
    var inbound = """
            - { name: open alerts first, when: { open_alert: true }, do: [acknowledge] }
            - { name: calls, when: { channel: voice }, do: [{ menu: main }] }
            - { name: unknown sender, when: { contact: unknown }, do: [{ review: unknown }, { reply: verify_number }] }
            - { name: everything else, do: [{ emit: message.received }] }
        """
    /// The rate of the SMS sender, as written.
    var smsRate = "100/s"
    /// Further keys of the provider, as `, rate: 1/s`.
    var providerLimits = ""
    /// Further entries of `providers:` and of `channels:`, indented by two.
    var providers = ""
    var channels = ""
    /// Further keys of `gateway:`, as `per_person: { calls: 3/d }`.
    var gatewayKeys = ""
    /// The entries of `tenants:`, as `shop: { rate: 1/s }`.
    var tenants = ""
    /// The sender of WhatsApp messages.
    var whatsappSender = Self.sender
    /// Further settings of the simulated world.
    var world: JSONObject = [:]
    /// How long the provider takes to answer.
    var latency = "20ms..80ms"

    /// Idle deliveries that the engine keeps in memory: one, so that the others are read from the store.
    var idleLimit = 1
    /// What the story makes of each provider.
    var provider: (any Provider) -> any Provider = { $0 }

    /// A story with one policy per line of `policies`.
    init(_ policies: String) { self.policies = policies }

    static let owner = "+447700900142"
    static let sender = "+41791234567"

    var start: Timestamp { Timestamp(milliseconds: (try? DateText.parseRFC3339(begins)) ?? 0) }

    /// The simulator's document.
    func script(seed: UInt64) -> JSONValue {
        var script: JSONObject = [
            "seed": .integer(Int64(seed)), "latency": .string(latency), "phones": phones,
            "calls": "1000/s",
            "senders": .object([Self.sender: ["rate": "1000/s"]]),
            "content": [
                "HX00000000000000000000000000000001": ["text": "{{1}}: {{2}}", "status": "approved"]
            ],
        ]
        for (key, value) in world.members { script[key] = value }
        return .object(script)
    }

    var yaml: String {
        """
        version: 1
        gateway:
          listen: { public: 127.0.0.1:8080, private: 127.0.0.1:8081, simulator: 127.0.0.1:8082 }
          store: sqlite:data/stories.db
          time_zone: Europe/Zurich
          default_locale: en
          \(gatewayKeys)
        countries:
          allow: [CH, DE, FR, IT, GB, US]
        \(receipts)
        times:
          nights: { hours: "22:00-07:00" }
          late: { hours: "22:00-23:59" }
        providers:
          twilio: { account_sid: "", auth_token: "", api: simulator\(providerLimits) }
        \(providers)
        tenants: { \(tenants) }
        channels:
          whatsapp: { adapter: whatsapp, provider: twilio, from: "\(whatsappSender)" }
          sms: { adapter: sms, provider: twilio, from: { number: "\(Self.sender)", type: long_code }, rate: \(smsRate) }
          voice: { adapter: voice, provider: twilio, from: "\(Self.sender)", rate: 100/s, concurrency: 500 }
        \(channels)
        \(sections)
        templates:
          alert:
            text:
              en: "{{ item }}: please look. Reply OK."
              de: "{{ item }}: bitte nachsehen. Antwort OK."
            whatsapp:
              content_sid: { en: HX00000000000000000000000000000001 }
              variables: [item, item]
            voice:
              say: { en: "{{ item }} needs attention.", de: "{{ item }} braucht Aufmerksamkeit." }
              voicemail: { en: "Please call us back." }
          linked:
            text: { en: "{{ item }}: confirm at {{ ack_link }}" }
          verify_number:
            text: { en: "We do not know this number." }
        \(templates)
        policies:
        \(policies)
        opt_out: \(optOut)
        rules:
          outbound:
        \(rules)
            - { name: everything else, policy: first }
          inbound:
        \(inbound)
        menus:
        \(menus.isEmpty ? usualMenu : menus)
        """
    }

    private var usualMenu: String {
        """
          main:
            say: { en: "Welcome. Press 1 for status. Press 2 for maintenance." }
            gather: { digits: 1, timeout: 10s }
            repeat: 10
            options:
              "1": \(status)
              "2": { say: { en: "We will call you back. Goodbye." }, hangup: true }
            otherwise: { say: { en: "Invalid." }, menu: main }
        """
    }
}
