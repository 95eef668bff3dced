extension YAMLNode {
    /// Parses a text of one document (YAML 1.1 and 1.2 as far as libyaml goes).
    ///
    /// Refused beside faults of syntax: duplicate keys, keys that are not scalars, merge keys (`<<`), tags other than
    /// `!!str`, unknown aliases and those of a node inside itself, several documents, what is not UTF-8, and what
    /// exceeds the limits. A UTF-8 byte order mark is skipped.
    public static func parse(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode {
        let origin = YAMLMark(line: 1, column: 1)
        guard bytes.count <= limits.maxBytes else {
            let message = "the text has more than \(limits.maxBytes) bytes"
            throw YAMLError(code: "too_large", message: message, mark: origin)
        }
        return try bytes.withUnsafeBufferPointer { (buffer) throws(YAMLError) in
            let start = buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            guard let events = YAMLEvents(UnsafeBufferPointer(rebasing: buffer[start...])) else {
                throw YAMLError(code: "out_of_memory", message: "there is no memory", mark: origin)
            }
            var composer = YAMLComposer(events: events, limits: limits)
            return try composer.document()
        }
    }
}
