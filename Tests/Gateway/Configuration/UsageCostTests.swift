import Gateway
import Testing

@Suite("What a month costs by the shipped prices")
struct UsageCostTests {
    private func month(_ usage: [Usage]) throws -> Money {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        var micros: Int64 = 0
        for entry in usage { micros += try #require(configuration.prices.micros(of: entry, country: "US")) }
        return Money(micros: micros, currency: configuration.gateway.currency)
    }

    @Test("five boats cost 6.40")
    func small() throws {
        let cost = try month([Usage("sms", .out, 30), Usage("voice", .out, 90), Usage("number", .use, 1)])
        #expect(cost.text == "6.395 USD")
        #expect(cost.roundedToCents.text == "6.40 USD")
    }

    @Test("fifty boats cost 95.13")
    func middle() throws {
        let cost = try month([
            Usage("sms", .out, 650), Usage("voice", .out, 1_950), Usage("video", .use, 2_700),
            Usage("recording", .use, 30), Usage("number", .use, 2),
        ])
        #expect(cost.text == "95.125 USD")
        #expect(cost.roundedToCents.text == "95.13 USD")
    }

    @Test("two hundred boats cost 1,097.50")
    func large() throws {
        let cost = try month([
            Usage("sms", .out, 4_500), Usage("whatsapp", .out, 500), Usage("voice", .out, 28_000),
            Usage("video", .use, 27_000), Usage("recording", .use, 750), Usage("transcription", .use, 150 * 4),
            Usage("number", .use, 5), Usage("task", .use, 1_000),
        ])
        #expect(cost.text == "1097.50 USD")
    }

    @Test("what has no price costs nothing that could be told, and too much is not wrapped round")
    func limits() throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        #expect(configuration.prices.micros(of: Usage("pigeon", .out, 1), country: "US") == nil)
        #expect(configuration.prices.micros(of: Usage("sms", .out, .max), country: "US") == nil)
        #expect(Money(micros: -4_999, currency: "USD").roundedToCents.micros == 0)
        #expect(Money(micros: -5_000, currency: "USD").roundedToCents.micros == -10_000)
    }
}
