import Foundation

/// Which random stories are run: four small ones, with `GATEWAY_SOAK` many from a fresh seed, or the one that
/// `GATEWAY_STORY_SEED` names.
enum StorySeeds {
    static let chosen: [UInt64] = {
        if let one = number("GATEWAY_STORY_SEED") { return [one] }
        guard isSoak else { return [1, 2, 3, 4] }
        let first = number("GATEWAY_SOAK_SEED") ?? .random(in: 1...999_999_999)
        let count = number("GATEWAY_SOAK_SEEDS") ?? 200
        print("soak: seeds \(first) to \(first + count - 1), \(deliveries) deliveries each")
        return Array(first..<first + count)
    }()

    /// Each story has so many; below 10,000, because each has a number of its own.
    static let deliveries = isSoak ? min(Int(number("GATEWAY_SOAK_DELIVERIES") ?? 2_000), 9_999) : 1_000

    /// Seeds of the worlds with a bad disk: three, or as many as make `GATEWAY_SOAK_TOTAL` deliveries.
    static let disk: [UInt64] = {
        guard isSoak, number("GATEWAY_STORY_SEED") == nil, let first = chosen.first else {
            return isSoak ? chosen : [1, 2, 3]
        }
        let total = number("GATEWAY_SOAK_TOTAL") ?? 1_000_000
        let count = max(1, total / UInt64(diskDeliveries))
        print("soak: a bad disk under \(count * UInt64(diskDeliveries)) deliveries, from seed \(first)")
        return Array(first..<first + count)
    }()
    /// Seeds of the faults that each story meets.
    static let faults: [UInt64] = {
        guard isSoak, let first = chosen.first else { return Array(1...6) }
        let count = number("GATEWAY_STORY_SEED") == nil ? number("GATEWAY_SOAK_STORIES") ?? 1_000 : 1
        return Array(first..<first + count)
    }()
    /// Each of these worlds has so many.
    static let diskDeliveries = isSoak ? deliveries : 200
    /// How many moments of a short story lie between two that are tried.
    static let stride = isSoak ? 1 : 17

    private static let isSoak = ProcessInfo.processInfo.environment["GATEWAY_SOAK"] != nil

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
