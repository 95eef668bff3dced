import Crypto

/// Links that lead to files for a while: whoever has one needs no key. A link names the file and its own end, and a
/// code that only we can make; nothing of it is stored.
public struct MediaLinks: Sendable {
    private let origin: String
    private let key: HMACKey

    /// What a token says.
    public enum Reading: Sendable, Hashable {
        case valid(RecordID)
        /// It is ours, and over.
        case expired
        /// It is not ours.
        case forged
    }

    /// - Parameters:
    ///   - origin: of the public listener, without a trailing slash.
    ///   - secret: that of the installation; the links' own key is derived from it.
    public init(origin: String, secret: [UInt8]) {
        self.origin = origin
        // Its own key: a token of anything else that the secret signs is never one of these.
        key = HMACKey(.sha256, key: MessageCode.hmac(.sha256, key: secret, Array("media links".utf8)))
    }

    /// `https://…/media/TOKEN`, which leads to the file until then (whole seconds).
    public func url(of media: RecordID, until end: Timestamp) -> String {
        origin + "/media/" + token(of: media, until: end)
    }

    /// The file's 13 characters, the end in seconds of the Unix epoch, the HMAC-SHA256 of both in hexadecimal.
    public func token(of media: RecordID, until end: Timestamp) -> String {
        let name = media.digits + "-" + String(end.milliseconds / 1_000)
        return name + "-" + Hex.encode(key.code(Array(name.utf8)))
    }

    /// What a token says at a time.
    public func read(_ token: some StringProtocol, at now: Timestamp) -> Reading {
        let bytes = Array(token.utf8)
        guard bytes.count <= 120, let cut = bytes.lastIndex(of: UInt8(ascii: "-")) else { return .forged }
        let name = bytes[..<cut]
        guard constantTimeEquals(Array(Hex.encode(key.code(Array(name))).utf8), Array(bytes[(cut + 1)...])) else {
            return .forged
        }
        let parts = name.split(separator: UInt8(ascii: "-"))
        guard parts.count == 2, let media = RecordID(digits: parts[0]),
            let end = Int64(String(decoding: parts[1], as: UTF8.self))
        else { return .forged }
        return now.milliseconds / 1_000 < end ? .valid(media) : .expired
    }
}

extension AcknowledgementLinks {
    /// Links to files, of the same origin and installation.
    public var media: MediaLinks { MediaLinks(origin: origin, secret: key) }
}
