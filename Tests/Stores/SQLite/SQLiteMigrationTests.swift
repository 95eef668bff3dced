import Gateway
import SQLiteStore
import Testing

@Suite("versions of a store's file")
struct SQLiteMigrationTests {
    @Test("a file of version 1 is read whole")
    func version1() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        try Outsider(path).run(Version1.dump)
        let opened = try SQLiteFile(path: path)
        let (store, records) = (try opened.deliveries(), try opened.records())
        let lease = try store.open(partition: 0)
        #expect(lease.epoch == 4)
        #expect(try store.openStates(lease) == [Sample.state(1, event: 1)])
        #expect(try store.state(of: Sample.id(2)) == Sample.state(2, event: 3, "ended"))
        #expect(try records.messages(before: nil, limit: 9) == [Sample.message(2), Sample.message(1)])
        let deliveries: [DeliveryRecord] = try records.deliveries(ofMessage: Sample.id(2))
        #expect(deliveries == [Sample.delivery(2, of: 2), Sample.delivery(3, of: 2)])
        #expect(try records.events(of: Sample.id(2)).map(\.sequence) == [2, 3])
        #expect(try store.answer("key")?.until == Sample.time(99))
        #expect(try store.lookUp(.recipient, "+447700900123") == [Sample.id(1), Sample.id(2)])
        #expect(try store.snapshot("00ff")?.body == Array("{}".utf8))
        #expect(try store.openReview(of: Sample.id(2)) == Sample.review(4, of: 2))
        #expect(try records.inbound(before: nil, limit: 9) == [Sample.inbound(5)])
        #expect(
            try store.marks(at: Sample.time(0))
                == [Sample.mark("+447700900123", .optedOut, "+447700900000", at: 7, until: nil)])
        let said = ConsentRecord(
            number: "+447700900123", sender: "+447700900000", isGranted: false, since: Sample.time(7))
        #expect(
            try records.consentHistory(of: ["+447700900123"], after: nil, limit: 9)
                == [ConsentStatement(id: Sample.id(1), at: Sample.time(7), said, from: .earlier, isIgnored: false)])
        #expect(try records.contact(withNumber: "+447700900123") == Sample.contact("anna", ("+447700900123", true)))
        #expect(try records.boats(ofContact: "anna") == [Sample.boat("alba", ("anna", "owner"))])
        #expect(try records.keys() == [Sample.key("k")])
        let spend = SpendRecord(day: 3, key: "k", calls: 1, micros: 2)
        try store.commit(lease) { $0.spends = [spend] }
        #expect(try store.spends(onDay: 3) == [spend])
        let receipts = ReceiptRecord(channel: "sms", country: "CH", sent: 3, reported: 2, quality: .weak)
        try store.commit(lease) { $0.receipts = [receipts] }
        #expect(try store.receipts() == [receipts])
        try store.commit(Sample.accepted(9, event: 4), lease)
        try store.commit(lease) { $0.lookUps = [LookUpRecord(.recipient, "+447700900123", Sample.id(9))] }
        #expect(try store.lookUp(.recipient, "+447700900123") == [1, 2, 9].map { Sample.id($0) })
        #expect(try records.lookUp(.recipient, "+447700900123") == [1, 2, 9].map { Sample.id($0) })
    }

    @Test("costs that were counted before kinds were are read, and added to no kind")
    func version11() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        _ = try SQLiteFile(path: path)
        try Outsider(path).run(
            """
            DROP TABLE consent_statement;
            DROP TABLE contact_alias;
            ALTER TABLE review DROP COLUMN draft;
            ALTER TABLE outgoing DROP COLUMN context;
            ALTER TABLE review DROP COLUMN inbound;
            ALTER TABLE review DROP COLUMN reply;
            ALTER TABLE review DROP COLUMN contact;
            DROP TABLE document_word;
            DROP TABLE document;
            DROP TABLE error;
            DROP INDEX mark_until;
            DROP TABLE published;
            DROP TABLE consumer;
            DROP TABLE subscription;
            DROP TABLE dead_letter;
            DROP TABLE media;
            DROP TABLE pin;
            DROP TABLE task;
            DROP TABLE worker;
            DROP TABLE conference;
            DROP TABLE conference_participant;
            DROP TABLE report_detail;
            DROP TABLE index_target;
            DROP TABLE index_change;
            DROP TABLE cost;
            CREATE TABLE cost(day INTEGER NOT NULL, tenant TEXT NOT NULL, policy TEXT NOT NULL, channel TEXT NOT NULL,
                country TEXT NOT NULL, attempts INTEGER NOT NULL, estimate INTEGER NOT NULL, settled INTEGER NOT NULL,
                settled_estimate INTEGER NOT NULL, actual INTEGER NOT NULL, duplicates INTEGER NOT NULL,
                duplicate_estimate INTEGER NOT NULL, PRIMARY KEY(day, tenant, policy, channel, country))
                STRICT, WITHOUT ROWID;
            INSERT INTO cost VALUES (8, 't', 'p', 'sms', 'CH', 2, 20, 1, 10, 7, 1, 10);
            PRAGMA user_version = 11;
            """)
        let opened = try SQLiteFile(path: path)
        let (store, records) = (try opened.deliveries(), try opened.records())
        var old = CostRecord(day: 8, tenant: "t", policy: "p", channel: "sms", country: "CH")
        (old.attempts, old.estimate, old.settled, old.settledEstimate) = (2, 20, 1, 10)
        (old.actual, old.duplicates, old.duplicateEstimate) = (7, 1, 10)
        #expect(try records.costs(from: 0, through: 99) == [old])
        #expect(old.kind.isEmpty && old.direction == .out)
        let lease = try store.open(partition: 0)
        var new = old
        new.kind = "sms"
        try store.commit(lease) { $0.costs = [new] }
        #expect(try records.costs(from: 0, through: 99) == [old, new])
        #expect(try store.spent(.policy, "p", from: 8, through: 8) == 34)
    }

    @Test("a task from before queues had workers came into its queue when it was made")
    func version24() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        _ = try SQLiteFile(path: path)
        try Outsider(path).run(
            """
            DROP TABLE task;
            DROP TABLE worker;
            DROP TABLE conference;
            DROP TABLE conference_participant;
            CREATE TABLE task(id INTEGER PRIMARY KEY, queue TEXT NOT NULL, priority INTEGER NOT NULL,
                created INTEGER NOT NULL, state TEXT NOT NULL, changed INTEGER NOT NULL, worker TEXT, reason TEXT,
                inbound INTEGER, contact TEXT, attributes BLOB NOT NULL) STRICT;
            CREATE INDEX task_open ON task(id) WHERE state IN ('pending', 'assigned');
            INSERT INTO task VALUES (7, 'q', 2, 1000, 'assigned', 2000, 'luca', NULL, NULL, NULL, CAST('{}' AS BLOB));
            PRAGMA user_version = 26;
            """)
        let store = try SQLiteFile(path: path).deliveries()
        var task = TaskRecord(
            id: Sample.id(7), queue: "q", priority: 2, at: Timestamp(milliseconds: 1_000), attributes: Array("{}".utf8))
        (task.state, task.worker, task.changed) = (.assigned, "luca", Timestamp(milliseconds: 2_000))
        #expect(try store.openTasks(routedOnly: false) == [task])
        #expect(try store.openTasks(routedOnly: true).isEmpty && store.workers().isEmpty)
    }

    @Test("a file of a newer version is refused and stays as it is")
    func newer() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        _ = try SQLiteFile(path: path)
        let newest = try Outsider(path).version()
        try Outsider(path).run("PRAGMA user_version = 999; CREATE TABLE later(a)")
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try SQLiteFile(path: path) }
            #expect(error?.kind == .failed)
            #expect(error?.message.contains("999") == true)
        }
        try Outsider(path).run("DROP TABLE later; PRAGMA user_version = \(newest)")
        _ = try SQLiteFile(path: path)
    }

    @Test(
        "another program's file is refused and gets no table",
        arguments: ["CREATE TABLE theirs(a)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"])
    func foreign(_ sql: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/gateway.db"
        try Outsider(path).run(sql)
        let error = #expect(throws: StoreError.self) { try SQLiteFile(path: path) }
        #expect(error?.kind == .failed)
        // It would not work if the store had made its own.
        try Outsider(path).run("CREATE TABLE message(a)")
    }
}
