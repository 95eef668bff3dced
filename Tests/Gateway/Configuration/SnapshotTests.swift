import JSON
import Testing

@testable import Gateway

@Suite("Snapshots")
struct SnapshotTests {
    private func everything(_ environment: [String: String] = [:]) throws -> GatewayConfiguration {
        let text = try TestFiles.text(TestFiles.folder.appending(path: "Examples/everything.yaml"))
        let files = ["store.txt": "memory:", "token": "top-secret"]
        return try #require(TestCatalogue.read(text, environment: environment, files: files).configuration)
    }

    private func shipped() throws -> GatewayConfiguration {
        try #require(TestCatalogue.read(try TestFiles.shipped()).configuration)
    }

    @Test("reading one back and writing it gives the same bytes")
    func roundTrip() throws {
        for configuration in [try everything(), try shipped()] {
            let bytes = configuration.snapshot()
            let read = try ConfigurationSnapshot(reading: bytes)
            #expect(read.bytes() == bytes)
            #expect(read.hash == configuration.hash)
            #expect(Set(read.policies.names) == Set(configuration.policies.names))
        }
    }

    @Test("has no secret, and is the same whatever the credentials are")
    func secrets() throws {
        let one = try everything(["TOKEN_FILE": "token", "ACCOUNT": "ACsecret"])
        #expect(one.providers["main"]?["auth_token"] == "top-secret")
        let text = String(decoding: one.snapshot(), as: UTF8.self)
        for secret in ["top-secret", "ACsecret", "AC1", "t${x}", "127.0.0.1"] { #expect(!text.contains(secret)) }
        #expect(try everything().hash == one.hash)
        #expect(one.hash.count == 64)
    }

    @Test("changes with a clock, not with a comment")
    func hashes() throws {
        let text = try TestFiles.shipped()
        let first = try #require(TestCatalogue.read(text).configuration)
        let commented = try #require(TestCatalogue.read(text + "# more\n").configuration)
        #expect(commented.hash == first.hash)
        #expect(commented.fileHash != first.fileHash)
        let changed = try #require(
            TestCatalogue.read(text.replacing("deliver_within: 3m", with: "deliver_within: 4m")).configuration)
        #expect(changed.hash != first.hash)
    }

    @Test("texts that look like variables stay as they are")
    func literalVariables() throws {
        let text = try TestFiles.shipped().replacing("Reply OK to confirm.", with: "Reply OK for $${HOME}.")
        let configuration = try #require(TestCatalogue.read(text, environment: ["HOME": "/root"]).configuration)
        let read = try ConfigurationSnapshot(reading: configuration.snapshot())
        #expect(read.templates["warranty_due"]?.text?["en"]?.template.text.hasSuffix("for ${HOME}.") == true)
    }

    @Test(
        "bytes that are none are refused with a code",
        arguments: ["", "{}", "[]", "{\"format\":\"2\"}", "{\"format\":1}"])
    func refused(_ text: String) {
        #expect(throws: SnapshotError.self) { try ConfigurationSnapshot(reading: Array(text.utf8)) }
    }

    @Test("a locale or currency that no configuration has is refused, as it could not be read back")
    func damagedDefaults() throws {
        let text = String(decoding: try shipped().snapshot(), as: UTF8.self)
        for (good, bad) in [(#""default_locale":"en""#, #""default_locale":"&n""#), (#"":"USD""#, #"":"usd""#)] {
            let damaged = text.replacing(good, with: bad)
            #expect(damaged != text)
            let error = #expect(throws: SnapshotError.self) { try ConfigurationSnapshot(reading: Array(damaged.utf8)) }
            #expect(error?.code == "snapshot_format")
        }
    }

    @Test("a damaged one never crashes")
    func damaged() throws {
        var bytes = try shipped().snapshot()
        for index in stride(from: 0, to: bytes.count, by: 37) {
            let old = bytes[index]
            bytes[index] = old ^ 0x15
            _ = try? ConfigurationSnapshot(reading: bytes)
            bytes[index] = old
        }
        #expect(try ConfigurationSnapshot(reading: bytes).bytes() == bytes)
    }
}
