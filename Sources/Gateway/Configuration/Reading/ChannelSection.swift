import PhoneNumbers
import YAML

/// Reads `channels:`.
struct ChannelSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> Definitions<ChannelSettings> {
        guard let node else { return Definitions() }
        return Definitions(session.definitions(node, for: "'channels'").compactMap(channel))
    }

    private func channel(_ entry: (name: String, mark: YAMLMark, node: YAMLNode)) -> ChannelSettings? {
        let title = "channel '\(entry.name)'"
        guard let section = SectionReader(session, entry.node, section: "channel", title: title) else { return nil }
        let adapter = section.requiredText("adapter")
        let kind = ChannelKind(rawValue: adapter?.text ?? entry.name)
        let known = session.catalogue.channel(kind)
        if known == nil, let adapter {
            session.error(
                "unknown_adapter",
                "this program has no channel adapter \(adapter.shown)"
                    + ReadingSession.advice(adapter.text, among: session.catalogue.channels.map(\.kind.rawValue)),
                at: adapter.mark)
        }
        let sender = sender(section, known)
        let provider = provider(section)
        let type = sender?.type ?? ""
        let usual = known?.capabilities.rates.first { $0.type == type } ?? known?.capabilities.rates.first
        let settings = ChannelSettings(
            name: entry.name, kind: kind, provider: provider ?? "", sender: sender,
            rate: section.rate("rate") ?? usual?.perSecond ?? 1,
            concurrency: section.integer("concurrency", in: 1...100_000),
            requiresConsent: section.word("consent", Consent.self) == .required, mark: entry.mark)
        section.finish()
        if let known, !known.capabilities.reachesPeople { refuseForeignKeys(section, known.kind) }
        return settings
    }

    /// Nothing is sent over such a channel, so it has no sender, no lane and no recipients.
    private func refuseForeignKeys(_ section: SectionReader, _ kind: ChannelKind) {
        for key in ["from", "rate", "concurrency", "consent"] where section.has(key) {
            session.error(
                "not_on_channel", "'\(key)' says nothing on \(section.title) (\(kind.rawValue)); remove it",
                at: section.mark(of: key))
        }
    }

    private enum Consent: String, CaseIterable { case required, assumed }

    private func provider(_ section: SectionReader) -> String? {
        guard let scalar = section.requiredText("provider") else { return nil }
        if session.catalogue.provider(scalar.text)?.isBuiltIn != true {
            session.refer(to: .provider, scalar.text, at: scalar.mark)
        }
        return scalar.text
    }

    // MARK: Senders

    private func sender(_ section: SectionReader, _ known: AdapterCatalogue.ChannelEntry?) -> SenderSettings? {
        guard let node = section.node("from") else {
            if known?.needsSender == true { section.missing("from") }
            return nil
        }
        let types = known?.capabilities.rates.map(\.type) ?? []
        guard case .mapping = node.kind else {
            guard let scalar = section.requiredText("from") else { return nil }
            return address(scalar, type: nil, types: types)
        }
        guard let inner = SectionReader(session, node, section: "sender", title: "'from' of \(section.title)") else {
            return nil
        }
        let number = inner.requiredText("number")
        let type = inner.scalar("type")
        inner.finish()
        if let type, known != nil, !types.contains(type.text) {
            session.error(
                "unknown_word",
                "\(type.shown) is no type of sender here\(ReadingSession.advice(type.text, among: types))",
                at: type.mark)
        }
        return number.flatMap { address($0, type: type?.text, types: types) }
    }

    /// A number in its one form; a short code, a name or a messaging service as written.
    private func address(_ scalar: Scalar, type: String?, types: [String]) -> SenderSettings? {
        let fallback = type ?? types.first ?? "long_code"
        if let number = try? E164(parsing: scalar.text) { return SenderSettings(address: number.text, type: fallback) }
        let bytes = Array(scalar.text.utf8)
        let areDigits = bytes.allSatisfy { (48...57).contains($0) }
        if areDigits, (3...8).contains(bytes.count) {
            return SenderSettings(
                address: scalar.text, type: type ?? (types.contains("short_code") ? "short_code" : fallback))
        }
        let isService = bytes.count == 34 && scalar.text.hasPrefix("MG") && bytes.dropFirst(2).allSatisfy(Self.isHex)
        if isService || Self.isAlphanumericSender(bytes) { return SenderSettings(address: scalar.text, type: fallback) }
        session.error(
            "invalid_sender",
            "\(scalar.shown) is no sender; write a number such as \"+41791234567\", a short code, or a name of at most 11 "
                + "letters and digits", at: scalar.mark)
        return nil
    }

    private static func isHex(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte | 0x20) }

    /// 1...11 letters, digits and blanks, with at least one letter (twilio.com, alphanumeric sender ids).
    private static func isAlphanumericSender(_ bytes: [UInt8]) -> Bool {
        let isLetter = { (byte: UInt8) in (97...122).contains(byte | 0x20) }
        return (1...11).contains(bytes.count) && bytes.contains(where: isLetter)
            && bytes.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == 32 }
    }
}
