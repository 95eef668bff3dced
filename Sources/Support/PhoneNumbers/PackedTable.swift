/// Ordered records of equal size in a literal, which compiles fast and costs nothing at start.
struct PackedTable: Sendable {
    let recordSize: Int
    let recordsPerRow: Int
    let count: Int
    let text: StaticString

    /// The record that begins with a key; nil if there is none. The key is shorter than a record.
    func record(startingWith key: [UInt8]) -> [UInt8]? {
        let rows = (count + recordsPerRow - 1) / recordsPerRow
        // A row ends with a line feed, the last one with the end of the text.
        guard text.utf8CodeUnitCount == count * recordSize + rows - 1, key.count <= recordSize else { return nil }
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let start = middle / recordsPerRow * (recordsPerRow * recordSize + 1) + middle % recordsPerRow * recordSize
            let record = bytes[start..<start + recordSize]
            if record.prefix(key.count).elementsEqual(key) { return Array(record) }
            if record.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
