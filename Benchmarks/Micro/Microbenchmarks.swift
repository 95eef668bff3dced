import Crypto
import Forms
import Gateway
import SMSChannel
import TwilioProvider

/// What costs nanoseconds, measured inside of one process: `name value unit`, one a line, as `make bench` prints them.
///
/// With numbers as arguments: a decision of so many rules each, of a kind that the index tells apart and of one that
/// is tried for every message.
@main
struct Microbenchmarks {
    /// Rounds of each figure, of which the median counts.
    static let rounds = 7

    static func main() throws {
        let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        for count in counts {
            say("route_ns_\(count)_topics", try route(rules: count))
            say("route_ns_\(count)_patterns", try route(rules: count, .pattern))
        }
        if counts.isEmpty { try figures() }
    }

    private static func figures() throws {
        say("signature_ns", try signature())
        say("route_ns_10_rules", try route(rules: 10))
        say("route_ns_10000_rules", try route(rules: 10_000))
    }

    private static func say(_ name: String, _ nanoseconds: Double) {
        print(name, Int(nanoseconds.rounded()), "ns")
    }

    /// Nanoseconds of one call, the median of the rounds.
    private static func measure(_ count: Int, _ body: () -> Bool) throws -> Double {
        var figures: [Double] = []
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            for _ in 0..<count {
                guard body() else { throw BenchmarkFault(text: "what was measured did not do its work") }
            }
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            figures.append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(count))
        }
        return figures.sorted()[rounds / 2]
    }

    // MARK: signatures

    /// A status callback of 20 parameters: decoded, sorted, signed and compared.
    private static func signature() throws -> Double {
        let secret = String(repeating: "0123456789abcdef", count: 2)
        let settings = TwilioSettings(
            accountSid: "AC" + String(repeating: "0", count: 32), authToken: secret,
            publicURL: "https://gateway.example.com")
        let verifier = SignatureVerifier(settings: settings, publicURL: settings.publicURL)
        let form = Form(
            (0..<20).map { ("Parameter\($0)", $0 % 4 == 0 ? "+4179123456\($0 % 10)" : "value \($0)") })
        let target = "/webhooks/twilio/sms/status?t=0123456789abc0100aabbccdd"
        var signed = Array((settings.publicURL + target).utf8)
        let body = form.encode()
        FormView(parsing: body).appendSorted(to: &signed)
        let code = MessageCode.hmac(.sha1, key: Array(secret.utf8), signed)
        let request = WebhookRequest(
            method: "POST", target: target,
            headers: [
                ProviderField("Host", "gateway.example.com"),
                ProviderField("Content-Type", "application/x-www-form-urlencoded"),
                ProviderField("X-Twilio-Signature", Base64.encode(code)),
            ], body: body)
        return try measure(100_000) { verifier.accepts(request) }
    }

    // MARK: rules

    /// What tells a rule from the others.
    private enum RuleKind {
        /// A topic of its own.
        case topic
        /// A regular expression on the text.
        case pattern
    }

    /// One decision of the outbound rules, of which the last but one matches.
    private static func route(rules count: Int, _ kind: RuleKind = .topic) throws -> Double {
        let configuration = try configuration(rules: count, kind)
        let router = Router(configuration)
        let text = "Your appointment is confirmed for Monday at 09:30. Reply C to confirm or R for number \(count - 2)."
        let envelope = Envelope(to: .number("+41791230000"), topic: "topic\(count - 2).done", text: text)
        let recipient = ResolvedRecipient(
            number: "+41791230000", country: "CH", locale: "en", timeZone: "Europe/Zurich")
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        return try measure(count > 1_000 || kind == .pattern ? 200 : 50_000) {
            router.route(envelope, to: recipient, now: now).rule == "rule \(count - 2)"
        }
    }

    private static func configuration(rules count: Int, _ kind: RuleKind) throws -> GatewayConfiguration {
        var text = """
            version: 1
            gateway: { time_zone: UTC, default_locale: en, store: "memory:" }
            countries: { allow: [CH] }
            providers: { twilio: { api: simulator } }
            channels: { sms: { adapter: sms, provider: twilio, from: "+41791234567" } }
            policies: { only: { fallback: [{ channel: sms }] } }
            rules:
              inbound: [{ name: none, do: [{ emit: message.received }] }]
              outbound:

            """
        for index in 0..<count - 1 {
            let condition = kind == .topic ? "topic: topic\(index).*" : "text: '/number \(index)[.]/'"
            text += "    - { name: rule \(index), when: { \(condition) }, policy: only }\n"
        }
        text += "    - { name: everything else, policy: only }\n"
        let reading = ConfigurationReader(environment: [:], readFile: { _ in [] }, catalogue: catalogue)
            .read(Array(text.utf8), file: "channels.yaml")
        guard let configuration = reading.configuration else {
            throw BenchmarkFault(text: reading.diagnostics.map(\.text).joined(separator: "\n"))
        }
        return configuration
    }

    private static var catalogue: AdapterCatalogue {
        let sms = SMSAdapter()
        return AdapterCatalogue(
            channels: [AdapterCatalogue.ChannelEntry(kind: sms.kind, capabilities: sms.capabilities)],
            providers: [
                AdapterCatalogue.ProviderEntry(
                    word: "twilio", kinds: [.sms], keys: [.init("account_sid"), .init("auth_token", isSecret: true)],
                    defaultAPI: "https://api.twilio.com")
            ], stores: ["memory"])
    }
}

/// Why there is no figure.
struct BenchmarkFault: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}
