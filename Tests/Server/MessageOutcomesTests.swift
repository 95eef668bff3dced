import Gateway
import Testing

@testable import Server

@Suite("What became of a message over all that came of it")
struct MessageOutcomesTests {
    private func id(_ value: Int64) throws -> RecordID { try #require(RecordID(rawValue: value)) }

    private func job(_ value: Int64, _ lineage: Lineage? = nil) throws -> DeliveryJob {
        DeliveryJob(
            delivery: try id(value), message: try id(1), created: Timestamp(milliseconds: 0),
            envelope: Envelope(to: .number("+41791112233")),
            recipient: ResolvedRecipient(number: "+41791112233", country: "CH", locale: "en", timeZone: "UTC"),
            policy: "p", snapshot: "s", rule: "r", lineage: lineage)
    }

    private func phases(_ kind: Lineage.Kind, _ first: DeliveryPhase, _ second: DeliveryPhase) throws -> [DeliveryPhase]
    {
        var lineage = Lineage(kind, of: try id(1), root: try id(kind == .round || kind == .followUp ? 1 : 2))
        if kind == .target || kind == .branch { lineage.parent = try id(1) }
        var outcomes = MessageOutcomes()
        outcomes.add(try job(1), first)
        outcomes.add(try job(2, lineage), second)
        return outcomes.phases
    }

    @Test("a round or follow-up stands for what it came from", arguments: [Lineage.Kind.round, .followUp])
    func successors(kind: Lineage.Kind) throws {
        #expect(try phases(kind, .exhausted, .scheduled) == [.scheduled])
        #expect(try phases(kind, .exhausted, .active) == [.active])
        #expect(try phases(kind, .exhausted, .exhausted) == [.exhausted])
        #expect(try phases(kind, .exhausted, .satisfied) == [.satisfied])
    }

    @Test("what was answered stays so until a round that reopens it has begun")
    func reopened() throws {
        #expect(try phases(.round, .acked, .scheduled) == [.acked])
        #expect(try phases(.round, .acked, .cancelled) == [.acked])
        #expect(try phases(.round, .acked, .active) == [.active])
        #expect(try phases(.round, .acked, .exhausted) == [.exhausted])
        #expect(try phases(.round, .satisfied, .cancelled) == [.satisfied])
        #expect(try phases(.round, .cancelled, .cancelled) == [.cancelled])
    }

    @Test(
        "other people and channels at once do not count beside the one that waits",
        arguments: [Lineage.Kind.target, .branch])
    func delegates(kind: Lineage.Kind) throws {
        #expect(try phases(kind, .active, .exhausted) == [.active])
        #expect(try phases(kind, .acked, .cancelled) == [.acked])
    }

    @Test("people of one message count each")
    func people() throws {
        var outcomes = MessageOutcomes()
        outcomes.add(try job(2), .acked)
        outcomes.add(try job(3), .exhausted)
        #expect(outcomes.phases == [.acked, .exhausted])
    }
}
