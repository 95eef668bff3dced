import YAML

/// Reads `prices:`: item → direction → `per` and a price for each country, several codes in one key, or `*`.
struct PriceSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> PriceTable {
        guard let node else { return PriceTable(entries: []) }
        var entries: [PriceTable.Entry] = []
        for item in session.definitions(node, for: "'prices'") {
            let items = Self.items(session.catalogue) + session.channels.map(\.name)
            guard items.contains(item.name) else {
                session.error(
                    "unknown_item", "'\(item.name)' has no price\(ReadingSession.advice(item.name, among: items))",
                    at: item.mark)
                continue
            }
            for line in session.entries(item.node, for: "prices of '\(item.name)'") {
                guard let direction = PriceTable.Direction(rawValue: line.name) else {
                    let words = PriceTable.Direction.allCases.map(\.rawValue)
                    session.error(
                        "unknown_word",
                        "'\(line.name.prefix(60))' is no direction\(ReadingSession.advice(line.name, among: words))",
                        at: line.mark)
                    continue
                }
                entries += prices(line.node, item.name, direction)
            }
        }
        return PriceTable(entries: entries)
    }

    /// What can have a price, beside the channels by their names.
    static func items(_ catalogue: AdapterCatalogue) -> [String] {
        var items = catalogue.channels.map(\.kind.rawValue)
        for item in [
            "sms", "mms", "whatsapp", "voice", "video", "conference", "recording", "transcription", "number", "task",
        ]
        where !items.contains(item) {
            items.append(item)
        }
        return items
    }

    private func prices(_ node: YAMLNode, _ item: String, _ direction: PriceTable.Direction) -> [PriceTable.Entry] {
        let title = "prices '\(item)' '\(direction.rawValue)'"
        guard let section = SectionReader(session, node, section: "price", title: title) else { return [] }
        let unit = section.word("per", PriceTable.Unit.self)
        if !section.has("per") { section.missing("per") }
        var entries: [PriceTable.Entry] = []
        for line in section.unread {
            let countries = countries(line.name, at: line.mark)
            guard let price = session.money(line.node, for: "a price"), let unit else { continue }
            for country in countries {
                if entries.contains(where: { $0.country == country }) {
                    session.error("duplicate_value", "'\(country)' has two prices in \(title); keep one", at: line.mark)
                    continue
                }
                entries.append(
                    PriceTable.Entry(item: item, direction: direction, unit: unit, country: country, price: price))
            }
        }
        return entries
    }

    /// The codes of one key, `*` alone.
    private func countries(_ key: String, at mark: YAMLMark) -> [String] {
        if key == "*" { return ["*"] }
        return key.split(separator: " ").map(String.init).filter { code in
            if ScalarText.isCountry(code) { return true }
            session.notCountry("'\(code.prefix(60))'", at: mark)
            return false
        }
    }
}
