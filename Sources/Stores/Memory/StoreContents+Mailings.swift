import Gateway

/// The key of a part: a mailing has one of each number.
struct PartKey: Hashable, Comparable, Sendable {
    let mailing: RecordID
    let number: Int

    static func < (left: Self, right: Self) -> Bool { (left.mailing, left.number) < (right.mailing, right.number) }
}

/// Mailings as a value.
struct MailingContents: Sendable {
    var mailings = SortedTable<RecordID, MailingRecord>()
    var progress = SortedTable<RecordID, MailingProgressRecord>()
    var parts = SortedTable<PartKey, MailingPart>()
    var outcomes = SortedTable<PartKey, MailingOutcome>()

    mutating func apply(_ batch: Batch) {
        for row in batch.mailings { mailings[row.id] = row }
        for row in batch.mailingProgress { progress[row.mailing] = row }
        for row in batch.mailingOutcomes { outcomes[PartKey(mailing: row.mailing, number: row.part)] = row }
    }
}

extension InMemoryStore {
    package func openMailings() throws(StoreError) -> [MailingProgressRecord] {
        read { $0.mailings.progress.all() }.filter(\.isOpen)
    }

    package func mailingProgress(_ id: RecordID) throws(StoreError) -> MailingProgressRecord? {
        read { $0.mailings.progress[id] }
    }

    package func put(_ parts: [MailingPart]) throws(StoreError) {
        try use { contents throws(StoreError) in
            for part in parts {
                let key = PartKey(mailing: part.mailing, number: part.number)
                guard contents.mailings.parts[key] == nil else {
                    throw StoreError(.failed, "the part \(part.number) is stored already")
                }
            }
            for part in parts {
                contents.mailings.parts[PartKey(mailing: part.mailing, number: part.number)] = part
            }
        }
    }

    package func removeParts(withoutMailing id: RecordID?) throws(StoreError) {
        read { contents in
            let known = contents.mailings.mailings
            contents.mailings.parts.removeAll {
                known[$0.mailing] == nil && (id == nil || $0.mailing == id)
            }
        }
    }

    package func mailings(before: RecordID?, limit: Int) throws(StoreError) -> [MailingRecord] {
        read { $0.mailings.mailings.rows(before: before, limit: limit) }
    }

    package func mailing(_ id: RecordID) throws(StoreError) -> MailingRecord? { read { $0.mailings.mailings[id] } }

    package func progress(ofMailing id: RecordID) throws(StoreError) -> MailingProgressRecord? {
        try mailingProgress(id)
    }

    package func part(_ number: Int, ofMailing id: RecordID) throws(StoreError) -> MailingPart? {
        read { $0.mailings.parts[PartKey(mailing: id, number: number)] }
    }

    package func outcome(ofPart number: Int, ofMailing id: RecordID) throws(StoreError) -> MailingOutcome? {
        read { $0.mailings.outcomes[PartKey(mailing: id, number: number)] }
    }
}
