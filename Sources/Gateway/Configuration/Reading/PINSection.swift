import YAML

/// Reads `pin:`.
struct PINSection {
    let session: ReadingSession

    private static let span = Duration.seconds(60) ... .seconds(86_400)

    func read(_ node: YAMLNode?) -> PINSettings? {
        guard let node, let section = SectionReader(session, node, section: "pin", title: "'pin'") else { return nil }
        let ask = section.requiredText("ask")
        if let ask { session.refer(to: .template, ask.text, at: ask.mark) }
        var settings = PINSettings(ask: ask?.text ?? "")
        settings.wrong = section.reference("wrong", to: .template)
        settings.locked = section.reference("locked", to: .template)
        settings.missing = section.reference("missing", to: .template)
        settings.lasts = section.duration("lasts", in: Self.span) ?? settings.lasts
        settings.within = section.duration("within", in: Self.span) ?? settings.within
        settings.tries = section.integer("tries", in: 1...20) ?? settings.tries
        settings.lockout = section.duration("lockout", in: Self.span) ?? settings.lockout
        section.finish()
        return settings
    }
}
