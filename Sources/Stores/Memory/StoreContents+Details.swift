import Gateway

/// Which attempt said what.
struct StoredDetailKey: Hashable, Comparable {
    let delivery: RecordID
    let attempt: Int
    let status: ByteKey

    init(_ detail: ReportDetail) {
        (delivery, attempt, status) = (detail.delivery, detail.attempt, ByteKey(detail.status))
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.delivery, left.attempt, left.status) < (right.delivery, right.attempt, right.status)
    }
}

extension StoreContents {
    /// What was said before stays as it was.
    mutating func store(_ rows: [ReportDetail]) {
        for row in rows where details[StoredDetailKey(row)] == nil { details[StoredDetailKey(row)] = row }
    }
}

extension InMemoryStore {
    package func reportDetails(of delivery: RecordID) throws(StoreError) -> [ReportDetail] {
        read { $0.details.all() }.filter { $0.delivery == delivery }.sorted {
            ($0.at, $0.attempt, ByteKey($0.status)) < ($1.at, $1.attempt, ByteKey($1.status))
        }
    }
}
