import Gateway
import SQL

extension SQLValue {
    static func id(_ id: RecordID) -> SQLValue { .integer(id.rawValue) }

    static func id(_ id: RecordID?) -> SQLValue { id.map { .integer($0.rawValue) } ?? .null }

    static func time(_ time: Timestamp) -> SQLValue { .integer(time.milliseconds) }

    static func time(_ time: Timestamp?) -> SQLValue { time.map { .integer($0.milliseconds) } ?? .null }

    static func text(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }

    static func integer(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }

    static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }

    /// A row limit; SQLite would take a negative one for none.
    static func limit(_ limit: Int) -> SQLValue { .integer(Int64(max(0, limit))) }
}

extension SQLRow {
    /// An identifier; an integer that is none means a damaged file.
    func id(_ column: Int32) throws(StoreError) -> RecordID {
        try RecordID(stored: integer(column))
    }

    func time(_ column: Int32) -> Timestamp { Timestamp(milliseconds: integer(column)) }

    func optionalTime(_ column: Int32) -> Timestamp? { isNull(column) ? nil : time(column) }

    func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func flag(_ column: Int32) -> Bool { integer(column) != 0 }
}

extension MessageRecord {
    /// Reads `id, created, body`.
    init(_ row: SQLRow, at column: Int32 = 0) throws(StoreError) {
        self.init(id: try row.id(column), created: row.time(column + 1), body: row.blob(column + 2))
    }
}

extension DeliveryRecord {
    /// Reads `id, message, body`.
    init(_ row: SQLRow) throws(StoreError) {
        self.init(id: try row.id(0), message: try row.id(1), body: row.blob(2))
    }
}

extension StateRecord {
    /// Reads `delivery, blob`.
    init(_ row: SQLRow) throws(StoreError) { self.init(delivery: try row.id(0), blob: row.blob(1)) }
}

extension EventRecord {
    /// Reads `sequence, delivery, blob`.
    init(_ row: SQLRow) throws(StoreError) {
        self.init(sequence: row.integer(0), delivery: try row.id(1), blob: row.blob(2))
    }
}

extension ReviewRecord {
    /// What `init` reads.
    static let columns = """
        id, delivery, reason, is_open, created, closed, verdict, closed_by, inbound, reply,
        coalesce((SELECT a.contact FROM contact_alias a WHERE a.alias = review.contact), review.contact),
        draft
        """

    /// Reads `columns`.
    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: try row.id(0), delivery: row.isNull(1) ? nil : try row.id(1), reason: row.text(2), isOpen: row.flag(3),
            created: row.time(4))
        closed = row.optionalTime(5)
        verdict = row.optionalText(6).flatMap(Verdict.init)
        closedBy = row.optionalText(7)
        inbound = row.isNull(8) ? nil : try row.id(8)
        reply = row.isNull(9) ? nil : try row.id(9)
        contact = row.optionalText(10)
        draft = row.optionalText(11)
    }
}

extension InboundRecord {
    /// Reads `id, created, channel, sender, recipient, provider_id, contact, body`.
    init(_ row: SQLRow) throws(StoreError) {
        self.init(
            id: try row.id(0), created: row.time(1), channel: row.text(2), from: row.text(3), to: row.text(4),
            providerID: row.text(5))
        contact = row.optionalText(6)
        body = row.blob(7)
    }
}

extension AddressMark {
    /// Reads `number, kind, scope, at, until`.
    init(_ row: SQLRow) throws(StoreError) {
        guard let kind = Kind(rawValue: row.text(1)) else {
            throw StoreError(.corrupt, "a stored mark has an unknown kind")
        }
        self.init(
            number: row.text(0), kind: kind, scope: row.text(2), at: row.time(3), until: row.optionalTime(4))
    }
}

extension KeyRecord {
    /// Reads `id, name, hash, tenant, daily_calls, daily_spend, created, revoked`; the scopes have their own table.
    init(_ row: SQLRow, scopes: [String]) {
        self.init(
            id: row.text(0), name: row.text(1), hash: row.text(2), scopes: scopes, tenant: row.text(3),
            created: row.time(6))
        dailyCalls = row.optionalInteger(4).map { Int($0) }
        dailySpend = row.optionalInteger(5)
        revoked = row.optionalTime(7)
    }
}

extension RecordID {
    /// An identifier as a store has it.
    init(stored: Int64) throws(StoreError) {
        guard let id = RecordID(rawValue: stored) else {
            throw StoreError(.corrupt, "a stored identifier is none")
        }
        self = id
    }
}
