import YAML

/// Reads `opt_out:`.
struct OptOutSection {
    let session: ReadingSession

    func read(_ node: YAMLNode?) -> OptOutSettings {
        var settings = OptOutSettings()
        guard let node, let section = SectionReader(session, node, section: "opt_out", title: "'opt_out'")
        else { return settings }
        settings.scope = section.word("scope", OptOutSettings.Scope.self) ?? .sender
        settings.stop = section.reference("stop", to: .template)
        settings.start = section.reference("start", to: .template)
        settings.help = section.reference("help", to: .template)
        section.finish()
        return settings
    }
}
