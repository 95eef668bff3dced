import Foundation
import Gateway
import SimulatedDisk
import Testing

@Suite("Deliveries on a bad disk")
struct DiskStories {
    @Test("every promise holds, whatever the disk and the power do", arguments: StorySeeds.disk)
    func promises(seed: UInt64) throws {
        let begin = ContinuousClock.now
        let world = try DiskWorld(seed: seed, count: StorySeeds.diskDeliveries)
        try world.run(.troubles)
        let report = try DiskReport(world)
        let line = "disk seed \(seed): \(report); \(begin.duration(to: .now))"
        DiskTotals.all.withLock { $0.add(report, line) }
        for violation in report.violations { Issue.record("seed \(seed): \(violation)") }
        #expect(report.starts > 5)
    }

    /// A few messages, and one end of the process.
    private func short(_ seed: Int, _ plan: DiskWorld.Plan, _ end: SimulatedDisk.End) throws -> DiskReport {
        let world = try DiskWorld(seed: UInt64(seed), count: 6)
        try world.run(plan, end)
        return try DiskReport(world)
    }

    @Test("the process may end in the middle of every change of the disk", arguments: SimulatedDisk.End.allCases)
    func everyChange(_ end: SimulatedDisk.End) throws {
        let all = try short(1, .peace, end).changes
        #expect(all > 200)
        for change in stride(from: 1, through: all, by: StorySeeds.stride) {
            for violation in try short(change, .stop(atChange: change), end).violations {
                Issue.record("\(end) in change \(change): \(violation)")
            }
        }
    }

    @Test(
        "the process may end at every moment of every turn",
        arguments: VirtualGateway.Death.allCases, SimulatedDisk.End.allCases)
    func everyTurn(_ moment: VirtualGateway.Death, _ end: SimulatedDisk.End) throws {
        let all = try short(1, .peace, end).commits
        #expect(all > 40)
        for turn in stride(from: 1, through: all, by: StorySeeds.stride) {
            for violation in try short(turn, .die(moment, inTurn: turn), end).violations {
                Issue.record("\(end) \(moment) in turn \(turn): \(violation)")
            }
        }
    }

    @Test("a disk that forgets what was synced is found out")
    func forgetful() throws {
        var found = 0
        for seed in 1...8 {
            let world = try DiskWorld(seed: UInt64(seed), count: 6)
            world.disk.disk.ignoresSyncs = true
            // A store that is damaged beyond reading does not even start.
            let report = try? {
                try world.run(.die(.afterRequests, inTurn: 10 * seed)); return try DiskReport(world)
            }()
            if report?.violations.isEmpty != true { found += 1 }
        }
        #expect(found >= 4)
    }
}
