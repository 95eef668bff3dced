/// What a handset can show.
enum MessageText {
    /// Without control characters, but for line breaks; CR LF becomes LF, which counts once.
    static func cleaned(_ text: String) -> String {
        // Almost every text is printable ASCII; the categories of scalars cost a table look-up each.
        if isPlain(text) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\n" { continue }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// Whether all bytes are printable ASCII or line feeds.
    private static func isPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for byte in bytes where byte &- 0x20 > 0x5E && byte != 0x0A { return false }
            return true
        }
    }
}
