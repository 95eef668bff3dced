import FoundationEssentials
import Glibc
import Testing

@testable import Assembly

@Suite("the watch over the configuration file")
struct ConfigurationWatchTests {
    private static func stamp(_ inode: UInt64, size: Int64 = 10, modified: Int64 = 1) -> ConfigurationWatch.Stamp {
        .init(device: 1, inode: inode, size: size, modified: modified, changed: modified)
    }

    /// What a watch says to each of these looks.
    private func looks(_ stamps: [ConfigurationWatch.Stamp?]) -> [Bool] {
        var rest = stamps[...]
        var watch = ConfigurationWatch { rest.popFirst() ?? nil }
        return stamps.map { _ in watch.sawChange() }
    }

    @Test("a file is told once, when two looks see the same")
    func stands() {
        let file = Self.stamp(1)
        #expect(looks([file, file, file, file]) == [false, true, false, false])
    }

    @Test("a file that is still being written is waited for")
    func growing() {
        let old = Self.stamp(1)
        let steps = [old, old, Self.stamp(1, size: 20), Self.stamp(1, size: 30), Self.stamp(1, size: 30)]
        #expect(looks(steps) == [false, true, false, false, true])
    }

    @Test("a file that is missing for a moment is no change by itself")
    func missing() {
        let (old, new) = (Self.stamp(1), Self.stamp(2))
        #expect(looks([old, old, nil, old, old]) == [false, true, false, false, false])
        #expect(looks([old, old, nil, new, new]) == [false, true, false, false, true])
    }

    @Test("another inode, time or device of the same size is a change")
    func kinds() {
        let old = Self.stamp(1)
        var moved = old
        moved.device = 2
        for new in [Self.stamp(2), Self.stamp(1, modified: 2), moved] {
            #expect(looks([old, old, new, new]) == [false, true, false, true])
        }
    }

    @Test("files on disk: written over, renamed over, and a link that leads elsewhere, two folders up too")
    func onDisk() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gateway-watch-\(UUID().uuidString)").path
        let files = FileManager.default
        for name in ["", "/first", "/second"] {
            try files.createDirectory(atPath: folder + name, withIntermediateDirectories: true)
        }
        defer { try? files.removeItem(atPath: folder) }
        func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: name)) }
        try write("one", folder + "/first/channels.yaml")
        try write("another", folder + "/second/channels.yaml")
        try files.createSymbolicLink(atPath: folder + "/data", withDestinationPath: "first")
        try files.createSymbolicLink(atPath: folder + "/channels.yaml", withDestinationPath: "data/channels.yaml")
        var watch = ConfigurationWatch(path: folder + "/channels.yaml")
        func expectChange(_ comment: Comment) {
            let looks = [watch.sawChange(), watch.sawChange(), watch.sawChange()]
            #expect(looks == [false, true, false], comment)
        }
        expectChange("the first")
        try write("one and more", folder + "/first/channels.yaml")
        expectChange("written over")
        try write("by rename", folder + "/first/new.yaml")
        #expect(rename(folder + "/first/new.yaml", folder + "/first/channels.yaml") == 0)
        expectChange("renamed over")
        try files.createSymbolicLink(atPath: folder + "/data.new", withDestinationPath: "second")
        #expect(rename(folder + "/data.new", folder + "/data") == 0)
        expectChange("the link")
    }
}
