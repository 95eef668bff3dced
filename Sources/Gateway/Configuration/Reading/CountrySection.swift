import YAML

/// Reads `countries:`.
struct CountrySection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> CountrySettings {
        var settings = CountrySettings(allowed: [], receipts: ReceiptTable(entries: []))
        guard let node, let section = SectionReader(session, node, section: "countries", title: "'countries'") else {
            return settings
        }
        if let allow = section.requiredNode("allow") { settings.allowed = countries(allow, of: "allow") }
        let permitted = section.node("sanctioned").map { countries($0, of: "sanctioned") } ?? []
        refuseSanctioned(&settings, but: permitted, section.mark(of: "allow"))
        if let receipts = section.node("receipts") { settings.receipts = table(receipts) }
        section.finish()
        return settings
    }

    /// Who wants to write to a country under sanctions says so twice.
    private func refuseSanctioned(_ settings: inout CountrySettings, but permitted: [String], _ mark: YAMLMark) {
        let refused = settings.allowed.filter { CountryTable.isSanctioned($0) && !permitted.contains($0) }
        guard !refused.isEmpty else { return }
        settings.sanctioned = refused
        settings.allowed.removeAll(where: refused.contains)
        session.warning(
            "sanctioned_country",
            "sanctions restrict the access to \(refused.joined(separator: ", ")), so numbers there are refused; name them "
                + "under 'sanctioned' too if you may write to them, else remove them", at: mark)
    }

    private func countries(_ node: YAMLNode, of key: String) -> [String] {
        var found: [String] = []
        let items = session.list(node, for: "'\(key)'")
        for item in items {
            guard let code = session.country(item, for: "'\(key)'") else { continue }
            if found.contains(code) {
                session.error("duplicate_value", "'\(code)' is listed twice; keep one", at: item.mark)
            } else {
                found.append(code)
            }
        }
        if items.isEmpty {
            session.error("missing_value", "'\(key)' lists no country; name at least one, such as CH", at: node.mark)
        }
        return found
    }

    private func table(_ node: YAMLNode) -> ReceiptTable {
        var entries: [ReceiptTable.Entry] = []
        for channel in session.definitions(node, for: "'receipts'") {
            session.refer(to: .channel, channel.name, at: channel.mark)
            for line in session.entries(channel.node, for: "'receipts' of '\(channel.name)'") {
                guard let quality = session.word(line.node, ReceiptQuality.self, for: "receipts") else { continue }
                guard line.name == "*" || ScalarText.isCountry(line.name) else {
                    session.notCountry("'\(line.name.prefix(60))'", at: line.mark)
                    continue
                }
                entries.append(ReceiptTable.Entry(channel: channel.name, country: line.name, quality: quality))
            }
        }
        return ReceiptTable(entries: entries)
    }
}

extension ReadingSession {
    /// An ISO 3166 alpha-2 code in capital letters.
    func country(_ node: YAMLNode, for what: String) -> String? {
        guard let scalar = scalar(node, for: what) else { return nil }
        if ScalarText.isCountry(scalar.text) { return scalar.text }
        notCountry(scalar.shown, at: scalar.mark)
        return nil
    }

    func notCountry(_ shown: String, at mark: YAMLMark) {
        error("invalid_country", "\(shown) is no country; write two capital letters such as CH", at: mark)
    }
}
