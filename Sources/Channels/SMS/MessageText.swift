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
            let raw = UnsafeRawBufferPointer(bytes)
            var index = 0
            while index < raw.count {
                // Eight bytes at a time: one below 0x20 borrows into its high bit, 0x7F carries into it, others have it.
                // A byte that only its neighbour's borrow or carry reaches is looked at by itself.
                if index + 8 <= raw.count {
                    let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    let outside = (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word
                    if outside & 0x8080_8080_8080_8080 == 0 {
                        index += 8
                        continue
                    }
                }
                if raw[index] &- 0x20 > 0x5E && raw[index] != 0x0A { return false }
                index += 1
            }
            return true
        }
    }
}
