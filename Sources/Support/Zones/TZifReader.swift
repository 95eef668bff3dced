/// Reads TZif files of the versions 1 to 4 (RFC 9636 §3).
struct TZifReader {
    private struct Header {
        let version: UInt8
        let isutCount, isstdCount, leapCount, timeCount, typeCount, charCount: Int

        func length(timeSize: Int) -> Int {
            timeCount * timeSize + timeCount + typeCount * 6 + charCount + leapCount * (timeSize + 4) + isstdCount
                + isutCount
        }
    }

    private var bytes: ArraySlice<UInt8>

    /// The rules in a file; nil if it is damaged.
    static func rules(in bytes: [UInt8]) -> ZoneRules? {
        var reader = TZifReader(bytes: bytes[...])
        return reader.read()
    }

    private mutating func read() -> ZoneRules? {
        guard let first = header() else { return nil }
        guard first.version > 0 else { return block(first, timeSize: 4, rule: nil) }
        // Later versions repeat the data with 64-bit times after a block that only old readers want.
        guard take(first.length(timeSize: 4)) != nil, let second = header() else { return nil }
        let blockBytes = bytes
        guard take(second.length(timeSize: 8)) != nil, let footer = footer() else { return nil }
        var rule: PosixZone?
        if !footer.isEmpty {
            rule = PosixZone(parsing: footer)
            if rule == nil { return nil }
        }
        bytes = blockBytes
        return block(second, timeSize: 8, rule: rule)
    }

    private mutating func header() -> Header? {
        guard let head = take(44), head.prefix(4).elementsEqual("TZif".utf8) else { return nil }
        let version = head[head.startIndex + 4]
        var counts: [Int] = []
        for index in 0..<6 { counts.append(Int(TZifReader.integer(head.dropFirst(20 + index * 4).prefix(4)))) }
        // No real zone comes near; the limit keeps all sums small.
        guard counts.allSatisfy({ (0...100_000).contains($0) }), (1...256).contains(counts[4]) else { return nil }
        return Header(
            version: version == 0 ? 0 : 2, isutCount: counts[0], isstdCount: counts[1], leapCount: counts[2],
            timeCount: counts[3], typeCount: counts[4], charCount: counts[5])
    }

    private mutating func block(_ header: Header, timeSize: Int, rule: PosixZone?) -> ZoneRules? {
        guard let times = take(header.timeCount * timeSize), let indexes = take(header.timeCount),
            let types = take(header.typeCount * 6), let characters = take(header.charCount),
            indexes.allSatisfy({ Int($0) < header.typeCount })
        else { return nil }
        let changes = (0..<header.timeCount).map {
            TZifReader.integer(times.dropFirst($0 * timeSize).prefix(timeSize))
        }
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        var kinds: [ZoneRules.Kind] = []
        for index in 0..<header.typeCount {
            let record = Array(types.dropFirst(index * 6).prefix(6))
            let offset = Int(TZifReader.integer(record[0..<4]))
            let name = characters.dropFirst(Int(record[5])).prefix { $0 != 0 }
            // RFC 9636 §3.2 wants offsets from -25 to 26 hours.
            guard (-90_000...93_600).contains(offset), Int(record[5]) < characters.count else { return nil }
            let text = String(decoding: name.prefix(16), as: UTF8.self)
            kinds.append(ZoneRules.Kind(offset: offset, isDaylight: record[4] != 0, abbreviation: text))
        }
        return ZoneRules(changes: changes, kindAfterChange: Array(indexes), kinds: kinds, rule: rule)
    }

    /// The text between the two line feeds at the end.
    private mutating func footer() -> [UInt8]? {
        guard bytes.first == 0x0A else { return nil }
        let text = bytes.dropFirst().prefix { $0 != 0x0A }
        guard text.endIndex < bytes.endIndex, text.count <= 128 else { return nil }
        return Array(text)
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    /// A signed big-endian integer of four or eight bytes.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
        var value: UInt64 = bytes.first.map { $0 & 0x80 != 0 } == true ? .max : 0
        for byte in bytes { value = value << 8 | UInt64(byte) }
        return Int64(bitPattern: value)
    }
}
