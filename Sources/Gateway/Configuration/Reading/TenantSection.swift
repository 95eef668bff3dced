import YAML

/// Reads `tenants:`.
struct TenantSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<TenantSettings> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'tenants'").compactMap(tenant))
    }

    private func tenant(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> TenantSettings? {
        let title = "tenant '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "tenant", title: title) else { return nil }
        let limits = section.limits()
        section.finish()
        if !section.has("rate"), !section.has("concurrency") {
            session.error(
                "missing_key", "\(title) has no limit; add 'rate' or 'concurrency', or remove it", at: entry.mark)
        }
        return TenantSettings(name: entry.name, limits: limits, mark: entry.mark)
    }
}

extension SectionReader {
    /// `rate` and `concurrency` of something that several senders share.
    func limits() -> LimitSettings {
        LimitSettings(rate: rate("rate"), concurrency: integer("concurrency", in: 1...100_000))
    }

    /// A rate such as `1/s`, a second.
    func rate(_ key: String) -> Double? { value(key, "a rate such as 1/s", ScalarText.rate) }
}
