import YAML

extension ReadingSession {
    /// A value that may come from a file.
    struct Secret {
        var value: String
        var mark: YAMLMark
        /// `nil` when it comes from a file.
        var origin: VariableExpansion.Origin?
        /// Its file could not be read; that is reported.
        var isFaulty = false
    }

    /// Reads `KEY`, or the contents of the file that `KEY_file` names without the line end; `nil` when both are absent.
    func secret(_ key: String, of section: SectionReader) -> Secret? {
        let fileKey = key + "_file"
        let inline = section.scalar(key)
        guard let path = section.scalar(fileKey), !path.text.isEmpty else {
            return inline.map { Secret(value: $0.text, mark: $0.mark, origin: $0.origin) }
        }
        if let inline, !inline.text.isEmpty {
            error(
                "two_values", "'\(key)' and '\(fileKey)' of \(section.title) both have a value; keep one",
                at: inline.mark)
        }
        guard let value = contents(path, for: fileKey), !value.isEmpty else {
            return Secret(value: "", mark: path.mark, isFaulty: true)
        }
        return Secret(value: value, mark: path.mark)
    }

    private func contents(_ path: Scalar, for key: String) -> String? {
        guard let bytes = try? readFile(path.text) else {
            error("unreadable_file", "the file of '\(key)' cannot be read; check its path and rights", at: path.mark)
            return nil
        }
        var text = Substring(String(decoding: bytes.prefix(65_536), as: UTF8.self))
        while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
        if text.isEmpty {
            error("missing_value", "the file of '\(key)' is empty; write the value into it", at: path.mark)
        }
        return String(text)
    }
}
