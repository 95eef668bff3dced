// An attempt's part in a call for several: how many share the call of the attempt, zero where it shares another's.

extension StateCodec {
    static func encode(_ sharing: CallSharing, _ out: inout ByteWriter) {
        let others: [AttemptReference]
        switch sharing {
        case .leads(let riders):
            out.byte(UInt8(clamping: riders.count))
            others = Array(riders.prefix(Int(UInt8.max)))
        case .rides(let leader):
            out.byte(0)
            others = [leader]
        }
        for other in others {
            out.bigEndian(other.delivery.rawValue)
            out.byte(UInt8(clamping: other.attempt))
        }
    }

    static func sharing(_ reader: inout ByteReader) throws(StoreError) -> CallSharing {
        let count = Int(try reader.byte())
        guard count > 0 else { return .rides(try reference(&reader)) }
        var riders: [AttemptReference] = []
        for _ in 0..<count { riders.append(try reference(&reader)) }
        return .leads(riders)
    }

    private static func reference(_ reader: inout ByteReader) throws(StoreError) -> AttemptReference {
        AttemptReference(delivery: try reader.recordID(), attempt: Int(try reader.byte()))
    }
}

extension ByteReader {
    mutating func recordID() throws(StoreError) -> RecordID {
        guard let id = RecordID(rawValue: try bigEndian()) else { throw Self.damaged }
        return id
    }
}
