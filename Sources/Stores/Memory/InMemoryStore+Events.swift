import Gateway

extension InMemoryStore {
    package func eventRows(after sequence: Int64, limit: Int) throws(StoreError) -> [EventRow] {
        read { contents in
            let rows =
                contents.events.rows(after: sequence, limit: limit).map(EventRow.delivery)
                + contents.published.rows(after: sequence, limit: limit).map(EventRow.published)
            return Array(rows.sorted { $0.sequence < $1.sequence }.prefix(max(0, limit)))
        }
    }

    package func lastEventRow() throws(StoreError) -> Int64 { read { $0.lastEventRow() } }

    package func consumer(_ name: String, ofTenant tenant: String) throws(StoreError) -> EventPosition? {
        let key = ConsumerKey(tenant: ByteKey(tenant), name: ByteKey(name))
        return read { $0.consumers[key] }
    }

    package func advance(
        consumer name: String, ofTenant tenant: String, to position: EventPosition
    ) throws(StoreError) -> EventPosition {
        let key = ConsumerKey(tenant: ByteKey(tenant), name: ByteKey(name))
        return read { contents in
            let reached = max(position, contents.consumers[key] ?? position)
            contents.consumers[key] = reached
            return reached
        }
    }
}

/// Names are a tenant's own.
struct ConsumerKey: Hashable {
    let tenant: ByteKey
    let name: ByteKey
}

extension StoreContents {
    mutating func lastEventRow() -> Int64 { max(events.lastKey() ?? 0, published.lastKey() ?? 0) }
}

extension BatchEncoder {
    mutating func putPublished(_ batch: Batch) {
        guard !batch.published.isEmpty else { return }
        each(batch.published) { encoder, row in
            encoder.put(row.sequence)
            encoder.put(row.at)
            encoder.put(row.type)
            encoder.put(row.subject)
            encoder.put(Int64(row.tenant == nil ? 0 : 1))
            encoder.put(row.tenant ?? "")
            encoder.put(row.body)
        }
    }
}
