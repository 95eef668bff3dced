/// Text that came from elsewhere, made fit for a terminal.
enum PlainText {
    /// Control characters, which could move the cursor, recolour or retype what is shown, become U+FFFD; so do the marks
    /// that turn the direction of writing. Line feeds and tabs become blanks.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnfit) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\t", "\r": clean.append(" ")
            case _ where isUnfit(scalar): clean.append("\u{FFFD}")
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }

    /// As `line`, with its lines kept apart.
    static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { line(String($0)) }
    }

    /// Whether a terminal would act upon a character instead of showing it, or would show others in another order.
    static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The text with blanks behind it, at least so many characters wide.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
