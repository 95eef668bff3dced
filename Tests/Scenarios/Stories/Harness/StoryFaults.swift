import Crypto
import Gateway
import JSON

/// What a story meets beside what it is about, and what must not change how it comes out: callbacks that come twice, in
/// another order, or before the answer to the request; slow answers; kills while nothing is under way. All from one seed.
struct StoryFaults: Sendable {
    /// The faults of the story that this task plays.
    @TaskLocal static var current: StoryFaults?

    let seed: UInt64
    /// Whether the process may be killed.
    let mayKill: Bool
    private var random: SeededRandom

    init(seed: UInt64, mayKill: Bool) {
        self.seed = seed
        self.mayKill = mayKill
        random = SeededRandom(seed: seed)
    }

    /// For the simulated provider, after the faults of the story itself.
    static let ofProvider: [JSONValue] = [
        ["kind": "callback", "what": "doubled", "probability": 0.2],
        ["kind": "callback", "what": "reordered", "probability": 0.2],
        ["kind": "callback", "what": "early", "probability": 0.2],
        ["kind": "list_lag", "lag": "2s", "probability": 0.2],
        ["kind": "latency", "probability": 0.2, "latency": "100ms..300ms"],
    ]

    /// Whether the process is killed at this quiet moment, to start again at once.
    mutating func kill() -> Bool { mayKill && random.below(40) == 0 }
}
