/// Reads values as their bytes arrive, cut anywhere.
public struct RESPParser: Sendable {
    /// Bytes of all values that have begun.
    public static let mostBytes = 1 << 20
    /// Arrays within arrays.
    public static let mostDepth = 8
    /// Bytes of a line without its end.
    static let mostLine = 64 << 10

    private var bytes: [UInt8] = []
    private var start = 0
    private var fault: RESPFault?

    /// A parser that has seen nothing.
    public init() {}

    /// Takes bytes as they came.
    public mutating func feed(_ more: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += more
    }

    /// Bytes that belong to no whole value yet.
    public var pending: Int { bytes.count - start }

    /// The next whole value; `nil` while there is none. After a fault nothing can be read any more.
    public mutating func next() throws(RESPFault) -> RESPValue? {
        if let fault { throw fault }
        do throws(RESPFault) {
            var cursor = start
            guard let value = try value(&cursor, depth: 0) else {
                guard bytes.count - start <= Self.mostBytes else { throw .tooLarge }
                return nil
            }
            start = cursor
            return value
        } catch {
            fault = error
            throw error
        }
    }

    private func value(_ cursor: inout Int, depth: Int) throws(RESPFault) -> RESPValue? {
        guard cursor < bytes.count else { return nil }
        let type = bytes[cursor]
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"): break
        default: throw .unknownType(type)
        }
        guard let line = try line(from: cursor + 1) else { return nil }
        cursor = line.upperBound + 2
        switch type {
        case UInt8(ascii: "+"): return .simple(String(decoding: bytes[line], as: UTF8.self))
        case UInt8(ascii: "-"): return .error(String(decoding: bytes[line], as: UTF8.self))
        case UInt8(ascii: ":"): return .integer(try number(line))
        case UInt8(ascii: "$"): return try bulk(try length(line), &cursor)
        default: return try array(try length(line), &cursor, depth)
        }
    }

    private func bulk(_ length: Int?, _ cursor: inout Int) throws(RESPFault) -> RESPValue? {
        guard let length else { return .null }
        guard bytes.count - cursor >= length + 2 else { return nil }
        let end = cursor + length
        guard bytes[end] == 0x0D, bytes[end + 1] == 0x0A else { throw .malformed }
        defer { cursor = end + 2 }
        return .bulk(Array(bytes[cursor..<end]))
    }

    private func array(_ count: Int?, _ cursor: inout Int, _ depth: Int) throws(RESPFault) -> RESPValue? {
        guard let count else { return .null }
        guard depth < Self.mostDepth else { throw .tooLarge }
        var values: [RESPValue] = []
        for _ in 0..<count {
            guard let value = try value(&cursor, depth: depth + 1) else { return nil }
            values.append(value)
        }
        return .array(values)
    }

    /// The range of a line without its end.
    private func line(from start: Int) throws(RESPFault) -> Range<Int>? {
        guard let end = bytes[start...].firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else {
            guard bytes.count - start <= Self.mostLine else { throw .tooLarge }
            return nil
        }
        guard end - start <= Self.mostLine else { throw .tooLarge }
        guard bytes[end] == 0x0D else { throw .malformed }
        guard end + 1 < bytes.count else { return nil }
        guard bytes[end + 1] == 0x0A else { throw .malformed }
        return start..<end
    }

    private func number(_ line: Range<Int>) throws(RESPFault) -> Int64 {
        guard let number = Int64(String(decoding: bytes[line], as: UTF8.self)) else { throw .malformed }
        return number
    }

    /// `nil` for -1.
    private func length(_ line: Range<Int>) throws(RESPFault) -> Int? {
        let number = try number(line)
        guard number != -1 else { return nil }
        guard number >= 0 else { throw .malformed }
        guard number <= Self.mostBytes else { throw .tooLarge }
        return Int(number)
    }
}
