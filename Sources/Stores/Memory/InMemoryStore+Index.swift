import Gateway

/// What an index of documents outside is to be told.
struct OutsideIndex: Sendable {
    struct Change: Sendable {
        var id: String
        var refused: String?
    }

    var target: String?
    var isPrepared = false
    /// By its sequence.
    var changes: [Int64: Change] = [:]
    private var last: Int64 = 0

    /// In their order.
    var sequences: [Int64] { changes.keys.sorted() }

    /// Behind all others, once.
    mutating func note(_ id: String) {
        guard target != nil else { return }
        for (sequence, change) in changes where ByteKey(change.id) == ByteKey(id) { changes[sequence] = nil }
        last += 1
        changes[last] = Change(id: id)
    }

    mutating func aim(at new: String?, _ ids: [String]) {
        target = new
        isPrepared = false
        changes = [:]
        guard new != nil else { return }
        for id in ids {
            last += 1
            changes[last] = Change(id: id)
        }
    }
}

extension InMemoryStore {
    package func aimIndex(at target: String?, again: Bool) throws(StoreError) {
        read { contents in
            guard again || contents.index.target != target else { return }
            contents.index.aim(at: target, contents.documents.all().map(\.id))
        }
    }

    package func indexState() throws(StoreError) -> IndexState? {
        read { contents in
            contents.index.target.map { target in
                IndexState(
                    target: target, isPrepared: contents.index.isPrepared,
                    isBehind: contents.index.changes.values.contains { $0.refused == nil })
            }
        }
    }

    package func indexCounts() throws(StoreError) -> IndexCounts {
        read { contents in
            let refused = contents.index.changes.values.count { $0.refused != nil }
            return IndexCounts(waiting: contents.index.changes.count - refused, refused: refused)
        }
    }

    package func noteIndexPrepared() throws(StoreError) { read { $0.index.isPrepared = true } }

    package func indexChanges(limit: Int) throws(StoreError) -> [IndexChange] {
        read { contents in
            let waiting = contents.index.sequences.filter { contents.index.changes[$0]?.refused == nil }
            return waiting.prefix(limit).compactMap { sequence in
                contents.index.changes[sequence].map {
                    IndexChange(sequence, id: $0.id, contents.documents[ByteKey($0.id)])
                }
            }
        }
    }

    package func endIndexChanges(_ sequences: [Int64]) throws(StoreError) {
        read { contents in for sequence in sequences { contents.index.changes[sequence] = nil } }
    }

    package func refuseIndexChange(_ sequence: Int64, code: String) throws(StoreError) {
        read { $0.index.changes[sequence]?.refused = code }
    }

    package func refusedIndexChanges(limit: Int) throws(StoreError) -> [IndexRefusal] {
        read { contents in
            let refused = contents.index.sequences.compactMap { contents.index.changes[$0] }
            return refused.compactMap { change in change.refused.map { IndexRefusal(id: change.id, code: $0) } }
                .prefix(limit).map { $0 }
        }
    }
}
