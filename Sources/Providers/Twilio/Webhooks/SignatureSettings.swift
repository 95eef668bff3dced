/// `X-Twilio-Webhooks-Signature-Settings: key=…,algorithm=HMAC_SHA256`.
struct SignatureSettings: Sendable, Hashable {
    /// The id of the shared key; empty when there is none.
    var key = ""
    /// As written; `HMAC_SHA1` when it is absent or empty.
    var algorithm = SignatureAlgorithm.sha1.rawValue

    /// Reads the header; a missing one means SHA-1.
    init(_ header: String?) {
        guard let header else { return }
        for item in header.utf8.prefix(512).split(separator: UInt8(ascii: ",")) {
            let halves = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { continue }
            let value = Self.trimmed(halves[1])
            switch Self.trimmed(halves[0]) {
            case "key": key = value
            case "algorithm" where !value.isEmpty: algorithm = value
            default: break
            }
        }
    }

    private static func trimmed(_ bytes: Substring.UTF8View.SubSequence) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
