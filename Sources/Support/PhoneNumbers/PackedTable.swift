/// Records of equal size in a literal, which compiles fast and costs nothing at start.
struct PackedTable: Sendable {
    let recordSize: Int
    let recordsPerRow: Int
    let count: Int
    let text: StaticString

    /// The records in their order; none if the literal has another size than it says.
    var records: [[UInt8]] {
        let rows = (count + recordsPerRow - 1) / recordsPerRow
        // A row ends with a line feed, the last one with the end of the text.
        guard text.utf8CodeUnitCount == count * recordSize + rows - 1 else { return [] }
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return (0..<count).map { index in
            let row = index / recordsPerRow * (recordsPerRow * recordSize + 1)
            let start = row + index % recordsPerRow * recordSize
            return Array(bytes[start..<start + recordSize])
        }
    }
}
