/// What a handset can show.
enum MessageText {
    /// Without control characters, but for line breaks; CR LF becomes LF, which counts once.
    static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\n" { continue }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
