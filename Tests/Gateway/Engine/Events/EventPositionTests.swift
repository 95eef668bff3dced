import Gateway
import Testing

@Suite("positions of events")
struct EventPositionTests {
    @Test("digits sort as the events do, and are read back", arguments: [1, 2, 1_000, Int64(1) << 40])
    func order(_ sequence: Int64) throws {
        let places = [(sequence, 0), (sequence, 1), (sequence, 999), (sequence + 1, 0)]
        let positions = places.map { EventPosition(sequence: $0.0, place: $0.1) }
        #expect(positions == positions.sorted())
        #expect(positions.map(\.digits) == positions.map(\.digits).sorted())
        for position in positions {
            #expect(EventPosition(position.digits) == position)
            #expect(EventPosition(position.id) == position)
            #expect(position.id.hasPrefix("evt_"))
        }
        #expect(positions.last.map { $0 > .end(ofRow: sequence) } == true)
        #expect(positions[2] < .end(ofRow: sequence))
        #expect(EventPosition.end(ofRow: sequence).sequence == sequence)
    }

    @Test("the start is thirteen zeros and before everything")
    func start() {
        #expect(EventPosition.start.digits == "0000000000000")
        #expect(EventPosition("0000000000000") == .start)
        #expect(EventPosition.start < EventPosition(sequence: 1, place: 0))
    }

    @Test(
        "what is no position is not read",
        arguments: [
            "", "1", "latest", "00000000000001", "zzzzzzzzzzzzz",
            "msg_0000000000001",
        ])
    func wrong(_ text: String) {
        #expect(EventPosition(text) == nil)
    }
}
