import Gateway
import SQLiteStore
import SimulatedDisk
import Testing

@Suite("Stories of a disk that refuses")
struct DiskFaultStories {
    private func gateway(_ disk: StoryDisk) throws -> VirtualGateway {
        var story = StoryConfiguration(
            """
              first:
                success: delivered
                expires: 6h
                fallback: [{ channel: sms, template: alert, deliver_within: 2m }]
                on_exhausted: review
            """)
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        return try VirtualGateway(story, disk: disk)
    }

    /// Hands in messages until one is refused. The accepted ones, and the refusal.
    private func fill(_ gateway: VirtualGateway) throws -> ([RecordID], StoreError?) {
        var accepted: [RecordID] = []
        for number in 1...200 {
            let handed = try gateway.accept(LaneStories.alert(number))
            gateway.run(for: .milliseconds(1))
            switch gateway.answers[handed.ticket] {
            case .accepted: accepted += handed.deliveries
            case .unavailable(let error): return (accepted, error)
            case let other: Issue.record("answered \(String(describing: other))")
            }
        }
        return (accepted, nil)
    }

    @Test("while nothing can be written messages are refused, what was accepted waits, and all goes on afterwards")
    func refuses() throws {
        for (begin, kind) in [
            ({ (disk: SimulatedDisk) in disk.leave(20_000) }, StoreError.Kind.full),
            ({ (disk: SimulatedDisk) in disk.isReadOnly = true }, .failed),
        ] {
            let disk = try StoryDisk(seed: 2)
            let gateway = try gateway(disk)
            let first = try gateway.send(LaneStories.alert(300))
            gateway.run(for: .milliseconds(10))
            begin(disk.disk)
            let (accepted, refusal) = try fill(gateway)
            #expect(refusal?.kind == kind)
            gateway.run(for: .seconds(60))
            #expect(gateway.core != nil)
            #expect(gateway.fatal.isEmpty)
            disk.disk.heal()
            let last = try gateway.send(LaneStories.alert(301))
            // What the provider reported meanwhile is asked for when the step's clock ends.
            gateway.run(for: .seconds(1_200))
            for id in [first, last] + accepted { #expect(try gateway.phase(id) == .satisfied, gateway.told(id)) }
            #expect(try gateway.acceptedMessages() == accepted.count + 2)
            disk.end = .powerLost
            gateway.crash()
            try gateway.restart()
            #expect(disk.violations.isEmpty)
            #expect(gateway.core?.gauges.open == 0)
        }
    }

    @Test("on a read-only disk no process starts, and the next one does when it is writable")
    func readOnlyStart() throws {
        let disk = try StoryDisk(seed: 3)
        let gateway = try gateway(disk)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .milliseconds(10))
        disk.end = .powerLost
        gateway.crash()
        disk.disk.isReadOnly = true
        let error = #expect(throws: StoreError.self) { try gateway.restart() }
        #expect(error?.kind == .failed)
        gateway.crash()
        disk.disk.heal()
        try gateway.restart()
        gateway.run(for: .seconds(600))
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
        #expect(disk.violations.isEmpty)
    }

    @Test("a snapshot that cannot be read for a moment is no damage: its deliveries go on")
    func unreadableSnapshot() throws {
        let disk = try StoryDisk(seed: 4)
        let gateway = try gateway(disk)
        let id = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .milliseconds(200))
        var story = StoryConfiguration(
            """
              first:
                success: sent
                fallback: [{ channel: sms, template: alert }]
            """)
        story.phones = [:]
        disk.snapshots.fail(1)
        try gateway.reload(story)
        // Another delivery sends the first one to rest, so that it is read again.
        _ = try gateway.send(LaneStories.alert(2))
        gateway.run(for: .seconds(600))
        #expect(gateway.fatal.isEmpty)
        #expect(try gateway.phase(id) == .satisfied, gateway.told(id))
    }
}
