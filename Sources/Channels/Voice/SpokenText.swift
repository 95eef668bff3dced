import Gateway

/// What is spoken of a content.
enum SpokenText {
    /// Characters of one utterance.
    static let maxCharacters = 3_000

    /// The spoken text, else the text; links are not spoken.
    static func of(_ content: StepContent) -> String { withoutLinks(content.spoken ?? content.text) }

    /// One line without control characters and links.
    static func withoutLinks(_ text: String) -> String {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy(isControl) }
        let spoken = words.filter { word in
            let lower = word.prefix(12).lowercased()
            return !lower.contains("https://") && !lower.contains("http://")
        }
        return String(spoken.joined(separator: " ").prefix(maxCharacters))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}
