import Gateway
import Testing

@Suite("The shipped channels.yaml")
struct ShippedFileTests {
    private func shipped() throws -> GatewayConfiguration {
        let reading = TestCatalogue.read(try TestFiles.shipped())
        #expect(reading.diagnostics.map(\.text) == [])
        return try #require(reading.configuration)
    }

    @Test("checks without a finding and an environment")
    func clean() throws {
        let configuration = try shipped()
        #expect(configuration.policies.names == ["urgent", "sms_only"])
        #expect(configuration.outboundRules.map(\.name).last == "everything else")
        #expect(configuration.gateway.publicURL == nil)
        #expect(configuration.gateway.simulatorListener?.text == "127.0.0.1:8082")
        #expect(configuration.simulator != nil)
    }

    @Test("runs with a real provider once the variables and the origin are set and the simulator's section is gone")
    func live() throws {
        let text = try TestFiles.shipped().replacing("api: simulator", with: "api: https://api.twilio.com")
        let environment = [
            "PUBLIC_URL": "https://gateway.example.com", "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
            "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef", "SUPPORT_PHONE_NUMBER": "+41441234567",
        ]
        let codes = TestCatalogue.read(text, environment: environment).diagnostics.map(\.code)
        #expect(codes == ["simulator_with_real_provider"])
        var reader = TestCatalogue.reader(environment: environment)
        reader.allowsIdleSimulator = true
        let configuration = try #require(reader.read(Array(text.utf8), file: "f").configuration)
        #expect(configuration.providers["twilio"]?.api == .url("https://api.twilio.com", isStandIn: false))
        #expect(configuration.gateway.simulatorListener == nil)
        let unset = TestCatalogue.read(text).diagnostics.map(\.code)
        #expect(Set(unset) == ["missing_credential", "public_url_needed", "simulator_with_real_provider"])
    }

    @Test("the prices give the monthly scenarios that the set-up was planned with")
    func scenarios() throws {
        let prices = try shipped().prices
        func price(_ item: String, _ direction: PriceTable.Direction = .use) throws -> Int64 {
            try #require(prices.price(of: item, direction, country: "US")).price.micros
        }
        let (sms, whatsapp, minute) = try (price("sms", .out), price("whatsapp", .out), price("voice", .out))
        let (video, number, storage) = try (price("video"), price("number"), price("recording"))
        let (speech, task) = try (price("transcription"), price("task"))
        #expect(30 * sms + 90 * minute + number == 6_395_000)
        #expect(650 * sms + 1950 * minute + 2700 * video + 30 * storage + 2 * number == 95_125_000)
        let large: Int64 = 4500 * sms + 500 * whatsapp + 28_000 * minute + 27_000 * video
        #expect(large + 750 * storage + 600 * speech + 5 * number + 1000 * task == 1_097_500_000)
    }
}
