import Gateway
import MemoryStore
import Testing

@Suite("the store in memory")
struct InMemoryStoreTests {
    @Test("a planned failure stops the next commits, in order, and changes nothing")
    func plannedFailures() throws {
        let store = InMemoryStore()
        let lease = try store.open(partition: 0)
        store.failNextCommit(with: StoreError(.full, "first"))
        store.failNextCommit(with: StoreError(.busy, "second"))
        for message in ["first", "second"] {
            let error = #expect(throws: StoreError.self) { try store.commit(Sample.accepted(1, event: 1), lease) }
            #expect(error?.message == message)
            #expect(try store.openStates(lease).isEmpty)
        }
        try store.commit(Sample.accepted(1, event: 1), lease)
        #expect(store.commits == 1)
    }

    @Test("a fenced commit uses up no planned failure")
    func fencedFirst() throws {
        let store = InMemoryStore()
        let old = try store.open(partition: 0)
        let lease = try store.open(partition: 0)
        store.failNextCommit(with: StoreError(.full, "planned"))
        #expect(throws: StoreError.self) { try store.commit(Batch(), old) }
        let error = #expect(throws: StoreError.self) { try store.commit(Batch(), lease) }
        #expect(error?.kind == .full)
    }

    @Test("equal runs leave equal traces, failed commits leave none")
    func trace() throws {
        func run(extra: Bool) throws -> [UInt8] {
            let store = InMemoryStore(tracing: true)
            let lease = try store.open(partition: 0)
            try store.commit(Sample.accepted(1, event: 1), lease)
            if extra {
                store.failNextCommit(with: StoreError(.full, "planned"))
                #expect(throws: StoreError.self) { try store.commit(Sample.accepted(2, event: 2), lease) }
                #expect(throws: StoreError.self) { try store.commit(Sample.accepted(1, event: 2), lease) }
            }
            try store.commit(Sample.accepted(3, event: 2), lease)
            return store.trace
        }
        let first = try run(extra: false)
        #expect(!first.isEmpty)
        #expect(try run(extra: true) == first)
    }

    @Test("a store that does not trace keeps no bytes")
    func noTrace() throws {
        let store = InMemoryStore()
        try store.commit(Sample.accepted(1, event: 1), try store.open(partition: 0))
        #expect(store.trace.isEmpty)
    }

    /// Changes of one field each; every one must show in the trace.
    static let changes: [(name: String, change: @Sendable (inout Batch) -> Void)] = [
        ("message id", { $0.messages[0].id = Sample.id(99) }),
        ("message time", { $0.messages[0].created = Sample.time(99) }),
        ("message body", { $0.messages[0].body = [9] }),
        ("message count", { $0.messages = [] }),
        ("delivery id", { $0.deliveries[0].id = Sample.id(99) }),
        ("delivery message", { $0.deliveries[0].message = Sample.id(99) }),
        ("delivery body", { $0.deliveries[0].body = [9] }),
        ("state id", { $0.states[0].delivery = Sample.id(99) }),
        ("state blob", { $0.states[0].blob = [9] }),
        ("state closed instead", { swap(&$0.states, &$0.closed) }),
        ("event sequence", { $0.events[0].sequence = 99 }),
        ("event delivery", { $0.events[0].delivery = Sample.id(99) }),
        ("event blob", { $0.events[0].blob = [9] }),
        ("answer key", { $0.answers[0].key = "x" }),
        ("answer body", { $0.answers[0].body = [9] }),
        ("answer end", { $0.answers[0].until = Sample.time(99) }),
        ("look-up kind", { $0.lookUps[0].kind = .dedupeKey }),
        ("look-up key", { $0.lookUps[0].key = "x" }),
        ("look-up id", { $0.lookUps[0].id = Sample.id(99) }),
        ("review id", { $0.reviews[0].id = Sample.id(99) }),
        ("review delivery", { $0.reviews[0].delivery = nil }),
        ("review reason", { $0.reviews[0].reason = "x" }),
        ("review open", { $0.reviews[0].isOpen = false }),
        ("review created", { $0.reviews[0].created = Sample.time(99) }),
        ("review closed", { $0.reviews[0].closed = Sample.time(0) }),
        ("inbound id", { $0.inbound[0].id = Sample.id(99) }),
        ("inbound created", { $0.inbound[0].created = Sample.time(99) }),
        ("inbound channel", { $0.inbound[0].channel = "x" }),
        ("inbound from", { $0.inbound[0].from = "x" }),
        ("inbound to", { $0.inbound[0].to = "x" }),
        ("inbound provider id", { $0.inbound[0].providerID = "x" }),
        ("inbound contact", { $0.inbound[0].contact = "" }),
        ("inbound body", { $0.inbound[0].body = [9] }),
        ("snapshot hash", { $0.snapshots[0].hash = "x" }),
        ("snapshot body", { $0.snapshots[0].body = [9] }),
        ("mark number", { $0.marks[0].number = "x" }),
        ("mark kind", { $0.marks[0].kind = .unfit }),
        ("mark scope", { $0.marks[0].scope = "x" }),
        ("mark time", { $0.marks[0].at = Sample.time(99) }),
        ("mark end", { $0.marks[0].until = Sample.time(0) }),
    ]

    @Test("the trace shows every field of a batch", arguments: changes.indices)
    func everyField(_ index: Int) throws {
        func trace(_ batch: Batch) throws -> [UInt8] {
            let store = InMemoryStore(tracing: true)
            try store.commit(batch, try store.open(partition: 0))
            return store.trace
        }
        let batch = Sample.batch {
            $0 = Sample.accepted(1, event: 1)
            $0.answers = [AnswerRecord(key: "k", body: [1], until: Sample.time(1))]
            $0.lookUps = [LookUpRecord(.recipient, "k", Sample.id(1))]
            $0.reviews = [Sample.review(1, of: 1)]
            $0.inbound = [Sample.inbound(1)]
            $0.snapshots = [SnapshotRecord(hash: "h", body: [1])]
            $0.marks = [Sample.mark("+441", .bad, "*", at: 1, until: nil)]
        }
        var changed = batch
        Self.changes[index].change(&changed)
        #expect(try trace(changed) != (try trace(batch)), "\(Self.changes[index].name)")
    }
}
