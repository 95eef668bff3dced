import Arguments
import Gateway
import PhoneNumbers
import Zones

/// Why a row of a table, or its header, is refused.
struct TableFault: Error, Sendable, Hashable {
    /// Stable, snake_case.
    var code: String
    /// The column as the header calls it; `nil` when it is about the whole row.
    var column: String?
    /// For a person.
    var detail: String

    init(_ code: String, in column: String? = nil, _ detail: String) {
        self.code = code
        self.column = column
        self.detail = detail
    }
}

/// The columns of a table of contacts, and what the cells of a row say.
struct ContactTable: Sendable {
    /// What a column holds.
    enum Column: String, CaseIterable, Sendable {
        case id, name, phone, phoneVerified = "phone_verified", whatsapp, email, locale, timeZone = "time_zone", boat,
            role
    }

    /// The columns in their order, with their names in the header; `nil` for one that is ignored.
    let columns: [(kind: Column?, name: String)]

    /// Columns may come in any order and in any case of letters; `phone` and `whatsapp`, `email` alike, may have more of
    /// their kind: `phone_2` and so on.
    /// - Parameter mapping: says which are called otherwise, and which are ignored.
    init(_ header: [String], _ mapping: ColumnMapping = ColumnMapping()) throws(TableFault) {
        var columns: [(kind: Column?, name: String)] = []
        var taken: Set<String> = []
        let names = header.map(ColumnMapping.name)
        if let missing = mapping.names.first(where: { !names.contains($0.header) })?.header.prefix(60) {
            throw TableFault("missing_column", in: String(missing), "there is no column '\(missing)' to be mapped")
        }
        for name in names {
            guard !mapping.ignored.contains(name) else {
                columns.append((nil, name))
                continue
            }
            let meant = mapping.column(name)
            guard let kind = Self.column(meant) else { throw Self.unknown(name) }
            guard taken.insert(meant).inserted else {
                throw TableFault("duplicate_column", in: name, "the column '\(meant)' is there twice")
            }
            columns.append((kind, name))
        }
        guard columns.contains(where: { $0.kind == .id }) else {
            throw TableFault("missing_column", in: "id", "there is no column 'id'; the first line names the columns")
        }
        if columns.contains(where: { $0.kind == .role }), !columns.contains(where: { $0.kind == .boat }) {
            throw TableFault("missing_column", in: "boat", "the column 'role' has no meaning without a column 'boat'")
        }
        self.columns = columns
    }

    /// What the header calls a column; its own name where it has none.
    func name(of kind: Column) -> String { columns.first { $0.kind == kind }?.name ?? kind.rawValue }

    /// What a name of ours holds.
    static func column(_ name: String) -> Column? {
        if let column = Column(rawValue: name) { return column }
        for kind in [Column.phone, .whatsapp, .email] where name.hasPrefix(kind.rawValue + "_") {
            if let number = Int(name.dropFirst(kind.rawValue.count + 1)), 2...20 ~= number { return kind }
        }
        return nil
    }

    /// What is told of a name that no column has.
    static func unknown(_ name: String) -> TableFault {
        let names = Column.allCases.map(\.rawValue)
        let hint = NearestName.suggest(name, among: names).map { "; did you mean '\($0)'?" } ?? ""
        let shown = String(name.unicodeScalars.prefix(60).map(Character.init))
        return TableFault(
            "unknown_column", in: shown,
            "unknown column '\(shown)'\(hint.isEmpty ? ";" : hint) known are \(names.joined(separator: ", "))")
    }

    /// What a row says.
    func row(_ fields: [String]) throws(TableFault) -> ContactRow {
        guard fields.count == columns.count else {
            throw TableFault("bad_row", "the row has \(fields.count) fields, the header \(columns.count)")
        }
        var row = ContactRow()
        for (column, field) in zip(columns, fields) {
            guard let kind = column.kind else { continue }
            try row.take(ContactRow.trimmed(field), kind, column.name)
        }
        try row.finish(name(of: .role))
        return row
    }
}

/// A row of a table of contacts, read without the store. What is `nil` has no column.
struct ContactRow: Sendable {
    /// The caller's id.
    private(set) var id = ""
    /// Empty where the cell is.
    private(set) var name: String?
    /// The addresses of each kind that has columns, each once.
    private(set) var addresses: [(kind: String, values: [(value: String, column: String)])] = []
    /// Whether the phone numbers are the person's; `nil` also for an empty cell.
    private(set) var phonesAreVerified: Bool?
    /// Empty where the cell is.
    private(set) var locale: String?
    /// Empty where the cell is.
    private(set) var timeZone: String?
    /// Boats and the person's roles there; no role where none is said.
    private(set) var boats: [(boat: String, role: String?)] = []
    private var roles: [String] = []

    /// Without blanks before and behind.
    static func trimmed(_ text: String) -> String {
        var rest = Substring(text)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    fileprivate mutating func take(
        _ text: String, _ kind: ContactTable.Column, _ column: String
    ) throws(TableFault) {
        switch kind {
        case .id:
            guard !text.isEmpty else { throw TableFault("missing_id", in: column, "the row has no id") }
            guard JobCodec.isIdentifier(text) else {
                throw TableFault(
                    "bad_id", in: column, "an id is 1 to 64 letters, digits, dots, dashes and underscores")
            }
            id = text
        case .name:
            guard text.utf8.count <= 200 else { throw TableFault("bad_name", in: column, "is longer than 200 bytes") }
            name = text
        case .phone: try add("phone", Self.numbers(in: text), column)
        case .whatsapp: try add("whatsapp", Self.numbers(in: text), column)
        case .email: try add("email", Self.list(text), column)
        case .phoneVerified: phonesAreVerified = try Self.flag(text, column)
        case .locale:
            guard text.isEmpty || ContactRecord.isLocale(text) else {
                throw TableFault("bad_locale", in: column, "must be a language such as de or fr-CH")
            }
            locale = text
        case .timeZone:
            guard text.isEmpty || ZoneCache.isKnown(text) else {
                throw TableFault("bad_time_zone", in: column, "there is no time zone of this name, as Europe/Rome is")
            }
            timeZone = text
        case .boat:
            boats = Self.list(text).map { ($0, nil) }
            if let bad = boats.first(where: { !JobCodec.isIdentifier($0.boat) }) {
                throw TableFault("bad_id", in: column, "'\(bad.boat.prefix(64))' is no id of a boat")
            }
        case .role: roles = try Self.roles(text, column)
        }
    }

    /// Roles join boats when both cells are read: one for all of them, or one for each.
    fileprivate mutating func finish(_ column: String) throws(TableFault) {
        guard !roles.isEmpty else { return }
        guard roles.count == 1 || roles.count == boats.count else {
            throw TableFault(
                "bad_role", in: column, "there are \(roles.count) roles for \(boats.count) boats; say one, or one each")
        }
        for index in boats.indices { boats[index].role = roles[roles.count == 1 ? 0 : index] }
    }

    // MARK: cells

    /// Texts with `|` between; none in an empty cell.
    private static func list(_ text: String) -> [String] {
        text.split(separator: "|").map { trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    /// Numbers with `|` or a blank between: every number begins with a plus sign, and may have blanks within.
    private static func numbers(in text: String) -> [String] {
        list(text).flatMap { piece -> [String] in
            var numbers: [String] = []
            for word in piece.split(separator: " ") {
                if word.first != "+", let last = numbers.popLast(), last.first == "+" {
                    numbers.append(last + " " + word)
                } else {
                    numbers.append(String(word))
                }
            }
            return numbers
        }
    }

    private mutating func add(_ kind: String, _ texts: [String], _ column: String) throws(TableFault) {
        if !addresses.contains(where: { $0.kind == kind }) { addresses.append((kind, [])) }
        guard let index = addresses.firstIndex(where: { $0.kind == kind }) else { return }
        for text in texts {
            let value = try Self.value(text, kind, column)
            if !addresses[index].values.contains(where: { $0.value == value }) {
                addresses[index].values.append((value, column))
            }
        }
    }

    private static func value(_ text: String, _ kind: String, _ column: String) throws(TableFault) -> String {
        switch kind {
        case "email":
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }),
                text.utf8.count <= 200
            else { throw TableFault("bad_email", in: column, "must be an address such as ana@example.org") }
            return text
        case "whatsapp" where text.first != "+":
            guard WhatsAppID.isValid(text) else { throw TableFault("bad_number", in: column, WhatsAppID.rule) }
            return text
        default:
            do {
                return try E164(parsing: text).text
            } catch {
                throw TableFault("bad_number", in: column, "'\(text.prefix(40))': \(error.message)")
            }
        }
    }

    private static func flag(_ text: String, _ column: String) throws(TableFault) -> Bool? {
        switch text.lowercased() {
        case "": return nil
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default: throw TableFault("bad_flag", in: column, "must be true or false")
        }
    }

    private static func roles(_ text: String, _ column: String) throws(TableFault) -> [String] {
        let roles = list(text.lowercased())
        guard roles.allSatisfy({ ["owner", "broker", "other"].contains($0) }) else {
            throw TableFault("bad_role", in: column, "must be owner, broker or other")
        }
        return roles
    }
}
