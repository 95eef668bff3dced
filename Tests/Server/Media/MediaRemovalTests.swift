import Foundation
import Gateway
import HTTP
import Synchronization
import Testing

@testable import Server

@Suite("removing files that people sent", .serialized)
struct MediaRemovalTests {
    private static func picture(_ byte: UInt8 = 7) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: byte, count: 5_000)
    }

    /// Files whose bytes depend on the first letter of their path.
    private func world() throws -> MediaWorld {
        try MediaWorld { .file("image/png", Self.picture($0.path.utf8.dropFirst().first ?? 0)) }
    }

    private func stored(_ world: MediaWorld, _ name: String, _ raw: Int64, boat: String? = nil) throws -> MediaRecord {
        let media = try world.wait(try world.announce(world.provider.url + "/" + name, raw, boat: boat))
        #expect(media.state == .stored)
        return media
    }

    @Test("a file goes with its documents, while another row with the same bytes keeps them until it goes too")
    func shared() throws {
        let world = try world()
        let first = try stored(world, "a1", 1, boat: "aurora")
        let second = try stored(world, "a2", 2, boat: "aurora")
        let other = try stored(world, "b", 3, boat: "aurora")
        var extra = DocumentRecord(id: "mine", boat: "boreas", type: "photo", title: "Hull", at: world.clock.now)
        extra.media = first.id
        try world.store.put(extra)
        #expect(world.files.count == 2)
        try world.remove(first.id)
        try world.waitUntilGone([first.id])
        #expect(world.files.count == 2)
        let left = try world.store.documents(after: nil, limit: 9).map(\.id)
        #expect(left == [second.documentID, other.documentID])
        try world.remove(second.id)
        try world.waitUntilGone([second.id])
        let hash = try #require(other.content).hash
        #expect(world.files == [hash.prefix(2) + "/" + hash.dropFirst(2)])
        #expect(try world.store.documents(after: nil, limit: 9).map(\.id) == [other.documentID])
    }

    @Test("what was marked when the process ended is removed by the next start, also where the disk has no room")
    func restart() throws {
        let world = try world()
        let media = try stored(world, "a", 1, boat: "aurora")
        world.stop()
        try world.remove(media.id)
        #expect(world.files.count == 1)
        world.hasRoom.withLock { $0 = false }
        try world.start()
        try world.waitUntilGone([media.id])
        #expect(world.files.isEmpty)
        #expect(try world.store.document(media.documentID) == nil)
    }

    @Test("a kill after any step leaves the row, by which the next start removes the rest", arguments: 0...3)
    func kills(_ steps: Int) throws {
        let world = try world()
        let media = try stored(world, "a", 1, boat: "aurora")
        while world.all.count > 1 { sched_yield() }
        world.stop()
        try world.remove(media.id)
        let disk = WatchedDisk()
        // Making the two folders are its first calls.
        disk.dies(after: 2 + steps)
        try world.start(disk)
        while disk.calls.count <= 2 + steps, try world.store.media(media.id) != nil { sched_yield() }
        world.stop()
        #expect(try (world.store.media(media.id) == nil) == (steps == 3))
        #expect(world.files.isEmpty == (steps > 1))
        try world.start()
        try world.waitUntilGone([media.id])
        #expect(world.files.isEmpty)
        #expect(try world.store.document(media.documentID) == nil)
    }

    @Test("a row whose removal the store refuses goes later, its file is gone before")
    func refused() throws {
        let world = try world()
        let media = try stored(world, "a", 1)
        world.refusals.withLock { $0 = 1 }
        try world.remove(media.id)
        try world.waitUntilGone([media.id])
        #expect(world.files.isEmpty)
        #expect(world.refusals.withLock { $0 } < 0)
    }

    @Test("a file that is removed while it comes leaves nothing")
    func underWay() throws {
        let isAsked = DispatchSemaphore(value: 0)
        let world = try MediaWorld { request in
            var response = HTTPResponse.file("image/png", Self.picture())
            if request.path == "/hangs" { response.stream = HTTPBodyStream() }
            isAsked.signal()
            return response
        }
        let id = try world.announce(world.provider.url + "/hangs", 1)
        #expect(isAsked.wait(timeout: .now() + 60) == .success)
        try world.remove(id)
        try world.waitUntilGone([id])
        // The thread has come back to the others.
        #expect(try world.wait(try world.announce(world.provider.url + "/a", 2)).state == .stored)
        #expect(world.files.count == 1)
    }

    @Test("a file that came whole without its row saying so is found by its mark")
    func orphan() throws {
        let world = try world()
        let kept = try stored(world, "a", 1)
        world.stop()
        let folder = try MediaFolder(world.folder)
        let file = try folder.begin("x")
        try file.write(Self.picture(9))
        let orphan = try folder.keep(file).hash
        // One of the row's own bytes, which was fetched twice.
        let again = try folder.begin("y")
        try again.write(Self.picture(UInt8(ascii: "a")))
        #expect(try folder.keep(again).hash == kept.content?.hash)
        #expect(world.all.count == 4)
        try world.start()
        // Its download comes after what the start looks at.
        let last = try stored(world, "c", 5)
        #expect(world.files.count == 2)
        #expect(!world.files.contains { $0.hasSuffix(orphan.dropFirst(2)) })
        for media in [kept, last] {
            let hash = try #require(media.content).hash
            #expect(world.files.contains(hash.prefix(2) + "/" + hash.dropFirst(2)))
        }
    }

    // MARK: what is kept for so long

    /// An identifier that was made so many seconds ago.
    private func id(_ seconds: Int64, _ world: MediaWorld, _ number: Int64 = 1) throws -> Int64 {
        let time = world.clock.now + .seconds(-seconds)
        return try #require(RecordID(firstAt: time)).rawValue + number
    }

    @Test("what is older than it is to be kept goes, whatever became of it, and what is younger or still waits stays")
    func old() throws {
        let world = try world()
        world.settings.withLock { $0.keep = .seconds(3_600) }
        let old = try stored(world, "a", try id(3_500, world))
        let young = try stored(world, "a", try id(3_000, world))
        let waiting = try #require(RecordID(rawValue: try id(9_000, world)))
        var record = MediaRecord(
            id: waiting, inbound: waiting, InboundMedia(url: "https://a.example/"), provider: "twilio", contact: nil,
            boat: nil, at: world.clock.now)
        record.due = world.clock.now + .seconds(90_000)
        try world.put(record)
        record = MediaRecord(
            id: try #require(RecordID(rawValue: try id(3_500, world, 2))), inbound: waiting,
            InboundMedia(url: "https://a.example/"), provider: "twilio", contact: nil, boat: nil, at: world.clock.now)
        record.take(.missing(.tooLarge), at: world.clock.now)
        try world.put(record)
        world.skip(200)
        try world.waitUntilGone([old.id, record.id])
        #expect(try world.store.media(young.id)?.state == .stored)
        #expect(try world.store.media(waiting)?.state == .waiting)
        #expect(world.files.count == 1)
    }

    @Test("without a time all is kept, and many go a page after another")
    func pages() throws {
        let world = try world()
        let count = Int64(2 * MediaRemoval.page + 50)
        let first = try id(100 * 86_400, world)
        for number in 0..<count {
            let id = try #require(RecordID(rawValue: first + number))
            var record = MediaRecord(
                id: id, inbound: id, InboundMedia(url: "https://a.example/"), provider: "twilio", contact: nil,
                boat: nil, at: world.clock.now)
            record.take(.missing(.notFound), at: world.clock.now)
            try world.put(record)
        }
        world.skip(120)
        _ = try stored(world, "a", try id(0, world))
        #expect(try world.store.media(announcedBefore: world.clock.now, limit: 999).count == Int(count))
        world.settings.withLock { $0.keep = .seconds(86_400) }
        world.skip(61)
        try world.waitUntilGone((0..<count).compactMap { RecordID(rawValue: first + $0) })
        #expect(try world.store.media(MediaQuery(), before: nil, limit: 999).count == 1)
    }
}
