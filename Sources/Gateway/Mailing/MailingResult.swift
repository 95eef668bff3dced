/// Why a recipient of a mailing got nothing.
public struct MailingRejection: Sendable, Hashable {
    /// Stable, snake_case, as `code` of a problem.
    public var code: String
    /// For a person.
    public var detail: String
    /// JSON pointer (RFC 6901) into the request; empty where no place is at fault.
    public var pointer: String

    /// A refusal of a recipient.
    public init(code: String, detail: String, pointer: String = "") {
        self.code = code
        self.detail = detail
        self.pointer = pointer
    }
}

/// What became of one recipient of a mailing.
public enum MailingResult: Sendable, Hashable {
    /// A message is on its way.
    case accepted(RecordID)
    /// Nothing is sent; where a rule said so, the message is stored all the same.
    case rejected(MailingRejection, message: RecordID?)

    /// The message that came of it.
    public var message: RecordID? {
        switch self {
        case .accepted(let message): message
        case .rejected(_, let message): message
        }
    }

    private static let version: UInt8 = 1
    private static let acceptedTag: UInt8 = 0
    private static let rejectedTag: UInt8 = 1

    /// `mailing_outcome.body`.
    public static func encode(_ results: [MailingResult]) -> [UInt8] {
        var out = ByteWriter()
        out.byte(version)
        for result in results {
            switch result {
            case .accepted(let message):
                out.byte(acceptedTag)
                out.signed(message.rawValue)
            case .rejected(let rejection, let message):
                out.byte(rejectedTag)
                out.signed(message?.rawValue ?? 0)
                out.text(rejection.code)
                out.text(rejection.detail)
                out.text(rejection.pointer)
            }
        }
        return out.bytes
    }

    /// Reads `mailing_outcome.body`; throws `corrupt` for bytes that are none.
    public static func decode(_ bytes: [UInt8]) throws(StoreError) -> [MailingResult] {
        var reader = ByteReader(bytes)
        guard try reader.byte() == version else { throw ByteReader.damaged }
        var results: [MailingResult] = []
        while !reader.isAtEnd {
            let tag = try reader.byte()
            let message = RecordID(rawValue: try reader.signed())
            switch (tag, message) {
            case (acceptedTag, let message?): results.append(.accepted(message))
            case (rejectedTag, _):
                let rejection = MailingRejection(
                    code: try reader.text(), detail: try reader.text(), pointer: try reader.text())
                results.append(.rejected(rejection, message: message))
            default: throw ByteReader.damaged
            }
        }
        return results
    }
}
