/// What WhatsApp takes.
enum TemplateText {
    /// A free text without control characters, but for line breaks.
    static func text(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\n" { continue }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// A template's variable: no line break, no tab, no run of blanks (Meta refuses them).
    static func variable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var blankIsDue = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                blankIsDue = !scalars.isEmpty
                continue
            }
            if scalar.properties.generalCategory == .control { continue }
            if blankIsDue { scalars.append(" ") }
            blankIsDue = false
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
