import Patterns

/// The section `media:`: which files that people send are taken.
public struct MediaSettings: Sendable, Hashable {
    /// The largest file in bytes.
    public var maxSize: Int64 = 16_000_000
    /// Media types that are taken, lower case; `*` stands for anything.
    public var types = MediaSettings.usualTypes
    /// How long a link leads to a file.
    public var linkLifetime = Duration.seconds(900)

    /// How long a file is kept from its announcement on; `nil` for good.
    public var keep: Duration?

    /// What holds without a key.
    public init() {}

    /// What people send each other.
    public static let usualTypes = [
        "image/*", "audio/*", "video/*", "application/pdf", "text/vcard", "text/x-vcard", "text/plain",
        "text/calendar",
    ]

    /// Whether a media type is taken. What a browser would run is never taken, whatever the list says.
    public func takes(_ type: String) -> Bool {
        !MediaTypes.isActive(type) && types.contains { Glob($0).matches(type) }
    }
}

/// What is known of media types and of how files begin.
public enum MediaTypes {
    /// The type of a `Content-Type`, lower case and without parameters (RFC 9110 §8.3.1); `nil` for none.
    public static func type(of field: String?) -> String? {
        guard let field else { return nil }
        let type = field.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        let parts = type.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isToken) }) else { return nil }
        return type
    }

    /// Bytes from the beginning that `isActive(start:)` looks at.
    public static let startLength = 1_024

    /// Whether a browser would run something of the type.
    public static func isActive(_ type: String) -> Bool {
        type.hasPrefix("text/html") || type.hasSuffix("+xml") || type.hasSuffix("/xml") || type.hasSuffix("javascript")
            || type.hasSuffix("ecmascript")
    }

    /// Whether a file begins like something that a browser or a system would run: markup, scripts, programs. What the
    /// sender calls it does not count.
    public static func isActive(start: some Collection<UInt8>) -> Bool {
        let start = Array(start.prefix(startLength))
        if programs.contains(where: { start.starts(with: $0) }) { return true }
        // UTF-16 of markup has a zero beside each byte; a byte order mark and blanks may come first.
        let text = start.filter { $0 != 0 }.drop { [0xEF, 0xBB, 0xBF, 0xFE, 0xFF].contains($0) || isBlank($0) }
        guard text.first == UInt8(ascii: "<") else { return text.starts(with: "#!".utf8) }
        let lower = String(decoding: text.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        return markup.contains { lower.hasPrefix($0) } || roots.contains { lower.contains($0) }
    }

    /// A name's ending that people and systems know for the type, with its dot; empty for an unknown one.
    public static func ending(of type: String) -> String { endings[type] ?? "" }

    /// ELF, DOS and Windows, Java, Mach-O in both orders.
    private static let programs: [[UInt8]] = [
        [0x7F, 0x45, 0x4C, 0x46], [0x4D, 0x5A], [0xCA, 0xFE, 0xBA, 0xBE], [0xFE, 0xED, 0xFA, 0xCE],
        [0xFE, 0xED, 0xFA, 0xCF], [0xCE, 0xFA, 0xED, 0xFE], [0xCF, 0xFA, 0xED, 0xFE],
    ]
    private static let markup = ["<!doctype", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<!--", "<?php"]
    /// What may stand behind a declaration or a comment.
    private static let roots = ["<html", "<svg", "<script", "<!doctype html"]
    private static let endings = [
        "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
        "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/amr": ".amr", "audio/mp4": ".m4a", "audio/aac": ".aac",
        "audio/wav": ".wav", "video/mp4": ".mp4", "video/3gpp": ".3gp", "video/quicktime": ".mov",
        "video/webm": ".webm", "application/pdf": ".pdf", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
        "text/plain": ".txt", "text/calendar": ".ics",
    ]

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// A character of a token (RFC 9110 §5.6.2), without the wildcard.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'+-.^_`|~".utf8.contains(byte)
        }
    }
}
