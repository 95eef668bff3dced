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

    package func media(announcedBefore time: Timestamp, limit: Int) throws(StoreError) -> [MediaRecord] {
        guard let bound = RecordID(firstAt: time) else { return [] }
        let ended = read { $0.media.all() }.filter { $0.id < bound && $0.due == nil }.sorted { $0.id < $1.id }
        return Array(ended.prefix(max(0, limit)))
    }

    package func hasMedia(withHash hash: String) throws(StoreError) -> Bool {
        read { $0.media.all() }.contains { media in
            media.state != .removed && media.content.map { ByteKey($0.hash) } == ByteKey(hash)
        }
    }

    package func documents(ofMedia id: RecordID) throws(StoreError) -> [String] {
        read { $0.documents.all() }.filter { $0.media == id }.map(\.id).sorted { ByteKey($0) < ByteKey($1) }
    }
}

extension BatchEncoder {
    mutating func putMedia(_ batch: Batch) {
        guard !batch.media.isEmpty || !batch.mediaRemoved.isEmpty else { return }
        each(batch.mediaRemoved) { encoder, id in encoder.put(id) }
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
