import YAML

/// Reads `media:`.
struct MediaSection {
    let session: ReadingSession

    /// The largest `max_size`.
    static let largestSize: Int64 = 1_000_000_000

    func read(_ node: YAMLNode?) -> MediaSettings {
        var settings = MediaSettings()
        guard let node, let section = SectionReader(session, node, section: "media", title: "'media'") else {
            return settings
        }
        let size = section.value("max_size", "a size from 1kB to 1GB, such as 16MB or 20 MiB") { text in
            Self.size(text).flatMap { (1_000...Self.largestSize).contains($0) ? $0 : nil }
        }
        settings.maxSize = size ?? settings.maxSize
        if let list = section.node("types") { settings.types = types(list) }
        let lifetime = section.duration("link_lifetime", in: .seconds(60) ... .seconds(7 * 86_400))
        settings.linkLifetime = lifetime ?? settings.linkLifetime
        settings.keep = section.duration("keep", in: .seconds(3_600) ... .seconds(3_650 * 86_400))
        section.finish()
        return settings
    }

    /// A size in the units of people who sell plans for data, or in those of memory.
    private static func size(_ text: String) -> Int64? {
        let units: [(word: String, bytes: Int64)] = [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)]
        guard let unit = units.first(where: { text.hasSuffix($0.word) }) else { return ScalarText.size(text) }
        let number = text.dropLast(2)
        let count = ScalarText.integer(number.hasSuffix(" ") ? number.dropLast() : number)
        return count.map { Int64($0) * unit.bytes }
    }

    private func types(_ node: YAMLNode) -> [String] {
        let items = session.list(node, for: "'types'")
        if items.isEmpty {
            session.error("missing_value", "'types' is empty; name at least one, such as image/*", at: node.mark)
        }
        if items.count > 50 {
            session.error("out_of_range", "'types' has more than 50 entries; remove some", at: items[50].mark)
        }
        var types: [String] = []
        for item in items.prefix(50) {
            guard let scalar = session.scalar(item, for: "'types'") else { continue }
            let type = scalar.text.lowercased()
            let parts = type.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), type.utf8.allSatisfy(Self.isPattern) else {
                session.error(
                    "invalid_value", "\(scalar.shown) is no media type; write one such as image/* or application/pdf",
                    at: scalar.mark)
                continue
            }
            types.append(type)
        }
        return types
    }

    private static func isPattern(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "*?/.+-_".utf8.contains(byte)
    }
}
