import Templates
import YAML

/// A template per locale, compiled.
public struct LocalizedText: Sendable {
    /// The text of one locale.
    public struct Entry: Sendable {
        /// BCP 47 as written, such as `fr-CH`.
        public var locale: String
        /// The text, compiled.
        public var template: Template
        /// Where the file defines it.
        public var mark: YAMLMark
    }

    /// In the file's order, at least one, no locale twice.
    public var entries: [Entry]

    /// The entry for a locale, falling back fr-CH → fr → `fallback`; `nil` when none of them is there.
    public func entry(for locale: String, fallback: String) -> Entry? {
        for candidate in LocaleChain.candidates(locale, fallback: fallback) {
            if let entry = self[candidate] { return entry }
        }
        return nil
    }

    /// The entry of exactly this locale, compared without case.
    public subscript(locale: String) -> Entry? {
        let wanted = locale.lowercased()
        return entries.first { $0.locale.lowercased() == wanted }
    }
}

/// How locales fall back.
public enum LocaleChain {
    /// The locale, then without its last parts, then the same of the fallback: fr-CH, fr, en-GB, en. At most eight.
    public static func candidates(_ locale: String, fallback: String) -> [String] {
        var found: [String] = []
        for start in [locale, fallback] {
            var parts = start.split(separator: "-", maxSplits: 3)
            while !parts.isEmpty {
                found.append(parts.joined(separator: "-"))
                parts.removeLast()
            }
        }
        return found
    }
}
