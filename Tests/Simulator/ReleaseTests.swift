import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("The end of a simulator")
struct ReleaseTests {
    @Test("nothing of a simulator outlives it")
    func released() {
        weak var left: World?
        weak var parts: SimulatorParts?
        do {
            let world = World(
                script: SimulatorScript(), credentials: SimulatorBench.credentials, baseURL: "http://127.0.0.1:8082",
                incarnation: 0)
            let made = SimulatorParts(world: world)
            (left, parts) = (world, made)
        }
        #expect(parts == nil)
        #expect(left == nil)
    }
}
