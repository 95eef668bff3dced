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
}
