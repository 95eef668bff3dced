import Foundation
import Synchronization
import Testing

@testable import Server

@Suite("the folder of files", .serialized)
struct MediaFolderTests {
    private let place = NSTemporaryDirectory() + "gateway-media-" + UUID().uuidString.prefix(13)
    private static let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    private func files(_ path: String) -> [String] {
        (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    private func put(_ text: String, _ name: String, _ folder: MediaFolder) throws -> (hash: String, size: Int64) {
        let file = try folder.begin(name)
        for byte in text.utf8 { try file.write([byte]) }
        return try folder.keep(file)
    }

    @Test("a file lies under the hash of its bytes, and equal ones are there once")
    func names() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let folder = try MediaFolder(place)
        let kept = try put("hello", "a", folder)
        #expect(kept == (Self.hello, 5))
        #expect(try put("hello", "b", folder) == (Self.hello, 5))
        try folder.settle(Self.hello, isKept: true)
        #expect(files(place) == ["2c/" + Self.hello.dropFirst(2)])
        #expect(try String(contentsOfFile: folder.place(ofHash: Self.hello), encoding: .utf8) == "hello")
        let other = try put("", "c", folder)
        try folder.settle(other.hash, isKept: true)
        #expect(other.size == 0 && files(place).count == 2)
    }

    @Test("a file that is removed is gone for good before anybody is told, and one that is not there is no error")
    func removal() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let disk = WatchedDisk()
        let folder = try MediaFolder(place, disk)
        _ = try put("hello", "a", folder)
        try folder.settle(Self.hello, isKept: true)
        disk.forget()
        try folder.remove(Self.hello)
        #expect(disk.calls == ["mkdir 2c", "remove 2c/\(Self.hello.dropFirst(2))", "sync 2c"])
        #expect(files(place).isEmpty)
        try folder.remove(Self.hello)
        #expect(disk.calls.suffix(3) == disk.calls.prefix(3) && disk.calls.count == 6)
    }

    @Test("what is given up, and what an earlier run left, is gone")
    func leftovers() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let folder = try MediaFolder(place)
        let file = try folder.begin("a")
        try file.write([1])
        #expect(files(place) == ["tmp/a"])
        file.discard()
        #expect(files(place).isEmpty)
        try folder.begin("b").write([1])
        #expect(files(place) == ["tmp/b"])
        // The same one again, where it could not be removed.
        try folder.begin("b").discard()
        try folder.begin("c").write([1])
        _ = try MediaFolder(place)
        #expect(files(place).isEmpty)
    }

    @Test("a file that is damaged is replaced by the whole one")
    func damaged() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let folder = try MediaFolder(place)
        _ = try put("hello", "a", folder)
        try Data("hell".utf8).write(to: URL(fileURLWithPath: folder.place(ofHash: Self.hello)))
        _ = try put("hello", "a", folder)
        #expect(try String(contentsOfFile: folder.place(ofHash: Self.hello), encoding: .utf8) == "hello")
    }

    @Test("a file gets its name only when it is on disk, and the name is on disk before anybody is told")
    func order() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        let disk = WatchedDisk()
        let folder = try MediaFolder(place, disk)
        disk.forget()
        _ = try put("hello", "a", folder)
        #expect(
            disk.calls
                == [
                    "remove tmp/a", "create tmp/a", "write", "write", "write", "write", "write", "sync file",
                    "mkdir 2c",
                    "sync media", "create tmp/new-\(Self.hello)", "sync tmp",
                    "rename tmp/a 2c/\(Self.hello.dropFirst(2))", "sync 2c",
                ].map { $0.replacing("sync media", with: "sync ") })
        disk.forget()
        _ = try put("hello", "b", folder)
        #expect(disk.calls.suffix(4) == ["sync file", "mkdir 2c", "remove tmp/b", "sync 2c"])
    }

    @Test("a kill after any step leaves whole files alone and their mark, and the next start nothing else")
    func kills() throws {
        defer { try? FileManager.default.removeItem(atPath: place) }
        var isWhole = false
        for steps in 0..<40 where !isWhole {
            try? FileManager.default.removeItem(atPath: place)
            let disk = WatchedDisk()
            let folder = try MediaFolder(place, disk)
            disk.dies(after: steps)
            isWhole = (try? put("hello", "a", folder)) != nil
            let next = try MediaFolder(place)
            let (name, mark) = ("2c/" + Self.hello.dropFirst(2), "tmp/new-" + Self.hello)
            let left = files(place)
            #expect(left.isEmpty || left == [mark] || left == [name, mark], "after \(steps) steps: \(left)")
            #expect(next.unsettled == (left.isEmpty ? [] : [Self.hello]))
            if left.contains(name) {
                #expect(try String(contentsOfFile: place + "/" + name, encoding: .utf8) == "hello")
            }
            // Nobody says that it is kept.
            for hash in next.unsettled { try next.settle(hash, isKept: false) }
            #expect(files(place).isEmpty)
        }
        #expect(isWhole)
    }
}

/// The system's disk, whose calls are noted; after so many it does nothing any more, as for a process that was killed.
final class WatchedDisk: MediaDisk {
    private struct State {
        var calls: [String] = []
        var left = Int.max
    }

    private let state = Mutex(State())
    private let disk = SystemDisk()

    var calls: [String] { state.withLock { $0.calls } }
    func forget() { state.withLock { $0.calls = [] } }
    func dies(after steps: Int) { state.withLock { $0.left = steps } }

    private func note(_ call: String) throws(MediaDiskError) {
        let isAlive = state.withLock { state in
            state.calls.append(call)
            state.left -= 1
            return state.left >= 0
        }
        if !isAlive { throw MediaDiskError("killed", 0) }
    }

    private func short(_ path: String) -> String {
        let parts = path.split(separator: "/")
        let start = parts.firstIndex { $0.hasPrefix("gateway-media-") } ?? parts.startIndex
        return parts[(start + 1)...].joined(separator: "/")
    }

    func makeFolder(_ path: String) throws(MediaDiskError) -> Bool {
        try note("mkdir " + short(path))
        return try disk.makeFolder(path)
    }

    func names(in path: String) throws(MediaDiskError) -> [String] { try disk.names(in: path) }

    func create(_ path: String) throws(MediaDiskError) -> Int32 {
        try note("create " + short(path))
        return try disk.create(path)
    }

    func write(_ bytes: [UInt8], to descriptor: Int32) throws(MediaDiskError) {
        try note("write")
        try disk.write(bytes, to: descriptor)
    }

    func syncAndClose(_ descriptor: Int32) throws(MediaDiskError) {
        do throws(MediaDiskError) {
            try note("sync file")
        } catch {
            disk.close(descriptor)
            throw error
        }
        try disk.syncAndClose(descriptor)
    }

    func close(_ descriptor: Int32) { disk.close(descriptor) }

    func syncFolder(_ path: String) throws(MediaDiskError) {
        try note("sync " + short(path))
        try disk.syncFolder(path)
    }

    func rename(_ path: String, to other: String) throws(MediaDiskError) {
        try note("rename " + short(path) + " " + short(other))
        try disk.rename(path, to: other)
    }

    func remove(_ path: String) throws(MediaDiskError) {
        try note("remove " + short(path))
        try disk.remove(path)
    }

    func size(of path: String) -> Int64? { disk.size(of: path) }
}
