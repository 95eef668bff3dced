import Crypto
import Testing

@testable import Gateway

@Suite("Conditions")
struct ConditionTests {
    private func condition(_ text: String) throws -> Condition {
        let file = """
            version: 1
            countries: { allow: [CH] }
            times: { nights: { hours: "22:00-07:00" } }
            patterns: { hull: "/[A-Z]{2}-[0-9]+/" }
            providers: { twilio: { api: simulator } }
            channels: { sms: { adapter: sms, provider: twilio, from: "+41791234567" } }
            policies: { plain: { fallback: [{ channel: sms }] } }
            rules: { outbound: [{ name: one, when: { \(text) }, policy: plain }, { name: all, policy: plain }] }
            """
        let reading = TestCatalogue.read(file)
        #expect(reading.diagnostics.map(\.text) == [])
        return try #require(reading.configuration?.outboundRules.first?.when.first)
    }

    @Test(
        "texts match by equality, glob, pattern, list and negation",
        arguments: [
            ("topic: warranty.*", "warranty.due", true), ("topic: warranty.*", "warrant", false),
            ("topic: [a, b]", "b", true), ("topic: [a, b]", "c", false), ("topic: { not: [a, b] }", "c", true),
            ("topic: { not: a }", "a", false), ("text: \"/warrant/i\"", "My WARRANTY?", true),
            ("text: \"Why?\"", "Why?", true), ("text: \"Why?\"", "Whyx", false), ("tenant: \"a?\"", "ab", true),
            ("text: { contains: card_number }", "pay 4111 1111 1111 1111", true),
            ("text: { contains: card_number }", "pay 4111 1111 1111 1112", false),
            ("text: { contains: [iban, hull] }", "it is CH-123", true), ("labels.kind: x", "x", true),
            ("locale: fr", "fr-CH", true), ("locale: fr", "fr", true), ("locale: fr", "fro", false),
            ("locale: fr-CH", "fr", false), ("contact: known", "verified", true), ("contact: verified", "known", false),
            ("class: { not: marketing }", "transactional", true), ("to.number: \"+4179*\"", "+41791234567", true),
        ])
    func texts(_ source: String, _ value: String, _ fits: Bool) throws {
        #expect(try condition(source).matches(.text(value)) == fits)
    }

    @Test(
        "numbers match by value and range",
        arguments: [
            ("media: 2", 2, true), ("media: 2", 1, false), ("media: 1..", 9, true), ("media: ..1", 2, false),
            ("media: [0, 3..4]", 3, true), ("priority: high", 2, true), ("priority: high..", 3, true),
            ("priority: ..normal", 2, false), ("weekday: fri..mon", 0, true), ("weekday: fri..mon", 2, false),
        ])
    func numbers(_ source: String, _ value: Int, _ fits: Bool) throws {
        #expect(try condition(source).matches(.number(value)) == fits)
    }

    @Test("a field without a value fits only a negation")
    func absent() throws {
        #expect(try !condition("to.role: owner").matches(.absent))
        #expect(try condition("to.role: { not: owner }").matches(.absent))
        #expect(try !condition("topic: \"*\"").matches(.absent))
    }

    @Test("local times and flags")
    func times() throws {
        let night = MatchValue.localTime(LocalMoment(seconds: 1_380 * 60, in: .utc))
        #expect(try condition("local_time: nights").matches(night))
        #expect(try !condition("local_time: { not: nights }").matches(night))
        #expect(try condition("open_alert: true").matches(.flag(true)))
        #expect(try !condition("open_alert: true").matches(.flag(false)))
    }

    @Test("a pattern sees 4 KiB, a card number is found behind them too")
    func long() throws {
        let far = String(repeating: "é", count: 2100)
        #expect(try !condition("text: /end/").matches(.text(far + "end")))
        #expect(try condition("text: { contains: card_number }").matches(.text(far + " 4111111111111111")))
    }

    @Test("what is proven of two matchers holds for every value")
    func implication() throws {
        var random = SeededRandom(seed: 11)
        let letters = ["a", "b", "ab", "abc", "", "b*"]
        var proven = 0
        for _ in 0..<4000 {
            let first = matcher(&random, depth: 2)
            let second = matcher(&random, depth: 2)
            var proof = Implication(budget: 10_000)
            let implies = proof.implies(first, second)
            let excludes = proof.excludes(first, second)
            proven += implies || excludes ? 1 : 0
            let values = letters.map(MatchValue.text) + (0...4).map(MatchValue.number)
            for value in values where first.matches(value) {
                #expect(!implies || second.matches(value))
                #expect(!excludes || !second.matches(value))
            }
        }
        #expect(proven > 500)
    }

    private func matcher(_ random: inout SeededRandom, depth: Int) -> Matcher {
        let globs = ["a*", "*", "ab*", "?b"]
        switch Int(random.next() % (depth > 0 ? 6 : 3)) {
        case 0: return .equals(["a", "b", "ab"][Int(random.next() % 3)])
        case 1:
            let glob = globs[Int(random.next() % 4)]
            return .glob(source: glob, .init(glob))
        case 2:
            let low = Int(random.next() % 4)
            return .range(low...(low + Int(random.next() % 3)))
        case 3: return .any([matcher(&random, depth: depth - 1), matcher(&random, depth: depth - 1)])
        case 4: return .all([matcher(&random, depth: depth - 1), matcher(&random, depth: depth - 1)])
        default: return .not(matcher(&random, depth: depth - 1))
        }
    }
}
