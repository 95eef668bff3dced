import Gateway
import SQL
import SQLiteStore
import Testing

@Suite("a store's file when something goes wrong")
struct SQLiteFailureTests {
    @Test("a full file refuses new work, keeps the old, and goes on when there is room")
    func full() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        var options = SQLiteOptions()
        options.maximumPages = 100
        var stored: [MessageRecord] = []
        do {
            let file = try SQLiteFile(path: path, options: options)
            let (store, records) = (try file.deliveries(), try file.records())
            let lease = try store.open(partition: 0)
            var failure: StoreError?
            for raw in Int64(1)...1_000 where failure == nil {
                let message = MessageRecord(
                    id: Sample.id(raw), created: Sample.time(raw), body: [UInt8](repeating: 7, count: 3_000))
                do throws(StoreError) {
                    try store.commit(lease) {
                        $0.messages = [message]
                        $0.states = [Sample.state(raw)]
                    }
                    stored.append(message)
                } catch {
                    failure = error
                }
            }
            #expect(failure?.kind == .full)
            #expect(stored.count > 5)
            #expect(try records.messages(before: nil, limit: 2_000) == stored.reversed())
            #expect(try store.openStates(lease).count == stored.count)
            // An open state is replaced in place, so deliveries that were accepted can still move.
            try store.commit(lease) { $0.states = [Sample.state(1, event: 0, "moved")] }
            #expect(try store.openStates(lease).first == Sample.state(1, event: 0, "moved"))
        }
        let file = try SQLiteFile(path: path)
        let store = try file.deliveries()
        let lease = try store.open(partition: 0)
        #expect(try file.records().messages(before: nil, limit: 2_000) == stored.reversed())
        try store.commit(Sample.accepted(5_000, event: 1), lease)
        #expect(try store.openStates(lease).count == stored.count + 1)
    }

    @Test("of contacts that do not fit together none is stored, and those that were there stay")
    func manyContacts() throws {
        let folder = try TemporaryFolder()
        var options = SQLiteOptions()
        options.maximumPages = 150
        let records = try SQLiteFile(path: folder.path + "/gateway.db", options: options).records()
        let old = Sample.contact("a", ("+441", true))
        try records.put(old)
        var many = [Sample.contact("a", ("+442", false))]
        for index in 0..<5_000 { many.append(Sample.contact("b\(index)", ("+443", false))) }
        let error = #expect(throws: StoreError.self) { try records.put(many, [Sample.boat("alba")]) }
        #expect(error?.kind == .full)
        #expect(try records.contacts(after: nil, limit: 9) == [old])
        #expect(try records.boats(after: nil, limit: 9).isEmpty)
        try records.put([many[0], many[1]], [Sample.boat("alba")])
        #expect(try records.contacts(after: nil, limit: 9).map(\.id) == ["a", "b0"])
    }

    @Test("a commit while another process writes is busy, and succeeds afterwards")
    func busy() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        var options = SQLiteOptions()
        options.busyTimeout = 1
        let store = try SQLiteFile(path: path, options: options).deliveries()
        let lease = try store.open(partition: 0)
        let other = try Outsider(path)
        try other.run("BEGIN IMMEDIATE")
        let error = #expect(throws: StoreError.self) { try store.commit(Sample.accepted(1, event: 1), lease) }
        #expect(error?.kind == .busy)
        try other.run("ROLLBACK")
        try store.commit(Sample.accepted(1, event: 1), lease)
        #expect(try store.openStates(lease).count == 1)
    }

    @Test("a reader never waits for the writer and sees what was committed before")
    func readersDoNotWait() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        let file = try SQLiteFile(path: path)
        let (store, records) = (try file.deliveries(), try file.records())
        let lease = try store.open(partition: 0)
        try store.commit(Sample.accepted(1, event: 1), lease)
        let other = try Outsider(path)
        try other.run("BEGIN IMMEDIATE")
        try other.run("DELETE FROM message")
        #expect(try records.messages(before: nil, limit: 9) == [Sample.message(1)])
        try other.run("COMMIT")
        #expect(try records.messages(before: nil, limit: 9).isEmpty)
    }

    @Test("many threads read and write records at once")
    func threads() async throws {
        let folder = try TemporaryFolder()
        let records = try SQLiteFile(path: folder.path + "/gateway.db").records(readers: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for step in 0..<20 {
                        let contact = Sample.contact("c\(worker).\(step)", ("+44\(worker)", false))
                        try records.put(contact)
                        #expect(try records.contact(contact.id) == contact)
                        #expect(try records.contacts(after: nil, limit: 3).count <= 3)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try records.contacts(after: nil, limit: 1_000).count == 160)
    }

    @Test("a damaged row is an error and not a crash")
    func damagedRows() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        let file = try SQLiteFile(path: path)
        let (store, records) = (try file.deliveries(), try file.records())
        let lease = try store.open(partition: 0)
        let other = try Outsider(path)
        try other.run("INSERT INTO message VALUES (-4, 0, x'00')")
        try other.run("INSERT INTO mark VALUES ('+441', 'unheard of', '*', 0, NULL)")
        for work in [
            { _ = try records.messages(before: nil, limit: 9) }, { _ = try store.marks(at: Sample.time(0)) },
        ] {
            let error = #expect(throws: StoreError.self) { try work() }
            #expect(error?.kind == .corrupt)
        }
        try store.commit(Sample.accepted(1, event: 1), lease)
    }
}
