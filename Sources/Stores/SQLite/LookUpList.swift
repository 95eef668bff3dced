import Gateway

/// Look-up entries that the index does not have yet, in memory.
///
/// A dictionary would cost every message more than the few searches of so short a list do.
struct LookUpList: Sendable {
    private(set) var records: [LookUpRecord] = []
    /// A hash of each entry, so that a search compares integers. It need not resist anybody: at worst keys are compared.
    private var tags: [UInt32] = []
    /// A bit for the lowest bits of each tag, so that hardly any search for what is not here looks at the tags: 32 KiB.
    private var known: [UInt64] = []
    private static let bits: UInt32 = 1 << 18

    var count: Int { records.count }

    mutating func append(_ added: [LookUpRecord]) {
        records += added
        if known.isEmpty, !added.isEmpty { known = Array(repeating: 0, count: Int(Self.bits / 64)) }
        for record in added {
            let tag = Self.tag(record.kind, record.key)
            tags.append(tag)
            known[Int(tag % Self.bits / 64)] |= 1 << UInt64(tag % 64)
        }
    }

    /// The identifiers of a key, in no order.
    func ids(_ kind: LookUpRecord.Kind, _ key: String) -> [RecordID] {
        let tag = Self.tag(kind, key)
        guard !known.isEmpty, known[Int(tag % Self.bits / 64)] >> UInt64(tag % 64) & 1 == 1 else { return [] }
        var ids: [RecordID] = []
        for index in tags.indices where tags[index] == tag {
            let record = records[index]
            // By their bytes, as the index compares them.
            if record.kind == kind, record.key.utf8.elementsEqual(key.utf8) { ids.append(record.id) }
        }
        return ids
    }

    /// FNV-1a.
    private static func tag(_ kind: LookUpRecord.Kind, _ key: String) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in key.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return (hash ^ UInt32(kind.rawValue)) &* 16_777_619
    }
}
