import Testing

@testable import Gateway

@Suite("The table of countries")
struct CountryTableTests {
    private func configuration(_ countries: String, _ rules: [String] = []) throws -> GatewayConfiguration {
        let file = """
            version: 1
            countries: \(countries)
            providers: { twilio: { api: simulator } }
            channels: { sms: { adapter: sms, provider: twilio, from: "+41791234567" } }
            policies: { plain: { fallback: [{ channel: sms }] }, other: { fallback: [{ channel: sms }] } }
            rules:
              outbound:
            \(rules.map { "    - " + $0 }.joined(separator: "\n"))
                - { name: last, policy: plain }
            """
        let reading = TestCatalogue.read(file)
        return try #require(reading.configuration, "\(reading.diagnostics.map(\.text))")
    }

    private func directory(_ countries: String) throws -> ConfigurationDirectory {
        ConfigurationDirectory(
            configuration: try configuration(countries), adapters: [], providers: [],
            links: AcknowledgementLinks(origin: "", key: []), loadSnapshot: { _ in nil })
    }

    @Test("numbers of a country under sanctions are refused by default, with a code of their own")
    func refused() throws {
        let directory = try directory("{ allow: [CH, CU, IR], sanctioned: [IR] }")
        let refusal = #expect(throws: NumberRefusal.self) { try directory.recipient("+5351234567", nil) }
        #expect(refusal?.code == "country_sanctioned")
        #expect(try directory.recipient("+989121234567", nil).country == "IR")
        let other = #expect(throws: NumberRefusal.self) { try directory.recipient("+447700900142", nil) }
        #expect(other?.code == "country_not_allowed")
    }

    @Test("rules see tier, sanctions and the need of a local number; a country without a tier fits none")
    func rules() throws {
        func policy(_ condition: String, _ country: String?) throws -> String {
            let rule = "{ name: r, when: { \(condition) }, policy: other }"
            let router = Router(try configuration("{ allow: [CH, GR, TH, NO, DE] }", [rule]))
            let recipient = ResolvedRecipient(
                number: "+41791230000", country: country, locale: "en", timeZone: "UTC")
            let envelope = Envelope(to: .number("+41791230000"), topic: "t")
            return router.route(envelope, to: recipient, now: Timestamp(milliseconds: 0)).policy
        }
        for (condition, fitting) in [
            ("to.tier: 1", ["CH", "DE"]), ("to.tier: 2..", ["GR", "TH"]), ("to.tier: ..2", ["CH", "GR", "DE"]),
            ("to.tier: { not: 1..3 }", ["NO", "CU", nil]), ("to.sanctioned: true", ["CU"]),
            ("to.local_number: true", ["DE"]), ("to.local_number: { not: true }", ["CH", "GR", "TH", "NO", "CU", nil]),
        ] as [(String, [String?])] {
            for country in ["CH", "GR", "TH", "NO", "CU", "DE", nil] {
                #expect(
                    try policy(condition, country) == (fitting.contains(country) ? "other" : "plain"), "\(condition)")
            }
        }
    }
}
