import Gateway

extension InMemoryStore {
    package func media(_ id: RecordID) throws(StoreError) -> MediaRecord? { try read(.media) { $0.media[id] } }

    package func media(_ query: MediaQuery, before: RecordID?, limit: Int) throws(StoreError) -> [MediaRecord] {
        let earlier = read { $0.media.rows(before: before, limit: .max) }
        return Array(earlier.lazy.filter { query.fits($0) }.prefix(max(0, limit)))
    }

    package func waitingMedia(limit: Int) throws(StoreError) -> [MediaRecord] {
        let waiting = read { $0.media.all() }.filter { $0.due != nil }
        let sorted = waiting.sorted { ($0.due ?? $0.created, $0.id) < ($1.due ?? $1.created, $1.id) }
        return Array(sorted.prefix(max(0, limit)))
    }
}

extension BatchEncoder {
    mutating func putMedia(_ batch: Batch) {
        guard !batch.media.isEmpty else { return }
        each(batch.media) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.inbound)
            encoder.put(row.created)
            for text in [row.contact, row.boat, row.reason?.rawValue, row.content?.type, row.content?.hash] {
                encoder.put(text == nil ? Int64(0) : 1)
                encoder.put(text ?? "")
            }
            for text in [row.provider, row.url, row.givenType, row.state.rawValue] { encoder.put(text) }
            encoder.put(row.content?.size ?? -1)
            encoder.put(Int64(row.tries))
            encoder.put(row.due)
            encoder.put(row.stored)
        }
    }
}
