import JSON

/// What all messages of a mailing share.
public struct MailingHead: Sendable, Hashable {
    /// The message; `to` and what a recipient says of its own replace or join what stands here.
    public var envelope: Envelope
    /// How many recipients were handed in.
    public var recipients: Int
    /// How many of them a part holds; the last one may hold fewer.
    public var partSize: Int
    /// The id of the API key that pays.
    public var key: String

    /// What recipients of a mailing share, under the key that handed it in.
    public init(envelope: Envelope, recipients: Int, partSize: Int, key: String) {
        self.envelope = envelope
        self.recipients = recipients
        self.partSize = partSize
        self.key = key
    }

    /// How many recipients a part holds: few enough that their turn delays nobody.
    public static let usualPartSize = 100

    /// Stands for the recipient in a shared envelope.
    public static let nobody = Recipient.number("everybody")

    /// `mailing.body`: JSON, as `message.body` is.
    public var encoded: [UInt8] {
        var out = JSONWriter(capacity: 512)
        out.beginObject()
        out.member("recipients", recipients)
        out.member("part_size", partSize)
        out.member("key", key)
        out.member("envelope", String(decoding: JobCodec.message(envelope), as: UTF8.self))
        out.endObject()
        return out.bytes
    }

    /// Reads `mailing.body`.
    public init(_ bytes: [UInt8]) throws(StoreError) {
        guard let value = try? JSONValue(parsing: bytes), let envelope = value["envelope"]?.string,
            let recipients = value["recipients"]?.int, let partSize = value["part_size"]?.int, partSize > 0,
            let key = value["key"]?.string
        else { throw ByteReader.damaged }
        self.init(
            envelope: try JobCodec.envelope(Array(envelope.utf8)), recipients: Int(clamping: recipients),
            partSize: Int(clamping: partSize), key: key)
    }
}
