import Testing

/// A story and the seed of what it meets.
struct FaultedStory: Sendable, CustomTestStringConvertible {
    let name: String
    let seed: UInt64
    /// Whether the process is killed while nothing is under way.
    let mayKill: Bool
    let play: @Sendable () throws -> Void

    var testDescription: String { "\(name), seed \(seed)" }

    /// A story for every seed.
    static func all(_ stories: [(String, @Sendable () throws -> Void)], mayKill: Bool) -> [FaultedStory] {
        stories.flatMap { name, play in
            StorySeeds.faults.map { FaultedStory(name: name, seed: $0, mayKill: mayKill, play: play) }
        }
    }
}

/// The stories of `delivery.md` again, with faults that must not change how they come out: every expectation of theirs
/// holds as it stands.
@Suite("The stories, in a world that is not as tidy")
struct FaultedStories {
    /// A process that starts anew knows nothing of circuits, and a rate begins with a full bucket; these say so.
    static let running: [(String, @Sendable () throws -> Void)] = [
        ("e", { try LaneStories().storm() }), ("f", { try TextStories().outage() }),
    ]

    static let stories: [(String, @Sendable () throws -> Void)] = [
        ("a", { try TextStories().escalates() }),
        ("b", { try TextStories().notOnWhatsApp() }),
        ("c", { try TextStories().outsideWindow() }),
        ("d", { try TextStories().noReceipts() }),
        ("g", { try CallStories().placedAllTheSame() }),
        ("g, not placed", { try CallStories().placedNothing() }),
        ("h", { try CallStories().idleConnection() }),
        ("i", { try LaneStories().killed() }),
        ("i, after the commit", { try LaneStories().killedAfterCommit() }),
        ("j", { try CallStories().callsBack() }),
        ("k", { try CallStories().voicemail() }),
        ("l", { try CallStories().mistaken() }),
        ("m", { try AnswerStories().both() }),
        ("n", { try RoutingStories().quiet() }),
        ("n, critical", { try RoutingStories().overridden() }),
        ("o", { try RoutingStories().scheduled() }),
        ("p", { try RoutingStories().languages() }),
        ("q", { try RoutingStories().wrongNumber() }),
        ("r", { try LaneStories().rotated() }),
        ("r, reloaded", { try LaneStories().rotatedByReload() }),
        ("s", { try AnswerStories().preview() }),
        ("t", { try AnswerStories().menu() }),
        ("t, the alert's keys", { try AnswerStories().alertKeys() }),
        ("u", { try AnswerStories().late() }),
        ("v", { try AnswerStories().robot() }),
        ("rounds", { try RoundStories().unanswered() }),
        ("answered in the second round", { try RoundStories().answered() }),
        ("a group", { try PeopleStories().group() }),
        ("nobody of the group", { try PeopleStories().unanswered() }),
        ("a broadcast", { try PeopleStories().broadcastAcknowledged() }),
        ("a broadcast without an answer", { try PeopleStories().broadcastExhausted() }),
    ]

    @Test("comes out as it must", arguments: FaultedStory.all(running, mayKill: false))
    func runs(_ story: FaultedStory) throws { try play(story) }

    @Test("comes out as it must, also when the process is killed", arguments: FaultedStory.all(stories, mayKill: true))
    func starts(_ story: FaultedStory) throws { try play(story) }

    private func play(_ story: FaultedStory) throws {
        let faults = StoryFaults(seed: story.seed, mayKill: story.mayKill)
        try StoryFaults.$current.withValue(faults) { try story.play() }
    }
}
