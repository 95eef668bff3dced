/// The languages of `<Say>` and `<Gather>` for BCP 47 tags.
enum SpokenLanguage {
    /// Tags that Twilio speaks; the first one of a language serves its other regions.
    private static let tags = [
        "en-US", "en-GB", "en-AU", "en-IN", "de-DE", "fr-FR", "fr-CA", "it-IT", "es-ES", "es-MX", "pt-PT", "pt-BR",
        "nl-NL", "el-GR", "da-DK", "sv-SE", "nb-NO", "fi-FI", "pl-PL", "ru-RU", "tr-TR", "ca-ES", "ja-JP", "ko-KR",
        "cmn-CN", "ar-XA",
    ]

    /// The nearest tag; English for a language that is not spoken.
    static func tag(_ language: String) -> String {
        let wanted = language.lowercased()
        if let exact = tags.first(where: { $0.lowercased() == wanted }) { return exact }
        var primary = wanted.prefix { $0 != "-" && $0 != "_" }
        if primary == "no" { primary = "nb" }
        if primary == "zh" { primary = "cmn" }
        return tags.first { $0.lowercased().hasPrefix(primary + "-") } ?? "en-US"
    }
}
