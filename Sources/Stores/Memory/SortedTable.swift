/// Rows under keys, listed in the order of the keys: what a B-tree table is to SQLite.
///
/// Look-ups and changes are a dictionary's. The order is kept while rows come with rising keys, as identifiers do, and
/// otherwise found again when somebody lists.
struct SortedTable<Key: Hashable & Comparable & Sendable, Row: Sendable>: Sendable {
    private var rows: [Key: Row] = [:]
    /// All keys in order; `nil` when a change lost it.
    private var order: [Key]? = []

    /// The row of a key. Assigning replaces it, `nil` removes it.
    subscript(key: Key) -> Row? {
        get { rows[key] }
        set {
            guard let newValue else {
                if rows.removeValue(forKey: key) != nil { order = nil }
                return
            }
            if rows.updateValue(newValue, forKey: key) == nil { noteInsertion(of: key) }
        }
    }

    /// How many rows there are.
    var count: Int { rows.count }

    /// Every key, rising.
    mutating func keys() -> [Key] {
        if let order { return order }
        let sorted = rows.keys.sorted()
        order = sorted
        return sorted
    }

    /// Every row in the order of its key.
    mutating func all() -> [Row] { keys().compactMap { rows[$0] } }

    /// At most `limit` rows whose keys are greater than `after`, rising; from the start for `nil`.
    mutating func rows(after: Key?, limit: Int) -> [Row] {
        let keys = keys()
        let start = after.map { key in keys.partitionIndex { $0 > key } } ?? 0
        return keys[start...].prefix(max(0, limit)).compactMap { rows[$0] }
    }

    /// At most `limit` rows whose keys are less than `before`, falling; from the end for `nil`.
    mutating func rows(before: Key?, limit: Int) -> [Row] {
        let keys = keys()
        let end = before.map { key in keys.partitionIndex { $0 >= key } } ?? keys.count
        return keys[..<end].suffix(max(0, limit)).reversed().compactMap { rows[$0] }
    }

    /// The greatest key.
    mutating func lastKey() -> Key? { keys().last }

    /// Removes every row that `condition` holds for.
    mutating func removeAll(where condition: (Row) -> Bool) {
        let kept = rows.filter { !condition($0.value) }
        guard kept.count != rows.count else { return }
        rows = kept
        order = nil
    }

    private mutating func noteInsertion(of key: Key) {
        if let last = order?.last, last > key {
            order = nil
        } else {
            order?.append(key)
        }
    }
}

extension Array {
    /// The first index whose element satisfies `condition`, in an array where all that do stand at its end.
    func partitionIndex(_ condition: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
