import Crypto
import Testing

@testable import Gateway

@Suite("The index of outbound rules")
struct RouterTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func router(_ rules: [String]) throws -> Router {
        let file = """
            version: 1
            countries: { allow: [CH] }
            times: { nights: { hours: "22:00-07:00" } }
            providers: { twilio: { api: simulator } }
            channels: { sms: { adapter: sms, provider: twilio, from: "+41791234567" } }
            policies: { plain: { fallback: [{ channel: sms }] } }
            rules:
              outbound:
            \(rules.map { "    - " + $0 }.joined(separator: "\n"))
                - { name: last, policy: plain }
            """
        let reading = TestCatalogue.read(file)
        return Router(try #require(reading.configuration, "\(reading.diagnostics.map(\.text))"))
    }

    private static let topics = ["a", "ab", "abc", "b", "b.c", "é", "e\u{301}x", "warranty.due", ""]
    private static let conditions = [
        "topic: a", "topic: a*", "topic: [a, b, \"ab*\"]", "topic: [a, b.c, a]", "topic: \"?\"", "topic: \"*c\"",
        "topic: { not: a }", "topic: \"/^a/\"", "topic: \"é*\"", "topic: warranty.*", "labels.kind: x",
        "labels.kind: [x, \"y*\"]", "labels.kind: { not: x }", "priority: [high, critical]", "class: marketing",
        "to.country: CH", "to.number: \"+4179*\"", "locale: fr", "tenant: default", "contact: unknown",
        "local_time: nights", "media: 1..3",
    ]

    private func envelope(_ random: inout SeededRandom) -> (Envelope, ResolvedRecipient) {
        var envelope = Envelope(to: .number("+41791230000"), topic: Self.topics.randomElement(using: &random) ?? "")
        if Bool.random(using: &random) {
            envelope.labels["kind"] = ["x", "y", "yz", "z"].randomElement(using: &random)
        }
        envelope.priority = Priority.allCases.randomElement(using: &random) ?? .normal
        if Bool.random(using: &random) { envelope.messageClass = .marketing }
        if Bool.random(using: &random) { envelope.media = ["https://example.com/a.png"] }
        envelope.locale = ["fr", "fr-CH", "de", nil].randomElement(using: &random) ?? nil
        let recipient = ResolvedRecipient(
            number: ["+41791230000", "+447700900142"].randomElement(using: &random) ?? "",
            country: ["CH", "GB", nil].randomElement(using: &random) ?? nil, locale: "en", timeZone: "Europe/Zurich")
        return (envelope, recipient)
    }

    @Test("decides as trying every rule in order does", arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func agrees(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let rules = (0..<60).map { number in
            let when = Self.conditions.shuffled(using: &random).prefix(Int.random(in: 3...5, using: &random))
            // A field stands once in a condition.
            let fields = Dictionary(when.map { ($0.prefix { $0 != ":" }, $0) }, uniquingKeysWith: { first, _ in first })
            let words = fields.values.sorted().joined(separator: ", ")
            let rest = ["", ", continue: true"].randomElement(using: &random) ?? ""
            let action = Int.random(in: 0..<5, using: &random) == 0 ? "reject: no" : "policy: plain" + rest
            return "{ name: r\(number), when: { \(words) }, \(action) }"
        }
        let router = try router(rules)
        var decided: Set<String> = []
        for _ in 0..<1_000 {
            let (envelope, recipient) = envelope(&random)
            var every = router.route(envelope, to: recipient, now: Self.now, traces: true)
            every.trace = []
            #expect(router.route(envelope, to: recipient, now: Self.now) == every)
            decided.insert(every.rule)
        }
        #expect(decided.count > 5)
    }

    @Test("a rule that is asked for by two texts of an envelope is followed once")
    func once() throws {
        let router = try router([
            "{ name: first, when: { topic: [\"a*\", \"ab*\", abc] }, policy: plain, continue: true }",
            "{ name: second, when: { topic: abc }, reject: second }",
        ])
        var candidates = RuleCandidates([1, 3])
        candidates.add([0, 1, 2, 3])
        candidates.add([3])
        #expect(Array(candidates) == [0, 1, 2, 3])
        let recipient = ResolvedRecipient(number: "+41791230000", country: "CH", locale: "en", timeZone: "UTC")
        let envelope = Envelope(to: .number("+41791230000"), topic: "abc", text: "x")
        #expect(router.route(envelope, to: recipient, now: Self.now).rule == "second")
    }
}
