import Foundation
import Testing

@Suite("Determinism")
struct DeterminismTests {
    static let variable = "GATEWAY_STORY_DIGEST_SEED"
    static let seed = ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)

    @Test("prints the digest of a seed for another process", .enabled(if: seed != nil))
    func printsDigest() throws {
        print("digest=" + (try Self.digest(try #require(Self.seed))))
    }

    @Test("one seed gives the same bytes of all commits and requests in two processes", .enabled(if: seed == nil))
    func sameBytes() throws {
        let here = try Self.digest(11)
        #expect(try Self.digestOfAnotherProcess(11) == here)
        #expect(try Self.digest(12) != here)
    }

    private static func digest(_ seed: UInt64) throws -> String {
        var world = try RandomWorld(seed: seed, count: 150)
        try world.run()
        return world.digest
    }

    /// Runs this test bundle again, for the other test alone. Every process hashes with a seed of its own, so an order
    /// that comes out of a dictionary differs.
    private static func digestOfAnotherProcess(_ seed: UInt64) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--testing-library", "swift-testing", "--filter", "DeterminismTests/printsDigest"]
        var environment = ProcessInfo.processInfo.environment
        environment[variable] = String(seed)
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let line = output.split(separator: "\n").first { $0.contains("digest=") }
        let digest = try #require(line?.split(separator: "=").last, "the other process gave no digest")
        return String(digest)
    }
}
