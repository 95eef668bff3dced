import Gateway
import JSON
import MemoryStore
import PhoneNumbers
import Synchronization
import Testing

@testable import Server

/// A clock that stands.
private struct StandingClock: GatewayClock {
    let now = Timestamp(milliseconds: 0)
    var monotonic: UInt64 { 0 }
}

/// A clock on which every look costs three milliseconds.
private final class TickingClock: GatewayClock {
    private let time = Atomic<UInt64>(0)
    let now = Timestamp(milliseconds: 0)
    var monotonic: UInt64 { time.add(3_000_000, ordering: .relaxed).newValue }
}

@Suite("tables of contacts")
struct ContactImportTests {
    private let store = InMemoryStore()
    private let numbers = ContactNumbers()

    init() throws { try numbers.load(store) }

    private func take(
        _ table: String, isDry: Bool = false, mapping: ColumnMapping = ColumnMapping()
    ) throws -> JSONValue {
        var work = try ContactImport(
            Array(table.utf8), store, numbers, clock: StandingClock(), isDry: isDry, mapping: mapping)
        while try work.takePage() {}
        return try JSONValue(parsing: work.report)
    }

    /// The errors of a report as `line column code`.
    private func faults(_ report: JSONValue) -> [String] {
        (report["errors"]?.array ?? []).map { error in
            "\(error["line"]?.int ?? 0) \(error["column"]?.string ?? "-") \(error["code"]?.string ?? "")"
        }
    }

    private func counts(_ report: JSONValue) -> [Int64] {
        ["rows", "stored", "unchanged"].map { report[$0]?.int ?? -1 }
    }

    private func addresses(_ id: String) throws -> [String] {
        try (store.contact(id)?.addresses ?? []).map { "\($0.kind) \($0.value)\($0.verified ? " verified" : "")" }
    }

    private func put(_ id: String, _ addresses: ContactAddress...) throws {
        var contact = ContactRecord(id: id, name: id.uppercased())
        contact.addresses = addresses
        numbers.note(contact)
        try store.put(contact)
    }

    @Test("every column is read, in any order, however it is separated")
    func columns() throws {
        try store.put(BoatRecord(id: "aurora", name: "Aurora"))
        try store.put(BoatRecord(id: "boreas", name: "Boreas"))
        let report = try take(
            """
            Boat;Role;ID;Name;phone_2;Phone;phone_verified;whatsapp;email;locale;time_zone
            aurora | boreas;owner|broker; ana ;"Ana ""A"" Rossi";+41 79 111 00 03;+41 79 111 00 01 | +41791110002;yes;\
            IT.1a2B;ana@example.org;it;Europe/Rome
            ;;ben;;;+41791110004 +41 79 111 00 05;;;;;
            """)
        #expect(counts(report) == [2, 2, 0] && faults(report).isEmpty, "\(report)")
        let ana = try #require(try store.contact("ana"))
        #expect(ana.name == "Ana \"A\" Rossi" && ana.locale == "it" && ana.timeZone == "Europe/Rome")
        #expect(
            try addresses("ana") == [
                "phone +41791110003 verified", "phone +41791110001 verified", "phone +41791110002 verified",
                "whatsapp IT.1a2B", "email ana@example.org",
            ])
        #expect(try addresses("ben") == ["phone +41791110004", "phone +41791110005"])
        #expect(try store.contact("ben")?.name == "ben")
        #expect(try store.boat("aurora")?.contacts == [BoatContact(contact: "ana", role: "owner")])
        #expect(try store.boat("boreas")?.contacts == [BoatContact(contact: "ana", role: "broker")])
    }

    @Test("what has a column is replaced, also by nothing; what has none is kept, and the name is")
    func kept() throws {
        try put(
            "ana", ContactAddress(kind: "email", value: "a@example.org", verified: true),
            ContactAddress(kind: "phone", value: "+41791110001", verified: true),
            ContactAddress(kind: "whatsapp", value: "+41791110001", verified: true))
        var ana = try #require(try store.contact("ana"))
        ana.locale = "it"
        ana.timeZone = "Europe/Rome"
        try store.put(ana)
        #expect(try store.putPreferences(.init(topicsOff: ["a"]), ofContact: "ana"))
        #expect(try counts(take("id,name,phone,locale\nana,,+41791110002|+41791110001,\n")) == [1, 1, 0])
        #expect(
            try addresses("ana") == [
                "email a@example.org verified", "phone +41791110002", "phone +41791110001 verified",
                "whatsapp +41791110001 verified",
            ])
        let changed = try #require(try store.contact("ana"))
        #expect(changed.name == "ANA" && changed.locale == nil && changed.timeZone == "Europe/Rome")
        #expect(changed.preferences?.topicsOff == ["a"])
        #expect(try counts(take("phone,phone_verified,id\n,,ana\n")) == [1, 1, 0])
        #expect(try addresses("ana") == ["email a@example.org verified", "whatsapp +41791110001 verified"])
    }

    @Test("the same table once more changes nothing")
    func again() throws {
        try store.put(BoatRecord(id: "aurora", name: "Aurora"))
        let table = "id,name,phone,boat\nana,Ana,+41791110001,aurora\nben,Ben,+41791110002,\n"
        #expect(try counts(take(table)) == [2, 2, 0])
        #expect(try counts(take(table)) == [2, 0, 2])
        #expect(try counts(take(table, isDry: true)) == [2, 0, 2])
    }

    @Test("every bad row is told with its line, column and code, and the good ones are stored")
    func badRows() throws {
        try put("eve", ContactAddress(kind: "phone", value: "+41791110009", verified: false))
        let report = try take(
            """
            id,phone,whatsapp,email,locale,time_zone,phone_verified,boat,role
            ok,+41791110001,,,,,,,
            ,+41791110002,,,,,,,
            a b,,,,,,,,
            c,0791110001,,,,,,,
            d,,12,,,,,,
            e,,,a@b@c,,,,,
            "f",,,,deutsch,,,,
            g,,,,,Europe/Nowhere,,,
            h,,,,,,maybe,,
            i,,,,,,,nowhere,
            j,,,,,,,,captain
            k,+41791110009,,,,,,,
            l,+41791110001,,,,,,,
            ok,,,,,,,,
            m
            "n"x,,,,,,,,
            o,,+41791110001,,,,,,
            last,+41791110003,,,,,,,
            """)
        #expect(
            faults(report) == [
                "3 id missing_id", "4 id bad_id", "5 phone bad_number", "6 whatsapp bad_number", "7 email bad_email",
                "8 locale bad_locale", "9 time_zone bad_time_zone", "10 phone_verified bad_flag",
                "11 boat unknown_boat", "12 role bad_role", "13 phone number_taken", "14 phone number_taken",
                "15 id duplicate_id", "16 - bad_row", "17 - bad_row", "18 whatsapp number_taken",
            ])
        #expect(counts(report) == [18, 2, 0])
        #expect(try store.contacts(after: nil, limit: 99).map(\.id) == ["eve", "last", "ok"])
        let detail = report["errors"]?.array?[10]["detail"]?.string
        #expect(detail == "'+41791110009' belongs to the contact 'eve'")
    }

    @Test("a number may move from one row's contact to a later row's, in one page or several, dry or not")
    func moved() throws {
        try put("ana", ContactAddress(kind: "phone", value: "+41791110001", verified: true))
        try put("ben", ContactAddress(kind: "phone", value: "+41791110002", verified: true))
        let filling = (0..<ContactImport.pageRows).map { "x\($0),\n" }.joined()
        for table in ["id,phone\nana,\nben,+41791110001\n", "id,phone\nben,+41791110002\n\(filling)ana,+41791110001"] {
            #expect(try faults(take(table, isDry: true)).isEmpty)
            #expect(try faults(take(table)).isEmpty)
        }
        #expect(try faults(take("id,phone\nben,+41791110001\nana,\n")) == ["2 phone number_taken"])
    }

    @Test("what two contacts had in common before is no fault of a table that changes nothing of it")
    func shared() throws {
        try put("ana", ContactAddress(kind: "phone", value: "+41791110001", verified: false))
        try put("ben", ContactAddress(kind: "phone", value: "+41791110001", verified: false))
        #expect(try faults(take("id,name,phone\nana,Ana,+41791110001\nben,Ben,+41791110001\n")).isEmpty)
    }

    @Test("a row's roles replace those on its boats; other boats and other people stay")
    func roles() throws {
        var boat = BoatRecord(id: "aurora", name: "Aurora")
        boat.contacts = [
            BoatContact(contact: "ana", role: "owner"), BoatContact(contact: "ben", role: "owner"),
            BoatContact(contact: "ana", role: "other"),
        ]
        try store.put(boat)
        var second = BoatRecord(id: "boreas", name: "Boreas")
        second.contacts = [BoatContact(contact: "ana", role: "owner")]
        try store.put(second)
        #expect(try counts(take("id,boat\nana,aurora\n")) == [1, 1, 0])
        #expect(try store.boat("aurora") == boat)
        #expect(try counts(take("id,boat,role\nana,aurora,broker\ncid,aurora,\n")) == [2, 2, 0])
        let roles = try store.boat("aurora")?.contacts.map { $0.contact + " " + $0.role }
        #expect(roles == ["ana broker", "ben owner", "cid owner"])
        #expect(try store.boat("boreas") == second)
        #expect(try faults(take("id,boat,role\nana,aurora|boreas|aurora,owner|other\n")) == ["2 role bad_role"])
    }

    @Test("a contact that was merged does not come back with a table")
    func merged() throws {
        try put("ana", ContactAddress(kind: "phone", value: "+41791110001", verified: true))
        try put("ben")
        try store.merge(try #require(try store.contact("ana")), from: "ben", [])
        #expect(try faults(take("id,name\nben,Ben\n")) == ["2 id merged"])
        #expect(try store.contacts(after: nil, limit: 9).map(\.id) == ["ana"])
    }

    @Test("a dry run stores nothing and reports the same")
    func dry() throws {
        let table = "id,phone\nana,+41791110001\nben,+41791110001\nana,\n"
        let dry = try take(table, isDry: true)
        #expect(try store.contacts(after: nil, limit: 9).isEmpty)
        #expect(try take(table) == dry)
        #expect(faults(dry) == ["3 phone number_taken", "4 id duplicate_id"])
    }

    @Test(
        "a header that cannot be used is refused as a whole",
        arguments: [
            ("", "no_header"), ("\n\n", "no_header"), ("\"id", "bad_header"), ("id,phon\n", "unknown_column"),
            ("id,phone_1\n", "unknown_column"), ("name\n", "missing_column"), ("id,role\n", "missing_column"),
            ("id,name,ID\n", "duplicate_column"), ("id,\n", "unknown_column"), ("id,phone_99\n", "unknown_column"),
        ])
    func header(_ text: String, _ code: String) throws {
        let problem = #expect(throws: Problem.self) {
            try ContactImport(Array(text.utf8), store, numbers, clock: StandingClock(), isDry: false)
        }
        #expect(problem?.code == code && problem?.status == 400)
        if text == "id,phon\n" { #expect(problem?.message.contains("did you mean 'phone'?") == true) }
    }

    @Test("a table has at most so many rows; line ends in quotes are none")
    func limit() throws {
        let rows = String(repeating: "a,b\n", count: ContactImport.rowLimit)
        #expect(throws: Never.self) {
            try ContactImport(Array("id,name\n\(rows)".utf8), store, numbers, clock: StandingClock(), isDry: true)
        }
        let problem = #expect(throws: Problem.self) {
            try ContactImport(Array("id,name\n\(rows)c,d".utf8), store, numbers, clock: StandingClock(), isDry: true)
        }
        #expect(problem?.status == 413)
        let long = "id,name\na,\"b" + String(repeating: "\n", count: ContactImport.rowLimit + 5) + "b\""
        #expect(try faults(take(long)) == ["2 name bad_name"])
    }

    @Test("a page ends when its time is over, and has a row all the same")
    func pages() throws {
        let table = "id\n" + (0..<5).map { "c\($0)\n" }.joined()
        var work = try ContactImport(Array(table.utf8), store, numbers, clock: TickingClock(), isDry: false)
        var stored: [Int] = []
        while try work.takePage() { stored.append(try store.contacts(after: nil, limit: 99).count) }
        #expect(stored == [2, 4])
        #expect(try store.contacts(after: nil, limit: 99).count == 5)
    }

    @Test("numbers of stored contacts are known at once, and those of a dry run are not")
    func noted() throws {
        _ = try take("id,phone\nana,+41791110001\n", isDry: true)
        let number = try E164(parsing: "+41791110001")
        #expect(!numbers.mayContain(number))
        _ = try take("id,phone\nana,+41791110001\n")
        #expect(numbers.mayContain(number))
    }

    // MARK: columns that are called otherwise

    private func mapping(_ maps: [String], ignoring ignored: [String] = []) throws -> ColumnMapping {
        var mapping = ColumnMapping()
        for map in maps { try mapping.map(map) }
        for name in ignored { try mapping.ignore(name) }
        return mapping
    }

    @Test("columns that are mapped hold what was said, those that are ignored nothing, in any case of letters")
    func mapped() throws {
        try store.put(BoatRecord(id: "aurora", name: "Aurora"))
        let mapping = try mapping(
            ["Key=id", " mobile = phone", "Mobile 2=phone_2", "VESSEL=boat", "a=b=role", "name=email"],
            ignoring: ["Notes", "", "NOTES"])
        let report = try take(
            "KEY,Mobile,mobile 2,Vessel,A=B,Name,notes,,\nana,+41791110001,+41791110002,aurora,broker,a@b.org,x,y,z\n",
            mapping: mapping)
        #expect(counts(report) == [1, 1, 0] && faults(report).isEmpty, "\(report)")
        #expect(
            try addresses("ana") == ["phone +41791110001", "phone +41791110002", "email a@b.org"])
        #expect(try store.contact("ana")?.name == "ana")
        #expect(try store.boat("aurora")?.contacts == [BoatContact(contact: "ana", role: "broker")])
    }

    @Test("mistakes are told with the columns' names in the table, by line")
    func mappedMistakes() throws {
        try store.put(BoatRecord(id: "aurora", name: "Aurora"))
        let mapping = try mapping(["Key=id", "Mobile=phone", "Vessel=boat", "As=role"], ignoring: ["x"])
        let table = """
            Key,Mobile,Vessel,As,x
            ana,79,,,
            ben,,boreas,,
            cid,,aurora,owner|other,
            eve,,,,
            eve,,,,
            ,,,,
            fox,,,
            """
        #expect(
            try faults(take(table, mapping: mapping)) == [
                "2 mobile bad_number", "3 vessel unknown_boat", "4 as bad_role", "6 key duplicate_id",
                "7 key missing_id", "8 - bad_row",
            ])
    }

    @Test(
        "a mapping that cannot be used is refused as a whole",
        arguments: [
            (["Mobile"], [], "bad_parameter", "HEADER=COLUMN"),
            (["Mobile=phon"], [], "bad_parameter", "did you mean 'phone'"),
            (["Mobile=phone", "mobile=email"], [], "bad_parameter", "already"),
            (["Mobile=phone"], ["MOBILE"], "bad_parameter", "already"),
            (["Mobile=phone"], [], "missing_column", "'mobile'"), (["Telefon=phone"], [], "duplicate_column", "phone"),
            (["Telefon=phone_2"], ["id"], "missing_column", "'id'"), ([], [], "unknown_column", "'telefon'"),
        ] as [([String], [String], String, String)])
    func badMapping(_ maps: [String], _ ignored: [String], _ code: String, _ text: String) throws {
        let problem = #expect(throws: Problem.self) {
            _ = try take("id,phone,Telefon\na,,\n", mapping: try mapping(maps, ignoring: ignored))
        }
        #expect(problem?.code == code && problem?.status == 400, "\(String(describing: problem))")
        #expect(problem?.message.contains(text) == true, "\(problem?.message ?? "")")
    }

    @Test("at most two hundred columns are named")
    func longMapping() throws {
        let names = (0..<ColumnMapping.most).map { "c\($0)" }
        #expect(throws: Never.self) { _ = try mapping([], ignoring: names) }
        #expect(throws: Problem.self) { _ = try mapping(["x=phone"], ignoring: names) }
    }
}
