import Testing

@testable import Gateway

@Suite("Stored forms of batches")
struct MailingCodecTests {
    private let id = RecordID(rawValue: 7_001)

    private var progress: MailingProgress {
        var progress = MailingProgress(recipients: 250, parts: 3)
        progress.worked = 2
        progress.recalled = 1
        progress.isCancelled = true
        progress.accepted = 190
        progress.rejections = ["invalid_number": 9, "duplicate_recipient": 1]
        progress.move(from: nil, to: .scheduled)
        progress.move(from: nil, to: .scheduled)
        progress.move(from: .scheduled, to: .satisfied)
        return progress
    }

    @Test("a progress comes back as it was")
    func progressRoundTrip() throws {
        #expect(try MailingProgress(progress.encoded) == progress)
        #expect(progress[.satisfied] == 1)
        #expect(progress[.scheduled] == 1)
        #expect(progress.rejected == 10)
        #expect(progress.waiting == 50)
    }

    @Test("the form of version 1 stays readable")
    func version1() throws {
        let bytes: [UInt8] = [1, 0, 2, 1, 1, 0, 1, 1, 1, 0x78, 1, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        let read = try MailingProgress(bytes)
        // A state that came later counts none.
        #expect(read.encoded == bytes[..<11] + [11] + bytes[12...] + [0])
        #expect(read.recipients == 2)
        #expect(read.accepted == 1)
        #expect(read.rejections == ["x": 1])
        #expect(read[.satisfied] == 1)
        #expect(!read.isOpen)
    }

    @Test("results come back as they were, and a head with its envelope")
    func results() throws {
        let rejection = MailingRejection(code: "invalid_number", detail: "é", pointer: "/recipients/1/to")
        let results: [MailingResult] = [
            .accepted(try #require(id)), .rejected(rejection, message: nil), .rejected(rejection, message: id),
        ]
        #expect(try MailingResult.decode(MailingResult.encode(results)) == results)
        var envelope = Envelope(to: MailingHead.nobody, topic: "spring", template: "news")
        envelope.variables = ["year": 2026]
        envelope.tenant = "shop"
        let head = MailingHead(envelope: envelope, recipients: 12, partSize: 100, key: "k")
        #expect(try MailingHead(head.encoded) == head)
    }

    @Test("no damaged record traps: every cut and every changed byte is read or refused")
    func damaged() throws {
        let rejection = MailingRejection(code: "a", detail: "b", pointer: "c")
        let results = MailingResult.encode([.accepted(try #require(id)), .rejected(rejection, message: id)])
        for bytes in [progress.encoded, results] {
            for length in 0..<bytes.count {
                _ = try? MailingProgress(Array(bytes.prefix(length)))
                _ = try? MailingResult.decode(Array(bytes.prefix(length)))
                var changed = bytes
                changed[length] ^= 0xFF
                _ = try? MailingProgress(changed)
                _ = try? MailingResult.decode(changed)
            }
            #expect(throws: StoreError.self) { try MailingProgress(Array(bytes.prefix(1))) }
        }
        #expect(throws: StoreError.self) { try MailingResult.decode([9]) }
    }
}
