import Gateway
import Glibc
import SQLiteStore
import Testing

@Suite("a store's file")
struct SQLiteFileTests {
    @Test("a file that is opened again gives everything back")
    func reopened() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        let contact = Sample.contact("anna", ("+447700900123", true))
        var before: Lease
        do {
            let file = try SQLiteFile(path: path)
            let (store, records) = (try file.deliveries(), try file.records())
            before = try store.open(partition: 0)
            try store.commit(Sample.accepted(1, event: 1), before)
            try store.commit(Sample.accepted(2, event: 2), before)
            try store.commit(before) { $0.closed = [Sample.state(2, event: 2, "ended")] }
            try records.put(contact)
            try records.put(Sample.boat("alba", ("anna", "owner")))
            try records.put(Sample.key("k"))
        }
        let file = try SQLiteFile(path: path)
        let (store, records) = (try file.deliveries(), try file.records())
        let lease = try store.open(partition: 0)
        #expect(lease.epoch > before.epoch)
        #expect(try store.openStates(lease) == [Sample.state(1, event: 1)])
        #expect(try store.state(of: Sample.id(2)) == Sample.state(2, event: 2, "ended"))
        #expect(try store.highest() == (id: Sample.id(2), event: 2))
        #expect(try records.events(of: Sample.id(1)) == [Sample.event(1, of: 1, previous: 0)])
        #expect(try records.contact("anna") == contact)
        #expect(try records.boats(ofContact: "anna") == [Sample.boat("alba", ("anna", "owner"))])
        #expect(try records.key("k") == Sample.key("k"))
        let refused = #expect(throws: StoreError.self) { try store.commit(Batch(), before) }
        #expect(refused?.kind == .fenced)
    }

    @Test("a file that is open is refused to others, with the holder's process, until it is closed")
    func locked() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        var file: SQLiteFile? = try SQLiteFile(path: path)
        let error = #expect(throws: StoreError.self) { try SQLiteFile(path: path) }
        #expect(error?.kind == .busy)
        #expect(error?.message.contains("process \(getpid())") == true)
        #expect(error?.message.contains(path) == true)

        // A side of the store holds the lock as the file does.
        let records = try file?.records()
        file = nil
        #expect(throws: StoreError.self) { try SQLiteFile(path: path) }
        _ = records
    }

    @Test("a closed file is free again")
    func unlocked() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<3 { _ = try SQLiteFile(path: folder.path + "/gateway.db").deliveries() }
    }

    @Test("file and folder belong to their owner alone")
    func modes() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/new/deeper/gateway.db"
        let file = try SQLiteFile(path: path)
        let store = try file.deliveries()
        try store.commit(Sample.accepted(1, event: 1), try store.open(partition: 0))
        #expect(try mode(folder.path + "/new") == 0o700)
        #expect(try mode(folder.path + "/new/deeper") == 0o700)
        for suffix in ["", "-wal", "-shm", ".lock", ".lookup", ".lookup-wal", ".lookup-shm"] {
            #expect(try mode(path + suffix) == 0o600, "\(suffix)")
        }
    }

    @Test("a file that others can read is taken from them")
    func tightened() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        _ = try SQLiteFile(path: path)
        #expect(chmod(path, 0o644) == 0)
        _ = try SQLiteFile(path: path)
        #expect(try mode(path) == 0o600)
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test("what is no SQLite file is called damaged and stays as it is")
    func noDatabase() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        let text = Array(repeating: UInt8(ascii: "x"), count: 8_192)
        try write(text, path)
        let error = #expect(throws: StoreError.self) { try SQLiteFile(path: path) }
        #expect(error?.kind == .corrupt)
        #expect(try read(path) == text)
    }

    @Test("a page that was overwritten is called damaged")
    func overwritten() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        do {
            let store = try SQLiteFile(path: path).deliveries()
            let lease = try store.open(partition: 0)
            try store.commit(lease) { $0.messages = (1...200).map { Sample.message($0) } }
        }
        var bytes = try read(path)
        for index in bytes.indices.dropFirst(4_096) { bytes[index] = 0xA5 }
        try write(bytes, path)
        let error = #expect(throws: StoreError.self) {
            let file = try SQLiteFile(path: path)
            _ = try file.records().messages(before: nil, limit: 500)
        }
        #expect(error?.kind == .corrupt)
    }

    @Test("a place where nothing can be made is refused with its path", arguments: ["/dev/null/x/gateway.db", ""])
    func noPlace(_ path: String) {
        let error = #expect(throws: StoreError.self) { try SQLiteFile(path: path) }
        #expect(error?.kind == .failed)
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY)
        try #require(file >= 0)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        let count = Glibc.read(file, &bytes, bytes.count)
        try #require(count >= 0)
        return Array(bytes.prefix(count))
    }
}
