import Gateway
import Testing

@Suite("Calls from people under the shipped rules")
struct InboundCallTests {
    @Test("whatever number a turn has, the menu answers", arguments: ["", "1", "x", "-1", "9223372036854775807"])
    func turns(turn: String) throws {
        let configuration = try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
        let directory = ConfigurationDirectory(
            configuration: configuration, adapters: [], providers: [],
            links: AcknowledgementLinks(origin: "https://gateway.example", key: [1]), loadSnapshot: { _ in nil })
        var call = InboundCall(
            providerID: "CA" + String(repeating: "1", count: 32), from: "+41791234567", to: "+41790000000",
            purpose: "menu-select")
        call.turn = turn
        var inbound = InboundContext(.call(call), now: Timestamp(milliseconds: 1_800_000_000_000))
        inbound.contact = "ann"
        let verbs = try #require(directory.receive(inbound).script?.verbs)
        #expect(verbs.contains { if case .gather = $0 { true } else { false } })
    }
}
