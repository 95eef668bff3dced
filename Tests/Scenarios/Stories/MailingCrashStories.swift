import Gateway
import JSON
import SimulatedDisk
import Testing

@Suite("Batches whose process dies")
struct MailingCrashStories {
    /// Two parts and a half, with numbers that are none.
    private static let body = MailingStories.batch(230, bad: 40)
    private static let key = IdempotencyKey(key: "batch", fingerprint: "same")

    /// Hands in the batch until it is accepted, starting the process again whenever it died.
    private func live(_ gateway: VirtualGateway, until end: Int64 = 400) throws -> [RecordID] {
        var ids: [RecordID] = []
        var ticket: Int?
        for second in 0..<end {
            if gateway.core == nil { try gateway.restart() }
            let isAnswered: Bool
            switch ticket.flatMap({ gateway.answers[$0] }) {
            case .accepted, .replayed: isAnswered = true
            default: isAnswered = false
            }
            // Nobody waits longer than this for an answer.
            if !isAnswered, second % 5 == 0, let made = try? gateway.accept(batch: Self.body, idempotency: Self.key) {
                ids.append(made.id)
                ticket = made.ticket
            }
            if gateway.disk?.isStopped == true { gateway.crash() }
            gateway.run(for: .seconds(1))
        }
        return ids
    }

    /// Each good number got one text, and the counts say so.
    private func check(_ ids: [RecordID], _ gateway: VirtualGateway, _ what: Comment) throws {
        let mailings = try ids.compactMap { try gateway.records.mailing($0) }
        try #require(mailings.count == 1, what)
        let progress = try MailingStories.progress(mailings[0].id, gateway)
        #expect(progress.rejections == ["invalid_number": 5], what)
        #expect(progress.accepted == 225, what)
        #expect(progress[.satisfied] == 225, what)
        #expect(!progress.isOpen, what)
        let good = (0..<230).filter { $0 % 40 != 39 }.map(MailingStories.number)
        #expect(try gateway.texts("sms").compactMap { $0.form["To"] }.sorted() == good, what)
        #expect(gateway.violations().isEmpty, what)
        #expect(try gateway.records.messages(before: nil, limit: 1_000).count == 225, what)
    }

    @Test(
        "it dies in every one of the first turns, at each of their moments: nobody twice, nobody left out",
        arguments: VirtualGateway.Death.allCases)
    func everyTurn(_ moment: VirtualGateway.Death) throws {
        for turn in StorySeeds.stride == 1 ? Array(1...80) : [1, 2, 3, 4, 5, 8, 20] {
            let gateway = try MailingStories.gateway()
            gateway.crash(moment, inTurn: turn)
            try check(try live(gateway), gateway, "turn \(turn), \(moment)")
        }
    }

    @Test(
        "a commit that fails is as if it had not been tried",
        arguments: StorySeeds.stride == 1 ? Array(1...60) : [1, 2, 3, 5, 8])
    func failedCommit(_ turn: Int) throws {
        let gateway = try MailingStories.gateway()
        gateway.plan(after: .milliseconds(Int64(turn))) { gateway in
            gateway.store.failNextCommit(with: StoreError(.full, "no room"))
        }
        try check(try live(gateway), gateway, "commit after \(turn) ms")
    }

    @Test("the power goes while it is stored and worked off", arguments: [20, 90, 230, 400])
    func powerLost(_ change: Int) throws {
        let disk = try StoryDisk(seed: UInt64(change))
        let gateway = try MailingStories.gateway(seed: UInt64(change), disk: disk)
        disk.end = .powerLost
        disk.disk.stop(atChange: change)
        try check(try live(gateway), gateway, "change \(change)")
        #expect(disk.violations.isEmpty)
        #expect(disk.starts > 1)
    }
}
