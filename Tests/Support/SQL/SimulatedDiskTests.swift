import Glibc
import SQL
import SimulatedDisk
import Testing

/// The disk below the store's simulations: what it promises SQLite it keeps, and what it takes is really gone.
@Suite("a simulated disk")
struct SimulatedDiskTests {
    /// A table of one column on a disk, opened anew after every end of a process.
    private final class Table {
        let disk: SimulatedDisk
        private let folder: TemporaryFolder
        private var connection: SQLConnection?
        /// Values whose commit returned.
        private(set) var committed: [Int64] = []
        private var next: Int64 = 1

        init(_ disk: SimulatedDisk) throws {
            self.disk = disk
            folder = try TemporaryFolder()
            // The file as the store makes it.
            close(Glibc.open(path, O_CREAT | O_RDWR, 0o600))
        }

        var path: String { folder.file("table.db") }

        func open() throws -> SQLConnection {
            if let connection { return connection }
            var options = SQLOptions()
            options.access = .write
            options.checkpointPages = 6
            options.vfs = disk.name
            let opened = try SQLConnection(path: path, options: options)
            try opened.script("CREATE TABLE IF NOT EXISTS t(x INTEGER PRIMARY KEY, y BLOB) STRICT")
            connection = opened
            return opened
        }

        /// Commits one row of more than a page.
        func insert() throws(SQLError) {
            let value = next
            next += 1
            do {
                let connection = try open()
                let bytes = [UInt8](repeating: UInt8(value & 0xFF), count: 5_000)
                try connection.run("INSERT INTO t VALUES (?, ?)", .integer(value), .blob(bytes))
            } catch let error as SQLError {
                throw error
            } catch {
                Issue.record("\(error)")
            }
            committed.append(value)
        }

        func end(_ end: SimulatedDisk.End) {
            disk.end(end)
            connection = nil
        }

        func closeOrderly() { connection = nil }

        struct Damage: Error {}

        /// What is there, after a look at the whole file.
        func values() throws -> [Int64] {
            let connection = try open()
            let rows = try connection.all("SELECT x, y FROM t ORDER BY x") { ($0.integer(0), $0.blob(1)) }
            let isWhole = rows.allSatisfy { $0.1 == [UInt8](repeating: UInt8($0.0 & 0xFF), count: 5_000) }
            guard try isWhole && connection.integrityFindings().isEmpty else { throw Damage() }
            return rows.map(\.0)
        }

        /// Commits until the disk comes to a halt, at most `count` times; the commit at which it did.
        func run(_ count: Int) -> Int64? {
            for _ in 0..<count {
                do { try insert() } catch { return next - 1 }
            }
            return nil
        }
    }

    /// Ends the process in the middle of each of its changes in turn; how often the table was not what it must be.
    private func violations(_ end: SimulatedDisk.End, sector: Int, lies: Bool = false) throws -> (Int, of: Int) {
        var (found, count) = (0, 0)
        for change in 1... {
            let table = try Table(SimulatedDisk(seed: UInt64(change), sector: sector))
            table.disk.ignoresSyncs = lies
            table.disk.stop(atChange: change)
            let doubtful = table.run(12)
            guard table.disk.isStopped else { break }
            table.end(end)
            count += 1
            let allowed = [table.committed, table.committed + [doubtful].compactMap { $0 }]
            do {
                guard try allowed.contains(table.values()) else { throw Table.Damage() }
                // It goes on from there.
                try table.insert()
            } catch {
                found += 1
            }
        }
        return (found, count)
    }

    @Test("what was committed survives every loss of power and every kill", arguments: [512, 4_096])
    func survives(_ sector: Int) throws {
        for end in SimulatedDisk.End.allCases {
            let (found, count) = try violations(end, sector: sector)
            #expect(found == 0, "\(end)")
            #expect(count > 80)
        }
    }

    @Test("a disk that lies about its syncs is found out")
    func lies() throws {
        let (found, count) = try violations(.powerLost, sector: 512, lies: true)
        #expect(found > count / 4)
        // A kill takes nothing from the system's cache.
        #expect(try violations(.killed, sector: 512).0 == 0)
    }

    @Test("a disk without room refuses, keeps what it has, and goes on when there is room")
    func full() throws {
        let table = try Table(SimulatedDisk(seed: 1))
        #expect(table.run(5) == nil)
        table.disk.leave(9_000)
        let error = #expect(throws: SQLError.self) { for _ in 0..<9 { try table.insert() } }
        #expect(error?.kind == .full)
        #expect(table.disk.failed > 0)
        let kept = table.committed
        #expect(try table.values() == kept)
        table.disk.heal()
        try table.insert()
        table.end(.powerLost)
        #expect(try table.values() == table.committed)
        #expect(table.committed.count == kept.count + 1)
    }

    @Test(
        "an operation that fails is an error of this commit alone, and a later loss of power takes nothing",
        arguments: [SimulatedDisk.Operation.write, .sync])
    func failing(_ operation: SimulatedDisk.Operation) throws {
        for count in 1...9 {
            let table = try Table(SimulatedDisk(seed: UInt64(count)))
            #expect(table.run(7) == nil)
            table.disk.fail(operation, at: count)
            var errors: [SQLError.Kind] = []
            for _ in 0..<12 {
                do { try table.insert() } catch { errors.append(error.kind) }
            }
            // A checkpoint that fails is made up for by the next one.
            #expect(table.disk.failed == 1)
            #expect(errors == [.io] || errors == [])
            table.end(.powerLost)
            #expect(try table.values() == table.committed)
        }
    }

    @Test("a read that fails is an error, and the next one reads")
    func failingRead() throws {
        let table = try Table(SimulatedDisk(seed: 1))
        #expect(table.run(7) == nil)
        table.closeOrderly()
        let connection = try table.open()
        table.disk.fail(.read)
        let error = #expect(throws: SQLError.self) { try connection.all("SELECT y FROM t") { $0.blob(0) } }
        #expect(error?.kind == .io)
        #expect(try table.values() == table.committed)
    }

    @Test("a disk that became read-only can be read, and refuses every commit until it is writable again")
    func readOnly() throws {
        let table = try Table(SimulatedDisk(seed: 1))
        #expect(table.run(3) == nil)
        table.disk.isReadOnly = true
        for _ in 0..<3 { #expect(throws: SQLError.self) { try table.insert() } }
        #expect(try table.values() == table.committed)
        table.disk.heal()
        try table.insert()
        #expect(try table.values() == table.committed)
    }

    @Test("connections lock each other as on a real file system")
    func locks() throws {
        let table = try Table(SimulatedDisk(seed: 1))
        #expect(table.run(2) == nil)
        let first = try table.open()
        var options = SQLOptions()
        options.access = .write
        options.vfs = table.disk.name
        let second = try SQLConnection(path: table.path, options: options)
        let count = { (connection: SQLConnection) in
            try connection.first("SELECT count(*) FROM t") { $0.integer(0) }
        }
        try first.begin()
        try first.run("DELETE FROM t")
        let error = #expect(throws: SQLError.self) { try second.begin() }
        #expect(error?.kind == .busy)
        #expect(try count(second) == 2)
        try second.begin(.deferred)
        #expect(try count(second) == 2)
        try first.commit()
        // A reader keeps its state of the file; a log that it reads is not emptied.
        #expect(try count(second) == 2)
        try second.commit()
        #expect(try count(second) == 0)
    }

    @Test("a store that is closed in order leaves no log, and survives the loss of power after it")
    func orderly() throws {
        let table = try Table(SimulatedDisk(seed: 3))
        #expect(table.run(4) == nil)
        #expect(table.disk.files == [table.path, table.path + "-wal"])
        table.closeOrderly()
        #expect(table.disk.files == [table.path])
        table.end(.powerLost)
        #expect(try table.values() == table.committed)
    }
}
