import Gateway
import Glibc
import SQLiteStore
import Synchronization
import Testing

@Suite("look-up keys of a store in a file")
struct SQLiteLookUpTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/gateway.db" }

    init() throws { folder = try TemporaryFolder() }

    /// A store, for the length of a body; closed afterwards, as far as a process that ends would.
    private func open(
        batch: Int = 4, busyTimeout: Int32 = 5_000,
        _ body: (_ file: SQLiteFile, _ store: any DeliveryStore, _ lease: Lease) throws -> Void
    ) throws {
        var options = SQLiteOptions()
        options.lookUpBatch = batch
        options.busyTimeout = busyTimeout
        let file = try SQLiteFile(path: path, options: options)
        let store = try file.deliveries()
        try body(file, store, try store.open(partition: 0))
    }

    /// Every number has a few identifiers.
    private func number(_ raw: Int64) -> String { "+4477009\(raw % 7)" }

    private func commit(_ ids: ClosedRange<Int64>, to store: any DeliveryStore, _ lease: Lease) throws {
        for raw in ids {
            try store.commit(lease) { $0.lookUps = [LookUpRecord(.recipient, number(raw), Sample.id(raw))] }
        }
    }

    private func expect(
        _ ids: ClosedRange<Int64>, in store: any DeliveryStore, _ location: SourceLocation = #_sourceLocation
    ) throws {
        for start in Int64(0)..<7 {
            let expected = ids.filter { $0 % 7 == start }.map { Sample.id($0) }
            #expect(try store.lookUp(.recipient, number(start)) == expected, sourceLocation: location)
        }
    }

    /// How many entries the closed or settled index has.
    private func indexed() throws -> Int64 { try Outsider(path + ".lookup").count("entry") }

    private func copy(_ from: String, to: String) throws {
        let source = Glibc.open(from, O_RDONLY)
        try #require(source >= 0)
        defer { close(source) }
        let target = Glibc.open(to, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(target >= 0)
        defer { close(target) }
        while true {
            let count = sendfile(target, source, nil, 1 << 20)
            try #require(count >= 0)
            if count == 0 { return }
        }
    }

    @Test("keys are found while they wait, when they have moved, and after a start", arguments: [1, 4, 1_000])
    func found(batch: Int) throws {
        try open(batch: batch) { file, store, lease in
            for raw in Int64(1)...30 {
                try commit(raw...raw, to: store, lease)
                try expect(1...raw, in: store)
            }
            file.settle()
            try expect(1...30, in: store)
            #expect(try file.records().lookUp(.recipient, number(1)) == [1, 8, 15, 22, 29].map { Sample.id($0) })
        }
        // What waits for its batch is in the log alone.
        let moved = try indexed()
        #expect(batch == 1_000 ? moved == 0 : moved > 0)
        try open(batch: batch) { _, store, lease in
            try expect(1...30, in: store)
            try commit(31...40, to: store, lease)
            try expect(1...40, in: store)
        }
        try open(batch: batch) { _, store, _ in try expect(1...40, in: store) }
    }

    @Test("an entry that comes again, in memory or in the index, is found once")
    func again() throws {
        try open { file, store, lease in
            for _ in 0..<3 {
                try commit(1...10, to: store, lease)
                try expect(1...10, in: store)
            }
            file.settle()
            try expect(1...10, in: store)
        }
        try open { _, store, _ in try expect(1...10, in: store) }
    }

    @Test("a commit that fails leaves no key")
    func failed() throws {
        try open { _, store, lease in
            try commit(1...1, to: store, lease)
            try store.commit(Sample.accepted(1, event: 1), lease)
            var batch = Sample.accepted(1, event: 1)
            batch.lookUps = [LookUpRecord(.recipient, number(2), Sample.id(2))]
            #expect(throws: StoreError.self) { try store.commit(batch, lease) }
            try expect(1...1, in: store)
        }
        try open { _, store, _ in try expect(1...1, in: store) }
    }

    @Test("an index that is missing is made again, in portions when there is much")
    func missing() throws {
        try open(batch: 1_000) { _, store, lease in try commit(1...100, to: store, lease) }
        #expect(try indexed() == 0)
        // Memory holds 16 at a batch of 4, so this start has to move.
        try open { _, store, lease in
            try expect(1...100, in: store)
            try commit(101...120, to: store, lease)
        }
        #expect(try indexed() > 80)
        #expect(unlink(path + ".lookup") == 0)
        try open { _, store, _ in try expect(1...120, in: store) }
        #expect(try indexed() > 80)
    }

    @Test("an index that lost its last changes goes on from where it is")
    func behind() throws {
        try open { _, store, lease in try commit(1...20, to: store, lease) }
        try copy(path + ".lookup", to: path + ".earlier")
        try open { _, store, lease in try commit(21...60, to: store, lease) }
        let before = try indexed()
        try copy(path + ".earlier", to: path + ".lookup")
        #expect(try indexed() < before)
        try open { file, store, _ in
            try expect(1...60, in: store)
            file.settle()
        }
        #expect(try indexed() >= before - 16)
    }

    @Test("an index that is ahead of the store, as after a backup was put in place, is made anew")
    func otherHistory() throws {
        try open { _, store, lease in try commit(1...20, to: store, lease) }
        try copy(path, to: path + ".backup")
        try open { _, store, lease in try commit(21...60, to: store, lease) }
        try copy(path + ".backup", to: path)
        try open { _, store, lease in
            try expect(1...20, in: store)
            for raw in Int64(101)...160 {
                try store.commit(lease) { $0.lookUps = [LookUpRecord(.dedupeKey, "key", Sample.id(raw))] }
            }
        }
        try open { _, store, _ in
            try expect(1...20, in: store)
            #expect(try store.lookUp(.dedupeKey, "key") == (101...160).map { Sample.id($0) })
        }
    }

    @Test("an index with rows of another history below its end is made anew too")
    func sameLength() throws {
        try open { _, store, lease in try commit(1...20, to: store, lease) }
        try copy(path, to: path + ".backup")
        try open { file, store, lease in
            try commit(21...40, to: store, lease)
            file.settle()
        }
        let theirs = path + ".theirs"
        try copy(path + ".lookup", to: theirs)
        try copy(path + ".backup", to: path)
        #expect(unlink(path + ".lookup") == 0)
        try open { _, store, lease in
            for raw in Int64(101)...160 {
                try store.commit(lease) { $0.lookUps = [LookUpRecord(.dedupeKey, "key", Sample.id(raw))] }
            }
        }
        try copy(theirs, to: path + ".lookup")
        try open { _, store, _ in try expect(1...20, in: store) }
    }

    @Test("another file in the index's place is refused with its path and stays")
    func foreign() throws {
        try Outsider(path + ".lookup").run("CREATE TABLE theirs(a)")
        let error = #expect(throws: StoreError.self) { try open { _, _, _ in } }
        #expect(error?.kind == .failed)
        #expect(error?.message.contains(path + ".lookup") == true)
        #expect(try Outsider(path + ".lookup").count("theirs") == 0)
    }

    @Test("memory is bounded while the index cannot be written, and nothing is lost when it can")
    func bounded() throws {
        try open(busyTimeout: 1) { _, store, lease in
            let other = try Outsider(path + ".lookup")
            try other.run("BEGIN IMMEDIATE")
            var stored: Int64 = 0
            var failure: StoreError?
            while failure == nil, stored < 1_000 {
                do throws(StoreError) {
                    try store.commit(lease) {
                        $0.lookUps = [LookUpRecord(.recipient, number(stored + 1), Sample.id(stored + 1))]
                    }
                    stored += 1
                } catch {
                    failure = error
                }
            }
            #expect(failure?.kind == .busy)
            #expect(stored == 16)
            try expect(1...16, in: store)
            // What was accepted goes on: states need no key.
            try store.commit(Sample.accepted(1, event: 1), lease)

            try other.run("ROLLBACK")
            try commit(17...40, to: store, lease)
            try expect(1...40, in: store)
        }
        try open { _, store, _ in try expect(1...40, in: store) }
    }

    @Test("whoever searches while keys move finds all that was committed before")
    func concurrent() async throws {
        var options = SQLiteOptions()
        options.lookUpBatch = 8
        let file = try SQLiteFile(path: path, options: options)
        let (store, records) = (try file.deliveries(), try file.records())
        let lease = try store.open(partition: 0)
        let committed = Committed()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    while true {
                        let last = committed.last.load(ordering: .acquiring)
                        for raw in max(1, last - 40)...max(1, last) where last > 0 {
                            let found = try records.lookUp(.providerID, "SM\(raw)")
                            #expect(found == [Sample.id(raw)])
                        }
                        if last == 400 { return }
                    }
                }
            }
            for raw in Int64(1)...400 {
                try store.commit(lease) { $0.lookUps = [LookUpRecord(.providerID, "SM\(raw)", Sample.id(raw))] }
                committed.last.store(raw, ordering: .releasing)
            }
            try await group.waitForAll()
        }
    }
}

/// The last key that was committed.
private final class Committed: Sendable {
    let last = Atomic<Int64>(0)
}
