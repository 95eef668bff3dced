/// Look-up entries as one record: what a store appends to its log of them with each commit.
public enum LookUpCodec {
    /// The record of entries, in their order.
    public static func encode(_ records: [LookUpRecord]) -> [UInt8] {
        var out = ByteWriter()
        for record in records {
            out.byte(record.kind.rawValue)
            out.signed(record.id.rawValue)
            out.text(record.key)
        }
        return out.bytes
    }

    /// The entries of a record; throws `corrupt` for bytes that are none.
    public static func decode(_ bytes: [UInt8]) throws(StoreError) -> [LookUpRecord] {
        var reader = ByteReader(bytes)
        var records: [LookUpRecord] = []
        while !reader.isAtEnd {
            let kind = try reader.raw(LookUpRecord.Kind.self)
            guard let id = RecordID(rawValue: try reader.signed()) else { throw ByteReader.damaged }
            records.append(LookUpRecord(kind, try reader.text(), id))
        }
        return records
    }
}
