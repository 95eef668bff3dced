import Gateway

extension InMemoryStore {
    package func consentHistory(
        of numbers: [String], after: RecordID?, limit: Int
    ) throws(StoreError) -> [ConsentStatement] {
        let wanted = Set(numbers.map(ByteKey.init))
        let later = read { $0.consents.rows(after: after, limit: .max) }
        return Array(later.lazy.filter { wanted.contains(ByteKey($0.consent.number)) }.prefix(max(0, limit)))
    }
}

extension BatchEncoder {
    mutating func putConsents(_ batch: Batch) {
        guard !batch.consentHistory.isEmpty else { return }
        each(batch.consentHistory) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.at)
            encoder.put(row.consent.number)
            encoder.put(row.consent.sender)
            encoder.put(Int64(row.consent.isGranted ? 1 : 0))
            encoder.put(row.consent.since)
            encoder.put(row.source.word)
            encoder.put(row.source.reference)
            encoder.put(Int64(row.isIgnored ? 1 : 0))
        }
    }
}
