/// Appends integers and short strings to a record; numbers are LEB128 varints.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: bytes to expect, so that the array need not grow.
    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func bigEndian(_ value: Int64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> Int64(shift)))
        }
    }

    mutating func unsigned(_ value: UInt64) {
        if value < 0x80 { return bytes.append(UInt8(value)) }
        // Seven bits a byte: ten at most.
        bytes.append(addingCapacity: 10) { span in
            span.withUnsafeMutableBufferPointer { out, count in
                var rest = value
                while rest >= 0x80 {
                    out[count] = UInt8(truncatingIfNeeded: rest) | 0x80
                    count += 1
                    rest >>= 7
                }
                out[count] = UInt8(truncatingIfNeeded: rest)
                count += 1
            }
        }
    }

    /// Zigzag, so that small negative numbers stay short.
    mutating func signed(_ value: Int64) { unsigned(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func time(_ value: Timestamp?) {
        bool(value != nil)
        if let value { signed(value.milliseconds) }
    }

    mutating func text(_ value: String) {
        unsigned(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }
}

/// Reads what `ByteWriter` wrote; everything is checked, a damaged record is an error and never a trap.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(StoreError) -> UInt8 {
        guard position < bytes.count else { throw Self.damaged }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func bool() throws(StoreError) -> Bool { try byte() != 0 }

    mutating func bigEndian() throws(StoreError) -> Int64 {
        var value: Int64 = 0
        for _ in 0..<8 { value = value << 8 | Int64(try byte()) }
        return value
    }

    mutating func unsigned() throws(StoreError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
        }
        throw Self.damaged
    }

    mutating func signed() throws(StoreError) -> Int64 {
        let raw = try unsigned()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    /// A count or index that must lie in `range`.
    mutating func count(_ range: ClosedRange<Int>) throws(StoreError) -> Int {
        guard let value = Int(exactly: try unsigned()), range.contains(value) else { throw Self.damaged }
        return value
    }

    mutating func time() throws(StoreError) -> Timestamp? {
        try bool() ? Timestamp(milliseconds: try signed()) : nil
    }

    mutating func text() throws(StoreError) -> String {
        let length = try count(0...(bytes.count - position))
        guard length <= bytes.count - position else { throw Self.damaged }
        defer { position += length }
        return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }

    mutating func raw<Value: RawRepresentable>(_ type: Value.Type) throws(StoreError) -> Value
    where Value.RawValue == UInt8 {
        guard let value = Value(rawValue: try byte()) else { throw Self.damaged }
        return value
    }

    static var damaged: StoreError { StoreError(.corrupt, "a stored record cannot be read") }
}
