import Arguments

extension CommandTree {
    /// Menus of a configuration.
    static let menu = CommandSpec(
        "menu", "Walk through a menu of the configuration, or draw it. Calls nobody.",
        discussion: """
            Type keys, words where the menu listens to them, or nothing for silence; q ends. Where somebody is dialled, y \
            and n say whether the call is taken. What a search finds is not known without a running gateway.

              gateway menu main
              gateway menu main --locale de --at 2026-12-24T22:00:00Z
              gateway menu main -o mermaid > menu.mmd
            """,
        options: [
            configuration, .value("locale", "LOCALE", "The caller's language, such as de-CH."),
            .value("at", "TIME", "When it is, RFC 3339; now when absent."),
            .flag("unverified", "The caller is nobody who is told of boats."), output(["text", "mermaid"]),
        ],
        positionals: [PositionalSpec("NAME", .one, "A name under 'menus'.")])
}
