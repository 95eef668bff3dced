import Foundation
import Gateway
import Testing

@testable import Server

@Suite("The file that remembers a crash")
struct CrashFileTests {
    private let path = NSTemporaryDirectory() + "crash-\(UUID().uuidString.prefix(13)).mark"
    private let mark: CrashMark
    private let other: CrashMark

    init() throws {
        mark = CrashMark(delivery: try #require(RecordID(rawValue: 4_711)), event: 7 << 56 | 3)
        other = CrashMark(delivery: try #require(RecordID(rawValue: 4_712)), event: 7 << 56 | 3)
    }

    /// A process that dies at a mark, or ends without one.
    private func run(dyingAt marks: CrashMark?...) throws {
        for mark in marks {
            let file = try CrashFile(path: path)
            if let mark { file.begin(mark) }
        }
    }

    private func remove() { try? FileManager.default.removeItem(atPath: path) }

    @Test("the same mark at two starts in a row is judged, and only that")
    func twice() throws {
        defer { remove() }
        try run(dyingAt: mark)
        #expect(try CrashFile(path: path).crashedTwice == nil)
        remove()
        try run(dyingAt: mark, mark)
        #expect(try CrashFile(path: path).crashedTwice == mark)
        remove()
        try run(dyingAt: mark, other, mark)
        #expect(try CrashFile(path: path).crashedTwice == nil)
        remove()
        try run(dyingAt: mark, nil, mark)
        #expect(try CrashFile(path: path).crashedTwice == nil)
        remove()
        try run(dyingAt: mark, CrashMark(delivery: mark.delivery, event: mark.event + 1))
        #expect(try CrashFile(path: path).crashedTwice == nil)
    }

    @Test("what was decided leaves nothing")
    func decided() throws {
        defer { remove() }
        for _ in 0..<3 {
            let file = try CrashFile(path: path)
            #expect(file.crashedTwice == nil)
            file.begin(mark)
            file.end()
        }
    }

    @Test("the judgement stays until it is settled, also when a start dies before")
    func settled() throws {
        defer { remove() }
        try run(dyingAt: mark, mark, nil)
        let file = try CrashFile(path: path)
        #expect(file.crashedTwice == mark)
        file.settled()
        #expect(file.crashedTwice == nil)
        #expect(try CrashFile(path: path).crashedTwice == nil)
    }

    @Test("another event can be judged while the first is not settled")
    func second() throws {
        defer { remove() }
        try run(dyingAt: mark, mark, other, other)
        #expect(try CrashFile(path: path).crashedTwice == other)
    }

    @Test("a file of another size or kind starts anew, with mode 0600 and 64 bytes")
    func damaged() throws {
        defer { remove() }
        for size in [0, 63, 64, 9_000] {
            try Data(repeating: 7, count: size).write(to: URL(fileURLWithPath: path))
            let file = try CrashFile(path: path)
            #expect(file.crashedTwice == nil)
            #expect(file.starts == 1)
        }
        remove()
        try run(dyingAt: mark)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.size] as? Int == 64)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a mark is in the file at once, without a system call of ours")
    func shared() throws {
        defer { remove() }
        let file = try CrashFile(path: path)
        file.begin(mark)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes[16..<24].elementsEqual(withUnsafeBytes(of: UInt64(4_711).littleEndian, Array.init)))
        #expect(bytes[24..<32].elementsEqual(withUnsafeBytes(of: mark.event.littleEndian, Array.init)))
    }

    @Test("a place that cannot be written is an error with its reason")
    func refused() {
        #expect(throws: CrashFileError.self) { try CrashFile(path: "/nonexistent/crash.mark") }
        #expect(throws: CrashFileError.self) { try CrashFile(path: "/proc/self/crash.mark") }
    }
}
