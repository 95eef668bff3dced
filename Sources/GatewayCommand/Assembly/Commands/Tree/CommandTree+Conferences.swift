import Arguments

extension CommandTree {
    /// Conferences of the telephone.
    static let conferences = CommandSpec(
        "conferences", "Call people into conferences, and show who is in them.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List conferences, the newest first.",
                options: [
                    .value(
                        "state", "STATE", "open, all, waiting, running or ended.", default: "open",
                        choices: ["open", "all", "waiting", "running", "ended"]),
                    .value("boat", "ID", "Those about this boat alone."),
                    .value("name", "NAME", "Those of this name alone."),
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this one, as the last list said."),
                    output(["text", "json"]),
                ]),
            CommandSpec(
                "show", "Show who is in a conference, or was.", options: [output(["text", "json"])],
                positionals: [conferenceName]),
            CommandSpec(
                "invite", "Call somebody into a conference, which comes into being with the first one.",
                options: [
                    .value("label", "LABEL", "What the participant is called."),
                    .value(
                        "role", "ROLE", "host, speaker, listener or coach.", default: "speaker",
                        choices: ["host", "speaker", "listener", "coach"]),
                    .value("coach", "LABEL", "Who alone hears a coach."),
                    .value("boat", "ID", "The boat that it is about."),
                    .flag("record", "Record it from its beginning."), output(["text", "json"]),
                ],
                positionals: [
                    conferenceName, PositionalSpec("TO", .one, "A phone number, or contact:ID."),
                ]),
            CommandSpec(
                "mute", "Let somebody not be heard.",
                options: [.flag("off", "Let them be heard again."), output(["text", "json"])], positionals: seat),
            CommandSpec(
                "hold", "Let somebody wait with music.",
                options: [.flag("off", "Let them in again."), output(["text", "json"])], positionals: seat),
            CommandSpec(
                "remove", "Take somebody out.", options: [output(["text", "json"])], positionals: seat),
            CommandSpec(
                "announce", "Play something to everybody.", options: [output(["text", "json"])],
                positionals: [conferenceName, PositionalSpec("URL", .one, "Where the sound or the TwiML lies.")]),
            CommandSpec(
                "end", "End a conference for everybody.", options: [output(["text", "json"])],
                positionals: [conferenceName]),
        ])

    private static let conferenceName = PositionalSpec("NAME", .one, "The name of the conference.")
    private static let seat = [conferenceName, PositionalSpec("LABEL", .one, "The label or id of the participant.")]
}
