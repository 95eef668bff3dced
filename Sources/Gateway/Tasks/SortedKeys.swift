/// Keys in their order, each once.
struct SortedKeys<Key: Comparable & Sendable>: Sendable {
    private(set) var all: [Key] = []

    mutating func insert(_ key: Key) {
        let place = place(of: key)
        guard place == all.count || all[place] != key else { return }
        all.insert(key, at: place)
    }

    mutating func remove(_ key: Key) {
        let place = place(of: key)
        guard place < all.count, all[place] == key else { return }
        all.remove(at: place)
    }

    /// Of the first one that is not before the key.
    private func place(of key: Key) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
