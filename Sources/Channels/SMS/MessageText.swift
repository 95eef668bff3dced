/// What a handset can show.
enum MessageText {
    /// Without control characters, but for line breaks; CR LF becomes LF, which counts once.
    static func cleaned(_ text: String) -> String {
        // Almost every text is printable ASCII; the categories of scalars cost a table look-up each.
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A }) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\n" { continue }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
