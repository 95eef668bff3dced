import CSV
import Gateway
import JSON
import PhoneNumbers

/// A table of contacts on its way into the store, a page of rows at a time. Pages block; between them others have their
/// turn on the thread.
struct ContactImport {
    /// Rows of one page, which is one transaction.
    static let pageRows = 100
    /// Nanoseconds after which a page ends before that; storing it takes about as long as reading it.
    static let pageTime: UInt64 = 4_000_000
    /// Rows of a table.
    static let rowLimit = 100_000

    private let records: any RecordStore
    private let numbers: ContactNumbers
    private let clock: any GatewayClock
    private let isDry: Bool
    private let table: ContactTable
    private var reader: CSVReader

    private var rows = 0
    private var stored = 0
    private var unchanged = 0
    /// The elements of the report's list of errors, with commas between.
    private var errors: [UInt8] = []

    /// The line of each id of the table.
    private var lines: [String: Int] = [:]
    /// Ids of rows that were taken: what the store says of them may be older.
    private var taken: Set<String> = []
    /// Who has a number, by the rows that were taken.
    private var owners: [String: String] = [:]

    // What the page changes.
    private var contacts: [ContactRecord] = []
    private var boats: [String: BoatRecord] = [:]

    /// Reads the header.
    /// - Parameters:
    ///   - numbers: is told which numbers contacts have from now on.
    ///   - clock: measures pages.
    ///   - isDry: nothing is stored.
    ///   - mapping: columns that are called otherwise, or ignored.
    init(
        _ body: [UInt8], _ records: any RecordStore, _ numbers: ContactNumbers, clock: any GatewayClock, isDry: Bool,
        mapping: ColumnMapping = ColumnMapping()
    ) throws(Problem) {
        self.records = records
        self.numbers = numbers
        self.clock = clock
        self.isDry = isDry
        reader = CSVReader(body)
        switch reader.next() {
        case nil: throw Problem(400, "no_header", "The table is empty; its first line names the columns.")
        case .fault(let text, let line)?: throw Problem(400, "bad_header", "line \(line): \(text)")
        case .fields(let header, let line)?:
            do throws(TableFault) {
                table = try ContactTable(header, mapping)
            } catch {
                throw Problem(400, error.code, "line \(line), \(error.column ?? "header"): \(error.detail)")
            }
        }
        // No row is without a line end but the last, and the header has one: most tables need no second look.
        if body.count(where: { $0 == UInt8(ascii: "\n") }) > Self.rowLimit, Self.rows(in: reader) > Self.rowLimit {
            throw Problem(413, "too_many_rows", "A table has at most \(Self.rowLimit) rows; divide it.")
        }
    }

    private static func rows(in reader: CSVReader) -> Int {
        var (reader, count) = (reader, 0)
        while count <= rowLimit, reader.next() != nil { count += 1 }
        return count
    }

    /// Takes a page of rows; `false` when there was none left. What a page changes is stored as a whole.
    mutating func takePage() throws(StoreError) -> Bool {
        contacts.removeAll(keepingCapacity: true)
        boats.removeAll(keepingCapacity: true)
        let end = clock.monotonic + Self.pageTime
        var (count, isAtEnd) = (0, false)
        repeat {
            guard let row = reader.next() else {
                isAtEnd = true
                break
            }
            count += 1
            try take(row)
        } while count < Self.pageRows && clock.monotonic < end
        rows += count
        if !isDry, !contacts.isEmpty || !boats.isEmpty {
            // Before they are stored: no message may miss one that is.
            for contact in contacts { numbers.note(contact) }
            try records.put(contacts, boats.values.sorted { $0.id < $1.id })
        }
        return !isAtEnd
    }

    /// What came of the rows so far, as JSON.
    var report: [UInt8] {
        let counts = #"{"rows":\#(rows),"stored":\#(stored),"unchanged":\#(unchanged),"errors":["#
        return Array(counts.utf8) + errors + Array("]}".utf8)
    }

    // MARK: rows

    private mutating func take(_ row: CSVReader.Row) throws(StoreError) {
        switch row {
        case .fault(let text, let line): report(TableFault("bad_row", text), line)
        case .fields(let fields, let line):
            let read: ContactRow
            do throws(TableFault) {
                read = try table.row(fields)
            } catch {
                return report(error, line)
            }
            if let first = lines.updateValue(line, forKey: read.id) {
                lines[read.id] = first
                return report(
                    TableFault("duplicate_id", in: table.name(of: .id), "the id is on line \(first) already"), line)
            }
            if let fault = try take(read) { report(fault, line) }
        }
    }

    /// Why the row is refused; `nil` when it was taken.
    private mutating func take(_ row: ContactRow) throws(StoreError) -> TableFault? {
        let known = try records.contact(row.id)
        if let known, known.id != row.id {
            return TableFault("merged", in: table.name(of: .id), "the contact was merged into '\(known.id)'")
        }
        let contact = row.contact(known)
        if let fault = try takenNumber(row, known) { return fault }
        var manned: [BoatRecord] = []
        for id in row.boats.map(\.boat) where !manned.contains(where: { $0.id == id }) {
            guard let boat = try boat(id) else {
                return TableFault("unknown_boat", in: table.name(of: .boat), "there is no boat '\(id)'")
            }
            manned.append(boat)
        }
        let changed = manned.map { ($0, row.manning($0)) }.filter { $0.0 != $0.1 }.map(\.1)
        taken.insert(row.id)
        for address in contact.addresses where address.isOfPerson { owners[address.value] = row.id }
        for boat in changed { boats[boat.id] = boat }
        if contact != known { contacts.append(contact) }
        if contact == known, changed.isEmpty { unchanged += 1 } else { stored += 1 }
        return nil
    }

    /// A boat as the page leaves it so far.
    private func boat(_ id: String) throws(StoreError) -> BoatRecord? {
        if let changed = boats[id] { return changed }
        return try records.boat(id)
    }

    /// A number that the contact has not had so far, and another has.
    private func takenNumber(_ row: ContactRow, _ known: ContactRecord?) throws(StoreError) -> TableFault? {
        for (kind, values) in row.addresses where kind != "email" {
            for (value, column) in values where known?.addresses.contains(where: { $0.value == value }) != true {
                guard let owner = try owner(of: value), owner != row.id else { continue }
                return TableFault("number_taken", in: column, "'\(value)' belongs to the contact '\(owner)'")
            }
        }
        return nil
    }

    private func owner(of address: String) throws(StoreError) -> String? {
        if let owner = owners[address] { return owner }
        if let number = try? E164(parsing: address), !numbers.mayContain(number) { return nil }
        // What an earlier row took away from a contact may be in the store until the page is.
        return try records.contact(withNumber: address).flatMap { taken.contains($0.id) ? nil : $0.id }
    }

    private mutating func report(_ fault: TableFault, _ line: Int) {
        var entry = JSONObject([("line", .int(line))])
        entry["column"] = fault.column.map(JSONValue.string) ?? .null
        entry["code"] = .string(fault.code)
        entry["detail"] = .string(fault.detail)
        if !errors.isEmpty { errors.append(UInt8(ascii: ",")) }
        errors += JSONValue.object(entry).bytes()
    }
}

extension ContactRow {
    /// The contact as the row leaves it. What has a column is replaced, also by nothing; but a contact keeps its name, and
    /// one that is new is called by its id where the row has none.
    func contact(_ known: ContactRecord?) -> ContactRecord {
        var contact = known ?? ContactRecord(id: id, name: id)
        if let name, !name.isEmpty { contact.name = name }
        if let locale { contact.locale = locale.isEmpty ? nil : locale }
        if let timeZone { contact.timeZone = timeZone.isEmpty ? nil : timeZone }
        for (kind, values) in addresses {
            let old = contact.addresses
            let place = old.firstIndex { $0.kind == kind } ?? old.count
            contact.addresses.removeAll { $0.kind == kind }
            let new = values.map { value, _ in
                let wasVerified = old.contains { $0.kind == kind && $0.value == value && $0.verified }
                let isVerified = kind == "phone" ? phonesAreVerified ?? wasVerified : wasVerified
                return ContactAddress(kind: kind, value: value, verified: isVerified)
            }
            contact.addresses.insert(contentsOf: new, at: place)
        }
        return contact
    }

    /// The boat with exactly the roles that the row gives the contact there; without a role one that it has stays.
    func manning(_ boat: BoatRecord) -> BoatRecord {
        var roles: [String] = []
        for role in boats.filter({ $0.boat == boat.id }).map({ $0.role ?? "" }) where !roles.contains(role) {
            roles.append(role)
        }
        let isThere = boat.contacts.contains { $0.contact == id }
        if isThere, roles == [""] { return boat }
        var manned = boat
        let place = boat.contacts.firstIndex { $0.contact == id } ?? boat.contacts.count
        manned.contacts.removeAll { $0.contact == id }
        let links = roles.map { BoatContact(contact: id, role: $0.isEmpty ? "owner" : $0) }
        manned.contacts.insert(contentsOf: links, at: place)
        return manned
    }
}
