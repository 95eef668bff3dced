import YAML

/// Reads `documents:` of `gateway:`.
struct DocumentIndexSection {
    let session: ReadingSession

    private enum Index: String, CaseIterable { case embedded, meilisearch }

    /// `nil` for the store's own index.
    func read(_ node: YAMLNode) -> MeilisearchSettings? {
        guard let section = SectionReader(session, node, section: "documents", title: "'documents'") else { return nil }
        let index = section.word("index", Index.self)
        if !section.has("index") { section.missing("index") }
        guard index == .meilisearch else {
            for key in ["url", "key", "key_file", "index_name", "within"] {
                section.idle(key, "the embedded index is a part of the store")
            }
            section.finish()
            return nil
        }
        let key = session.secret("key", of: section)?.value ?? ""
        let address = section.requiredURL("url", such: "https://search.example.com")
        if let (url, mark) = address, !key.isEmpty, !url.isSecure, !url.isLoopback {
            session.error("insecure_api", "the key of 'documents' would go over plain HTTP; use https", at: mark)
        }
        let name = section.value("index_name", "a name of letters, digits, '_' and '-'", Self.name) ?? "documents"
        let within = section.duration("within", in: .milliseconds(100) ... .seconds(10)) ?? .seconds(2)
        section.finish()
        return address.map { MeilisearchSettings(url: $0.url.text, key: key, index: name, within: within) }
    }

    /// What the server takes (https://www.meilisearch.com/docs/reference/errors/error_codes, `invalid_index_uid`).
    private static func name(_ text: String) -> String? {
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isName && (1...400).contains(text.utf8.count) ? text : nil
    }
}
