import RESP
import YAML

/// Reads `gateway.redis:`.
struct RedisSection {
    let session: ReadingSession

    func read(_ node: YAMLNode) -> RedisSettings? {
        guard let section = SectionReader(session, node, section: "redis", title: "'redis'") else { return nil }
        let secret = session.secret("url", of: section)
        if secret == nil { section.missing("url") }
        let url = secret.flatMap { secret in secret.isFaulty ? nil : RedisURL(secret.value) }
        if let secret, !secret.isFaulty, url == nil {
            session.error(
                "invalid_value",
                "'url' of 'redis' is none; write redis://USER:PASSWORD@HOST:6379/0, or rediss:// for TLS",
                at: secret.mark)
        }
        var settings = RedisSettings(url: secret?.value ?? "", stream: stream(section) ?? "gateway:events")
        settings.maxLength = section.integer("max_length", in: 1_000...100_000_000)
        if let types = section.node("types") { settings.types = self.types(types) }
        settings.from = section.word("from", RedisSettings.Beginning.self) ?? .now
        settings.caFile = section.text("ca_file")
        if settings.caFile != nil, url?.isTLS == false { section.idle("ca_file", "the URL has no TLS") }
        section.finish()
        return url == nil ? nil : settings
    }

    /// Any key of Redis that is easily typed.
    private func stream(_ section: SectionReader) -> String? {
        section.value("stream", "a key of up to 200 letters, digits, ':', '.', '_', '-', '{' and '}'") { text in
            let isKey = text.utf8.allSatisfy { byte in
                0x30...0x3A ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || "._-{}".utf8.contains(byte)
            }
            return isKey && 1...200 ~= text.utf8.count ? text : nil
        }
    }

    private func types(_ node: YAMLNode) -> [String] {
        let items = session.list(node, for: "'types'")
        if items.isEmpty {
            session.error("missing_value", "'types' is empty; name at least one, such as message.*", at: node.mark)
        }
        if items.count > 32 {
            session.error("out_of_range", "'types' has more than 32 entries; remove some", at: items[32].mark)
        }
        return items.prefix(32).compactMap { item in
            session.scalar(item, for: "'types'").flatMap { scalar in
                if 1...100 ~= scalar.text.utf8.count { return scalar.text }
                session.error(
                    "invalid_value", "\(scalar.shown) is no type; write a name or a glob such as message.*",
                    at: item.mark)
                return nil
            }
        }
    }
}
